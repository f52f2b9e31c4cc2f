"""Another model answers only after it has shown that it can."""

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import SecretStr

from settings.settings import Settings
from tests.api.conftest import serve
from tests.contract.models.behaviour import Behaviour, Fails, Says
from tests.contract.models.loopback import serving
from tests.contract.models.openai_server import OpenAiServer

_READY = Says('{"word": "ready"}')


@contextmanager
def _models(*behaviours: Behaviour) -> Iterator[str]:
    """Serves chat completions that behave so, one a request."""
    with serving(OpenAiServer()) as server:
        server.will(*behaviours)
        yield server.url


def _asking(settings: Settings, address: str) -> Settings:
    return settings.model_copy(
        update={"llm_base_url": address, "llm_api_key": SecretStr("k"), "llm_attempts": 1}
    )


async def test_a_model_that_answers_takes_over_and_the_trail_says_so(settings: Settings) -> None:
    with _models(_READY, _READY) as address:
        async with serve(_asking(settings, address)) as client:
            body = {"model": "openai:small"}
            tried = await client.post("/config/llm", json={**body, "only_try": True})
            before = (await client.get("/config/llm")).json()
            switched = (await client.post("/config/llm", json=body)).json()
            capabilities = (await client.get("/capabilities")).json()
            audit = (await client.get("/admin/audit")).json()["entries"]
    assert tried.json()["probe"]["is_ready"]
    assert before == {"model": "embedded"}
    assert switched["model"] == capabilities["llm"] == "openai:small"
    assert [(e["action"], e["before"], e["after"]) for e in audit] == [
        ("config.llm", "embedded", "openai:small")
    ]


async def test_a_model_that_does_not_answer_changes_nothing(settings: Settings) -> None:
    with _models(*[Fails(500)] * 9) as address:
        async with serve(_asking(settings, address)) as client:
            refused = await client.post("/config/llm", json={"model": "openai:small"})
            after = (await client.get("/config/llm")).json()
            audit = (await client.get("/admin/audit")).json()["entries"]
    assert refused.status_code == 409
    assert after == {"model": "embedded"}
    assert audit == []


async def test_one_question_may_be_asked_of_another_model(settings: Settings) -> None:
    body = {"question": "How many orders are there?", "llm": "openai:small"}
    json_only = {"Accept": "application/json"}
    with _models(*[Fails(500)] * 9) as address:
        async with serve(_asking(settings, address)) as client:
            asked = (await client.post("/query", json=body, headers=json_only)).json()
            run = (await client.get(f"/admin/runs/{asked['run_id']}")).json()
            model = (await client.get("/config/llm")).json()
            file = {**body, "llm": "scripted:/etc/passwd"}
            refused = await client.post("/query", json=file, headers=json_only)
    # The model fails here, and the planner stands in.
    assert asked["status"] == "answered"
    assert {call["model"] for call in run["model_calls"]} == {"openai:small"}
    assert model == {"model": "embedded"}
    assert refused.status_code == 422


async def test_no_request_names_a_file_of_the_server_s(settings: Settings) -> None:
    async with serve(settings) as client:
        for model in ("scripted:/etc/passwd", "replay:/etc/passwd", "nothing", ""):
            response = await client.post("/config/llm", json={"model": model})
            assert response.status_code == 422


async def test_the_choice_outlives_a_restart_until_the_setting_is_changed(
    settings: Settings,
) -> None:
    with _models(_READY, _READY) as address:
        asking = _asking(settings, address)
        async with serve(asking) as client:
            await client.post("/config/llm", json={"model": "openai:small"})
        async with serve(asking) as client:
            again = (await client.get("/config/llm")).json()
        async with serve(asking.model_copy(update={"llm": "openai:other"})) as client:
            anew = (await client.get("/config/llm")).json()
        async with serve(asking) as client:
            await client.post("/config/llm", json={"model": "embedded"})
        async with serve(asking) as client:
            back = (await client.get("/config/llm")).json()
    assert [found["model"] for found in (again, anew, back)] == [
        "openai:small",
        "openai:other",
        "embedded",
    ]
