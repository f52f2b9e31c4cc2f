"""Who asks, what they may do, and that nobody sees what is another's."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import jwt
import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi.routing import APIRoute, iter_route_contexts

from api.application import create_app
from api.identity.route_roles import ROUTE_ROLES
from cli.serve import serve as serve_command
from domain.errors import OperatorError
from domain.user import Role, User
from run_store import api_keys
from run_store.run_store import open_run_store
from settings.settings import Settings
from tests.api.conftest import serve
from tests.api.issuer import Issuer, issuer
from tests.api.stream import answer, ask_events

_QUESTION = "How many orders are there?"


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def _key(settings: Settings, name: str, *roles: Role, **attributes: str) -> dict[str, str]:
    user = User(name, frozenset(roles or (Role.ANALYST,)), attributes)
    async with open_run_store(settings.state) as store:
        return _bearer(await store.work(api_keys.create_key, user, "", None))


@pytest.fixture
def keyed(settings: Settings) -> Settings:
    return settings.model_copy(update={"identity": "keys"})


@pytest.fixture
def idp() -> Iterator[Issuer]:
    with issuer() as found:
        yield found


def test_every_route_stands_in_the_table_and_the_table_in_the_routes(settings: Settings) -> None:
    app = create_app(settings)
    served = {
        (method, context.path)
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, APIRoute)
        for method in context.methods or ()
    }
    assert served == set(ROUTE_ROLES)


async def test_without_credentials_only_public_routes_answer(keyed: Settings) -> None:
    async with serve(keyed) as client:
        for (method, path), roles in ROUTE_ROLES.items():
            response = await client.request(method, path.replace("{", "").replace("}", ""))
            if roles is None:
                assert response.status_code in (200, 503), path
            else:
                assert response.status_code == 401, path
                assert response.headers["www-authenticate"] == "Bearer"
                assert response.headers["content-type"] == "application/problem+json"


async def test_every_route_refuses_every_role_that_the_table_does_not_name(
    keyed: Settings,
) -> None:
    keys = {role: await _key(keyed, role, role) for role in Role}
    async with serve(keyed) as client:
        for (method, path), allowed in ROUTE_ROLES.items():
            for role, headers in keys.items():
                if allowed is None or role in allowed or role is Role.ADMIN:
                    continue
                response = await client.request(method, path, headers=headers)
                assert response.status_code == 403, (method, path, role)


async def test_a_user_sees_only_their_own(keyed: Settings) -> None:
    ada, bob = await _key(keyed, "ada"), await _key(keyed, "bob")
    async with serve(keyed) as client:
        client.headers.update(ada)
        asked = await ask_events(client, _QUESTION)
        run_id, thread_id = asked[0]["runId"], asked[0]["threadId"]
        client.headers.update(bob)
        attempts = [
            await client.get(f"/runs/{run_id}"),
            await client.get(f"/runs/{run_id}/events"),
            await client.post(f"/runs/{run_id}/cancel"),
            await client.post(f"/runs/{run_id}/rerun", json={"sql": "SELECT 1"}),
            await client.get(f"/threads/{thread_id}"),
            await client.delete(f"/threads/{thread_id}"),
            await client.post("/query", json={"question": _QUESTION, "thread_id": thread_id}),
            await client.post("/feedback", json={"run_id": run_id, "rating": "up"}),
        ]
        assert [attempt.status_code for attempt in attempts] == [404] * len(attempts)
        assert (await client.get("/threads")).json()["threads"] == []
        client.headers.update(ada)
        assert (await client.get(f"/runs/{run_id}")).json()["user_id"] == "ada"


async def test_only_those_who_are_allowed_run_sql_of_their_own(keyed: Settings) -> None:
    restricted = keyed.model_copy(update={"sql_edit_roles": frozenset({Role.EVALUATOR})})
    async with serve(restricted) as client:
        for name, role, is_allowed in (
            ("ada", Role.ANALYST, False),
            ("eve", Role.EVALUATOR, True),
            ("amy", Role.ADMIN, True),
        ):
            client.headers.update(await _key(keyed, name, role))
            run_id = (await ask_events(client, _QUESTION))[0]["runId"]
            body = {"sql": "SELECT COUNT(*) AS n FROM orders"}
            answered = await client.post(f"/runs/{run_id}/rerun", json=body)
            assert answered.status_code == (200 if is_allowed else 403)
            assert (await client.get("/me")).json()["may_edit_sql"] is is_allowed


async def test_a_page_may_talk_to_the_issuer_that_it_signs_in_at_and_to_no_other(
    keyed: Settings, idp: Issuer
) -> None:
    at_issuer = {"identity": idp.url, "oidc_audience": "vtion", "oidc_scope": "openid email"}
    async with serve(keyed.model_copy(update=at_issuer)) as client:
        answered = await client.get("/sign-in")
        assert answered.json() == {
            "method": "oidc",
            "issuer": idp.url,
            "client_id": "vtion",
            "scope": "openid email",
        }
        assert f"connect-src 'self' {idp.url};" in answered.headers["content-security-policy"]
    async with serve(keyed) as client:
        policy = (await client.get("/sign-in")).headers["content-security-policy"]
        assert "connect-src 'self';" in policy


async def test_row_policies_get_the_users_attributes(keyed: Settings, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    rule = {"table": "products", "column": "category", "attribute": "category"}
    policy.write_text(yaml.safe_dump({"row_policies": [rule]}))
    limited = keyed.model_copy(update={"policy": str(policy)})
    pantry, nothing = await _key(keyed, "ada", category="Pantry"), await _key(keyed, "bob")
    async with serve(limited) as client:
        client.headers.update(pantry)
        seen = answer(await ask_events(client, "How many products are there?"))
        client.headers.update(nothing)
        unseen = answer(await ask_events(client, "How many products are there?"))
    assert "2" in seen["text"]
    assert "2" not in unseen["text"]


async def test_a_rotated_key_gives_way_to_its_successor(keyed: Settings) -> None:
    headers = await _key(keyed, "ada")
    key_id = headers["Authorization"].split("_")[1]
    async with open_run_store(keyed.state) as store:
        new = await store.work(api_keys.rotate_key, key_id, timedelta(0))
        stored = await store.work(api_keys.list_keys)
    assert new not in str(stored)
    async with serve(keyed) as client:
        assert (await client.get("/me", headers=headers)).status_code == 401
        assert (await client.get("/me", headers=_bearer(new))).json()["user_id"] == "ada"
        assert (await client.get("/me", headers={"X-API-Key": new})).status_code == 200
        for broken in (new[:-1] + "0", f"vtion_{key_id}_", "vtion__", "vtion"):
            tried = await client.get("/me", headers=_bearer(broken))
            assert tried.status_code == (200 if broken == new else 401)


async def test_an_expired_key_is_refused(keyed: Settings) -> None:
    async with open_run_store(keyed.state) as store:
        past = datetime.now(UTC) - timedelta(seconds=1)
        token = await store.work(api_keys.create_key, User("ada"), "", past)
    async with serve(keyed) as client:
        assert (await client.get("/me", headers=_bearer(token))).status_code == 401


def _with_issuer(settings: Settings, idp: Issuer) -> Settings:
    return settings.model_copy(
        update={
            "identity": idp.url,
            "oidc_audience": "vtion",
            "oidc_attributes": {"region": "custom:region"},
        }
    )


async def test_a_token_of_the_issuer_signs_in_and_its_keys_are_asked_for_once(
    settings: Settings, idp: Issuer
) -> None:
    async with serve(_with_issuer(settings, idp)) as client:
        token = idp.token(None, **{"cognito:groups": ["evaluator", "unknown"]})
        for _ in range(5):
            me = (await client.get("/me", headers=_bearer(token))).json()
        cognito = idp.token(aud=None, client_id="vtion")
        assert (await client.get("/me", headers=_bearer(cognito))).status_code == 200
        method = (await client.get("/sign-in")).json()
    assert me == {"user_id": "ada", "roles": ["analyst", "evaluator"], "may_edit_sql": True}
    assert (method["method"], method["issuer"], method["client_id"]) == (
        "oidc",
        idp.url,
        "vtion",
    )
    assert idp.requests == 2


async def test_what_the_issuer_did_not_sign_for_us_and_now_is_refused(
    settings: Settings, idp: Issuer
) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = {"iss": idp.url, "sub": "ada", "aud": "vtion", "exp": time.time() + 300}
    tokens = {
        "expired": idp.token(exp=time.time() - 120),
        "early": idp.token(nbf=time.time() + 120),
        "other audience": idp.token(aud="another"),
        "no audience": idp.token(aud=None),
        "other issuer": idp.token(iss="https://elsewhere.example"),
        "no subject": idp.token(sub=None),
        "unknown key": idp.token(headers={"kid": "two"}),
        "another's key": jwt.encode(claims, stranger, "RS256", headers={"kid": "one"}),
        "unsigned": jwt.encode(claims, "", "none", headers={"kid": "one"}),
        "shared secret": jwt.encode(claims, "s" * 32, "HS256", headers={"kid": "one"}),
        "garbage": "a.b.c",
        "empty": "",
    }
    async with serve(_with_issuer(settings, idp)) as client:
        assert (await client.get("/me", headers=_bearer(idp.token()))).status_code == 200
        for name, token in tokens.items():
            response = await client.get("/me", headers=_bearer(token))
            assert response.status_code == 401, name
    # Unknown keys do not turn the service against its issuer.
    assert idp.requests == 2


async def test_a_minute_of_clock_skew_is_forgiven(settings: Settings, idp: Issuer) -> None:
    async with serve(_with_issuer(settings, idp)) as client:
        late = _bearer(idp.token(exp=time.time() - 30))
        assert (await client.get("/me", headers=late)).status_code == 200


async def test_an_issuer_that_is_away_is_no_fault_of_the_user(settings: Settings) -> None:
    with issuer() as gone:
        token = gone.token()
    async with serve(_with_issuer(settings, gone)) as client:
        response = await client.get("/me", headers=_bearer(token))
    assert response.status_code == 503
    assert response.headers["retry-after"]


def test_without_sign_in_it_listens_on_loopback_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for host in ("0.0.0.0", "192.168.1.4", "example.com"):  # noqa: S104 that is the point
        with pytest.raises(OperatorError, match="VTION_IDENTITY"):
            serve_command(host=host, port=0)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "10.0.0.1"])
async def test_without_sign_in_a_name_that_points_here_is_refused(
    settings: Settings, host: str
) -> None:
    async with serve(settings) as client:
        response = await client.get("/capabilities", headers={"Host": host})
    assert response.status_code == 403


async def test_a_foreign_page_cannot_ask(settings: Settings) -> None:
    allowed = settings.model_copy(update={"cors_origins": ("https://portal.example",)})

    async def status(client: httpx.AsyncClient, **headers: str) -> int:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return (await client.post("/query", json={"question": ""}, headers=sent)).status_code

    async with serve(settings) as client:
        assert await status(client) == 422
        assert await status(client, origin="http://127.0.0.1") == 422
        assert await status(client, origin="https://portal.example") == 403
        assert await status(client, origin="null") == 403
        assert await status(client, sec_fetch_site="cross-site") == 403
        preflight = await client.options("/query", headers={"Origin": "https://portal.example"})
        assert "access-control-allow-origin" not in preflight.headers
    async with serve(allowed) as client:
        assert await status(client, origin="https://portal.example") == 422
        assert await status(client, origin="https://evil.example") == 403


async def test_headers_and_bodies_are_bounded(settings: Settings) -> None:
    async with serve(settings) as client:
        long = await client.get("/healthz", headers={"X-Filler": "x" * 20_000})
        query = await client.get("/capabilities", params={"filler": "x" * 20_000})
        body = await client.post("/query", content=b"x" * 70_000)
    assert [r.status_code for r in (long, query, body)] == [431, 431, 413]


async def test_only_a_prompt_engineer_asks_with_other_prompts_or_models(keyed: Settings) -> None:
    analyst = await _key(keyed, "ada")
    engineer = await _key(keyed, "grace", Role.PROMPT_ENGINEER)
    body = {"question": "How many orders?", "prompt_versions": {"draft_sql": "v1"}}
    async with serve(keyed) as client:
        refused = await client.post("/query", json=body, headers=analyst)
        assert refused.status_code == 403
        assert refused.json()["code"] == "forbidden"
        other_model = {"question": "How many orders?", "llm": "embedded"}
        refused = await client.post("/query", json=other_model, headers=analyst)
        assert refused.status_code == 403
        accept = {**engineer, "Accept": "application/json"}
        answered = await client.post("/query", json=body, headers=accept)
        assert answered.json()["status"] == "answered"
