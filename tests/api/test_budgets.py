"""A user who has taken enough is told so, and when to come back."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from domain.user import Role
from run_store.run_store import open_run_store
from settings.budget import Budget, most_generous
from settings.settings import Settings
from tests.api.conftest import serve
from tests.api.server import listen, stream
from tests.api.stream import parse_events, types
from tests.api.test_identity import _key
from tests.api.test_runs import _ENDLESS
from tests.run_store.records import model_call, run_record

_ASKED = {"question": "How many orders are there?"}


def _bounded(settings: Settings, **bounds: int) -> Settings:
    budgets = dict.fromkeys(Role, Budget(**bounds))
    return settings.model_copy(update={"budgets": budgets})


async def _ask(client: httpx.AsyncClient) -> httpx.Response:
    return await client.post("/query", json=_ASKED, headers={"Accept": "application/json"})


async def test_questions_a_minute(settings: Settings) -> None:
    async with serve(_bounded(settings, runs_per_minute=2)) as client:
        answers = [await _ask(client) for _ in range(3)]
    assert [found.status_code for found in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 60
    problem = answers[2].json()
    assert (problem["code"], problem["reason"]) == ("too_many_requests", "rate")
    assert problem["parameters"]["count"] == 2


async def test_questions_at_a_time(settings: Settings) -> None:
    async with listen(_bounded(settings, concurrent_runs=1)) as client:
        run_id = (await _ask(client)).json()["run_id"]
        path = f"/runs/{run_id}/rerun"
        async with stream(client, "POST", path, json={"sql": _ENDLESS}) as events:
            endless = (await anext(events))["runId"]
            assert (await _ask(client)).status_code == 429
            await client.post(f"/runs/{endless}/cancel")
            async for _ in events:
                pass
        assert (await _ask(client)).status_code == 200


@pytest.mark.parametrize(
    ("bounds", "status"),
    [
        ({"daily_tokens": 12}, 429),
        ({"daily_tokens": 13}, 200),
        ({"daily_bytes": 100}, 429),
        ({"daily_bytes": 101}, 200),
    ],
)
async def test_tokens_and_bytes_a_day(
    settings: Settings, bounds: dict[str, int], status: int
) -> None:
    keyed = _bounded(settings, **bounds).model_copy(update={"identity": "keys"})
    key = await _key(keyed, "ada")
    async with open_run_store(keyed.state) as store:
        record = run_record("one", model_calls=(model_call("m", 10, 2),))
        store.save(record.model_copy(update={"started_at": datetime.now(UTC)}))
    async with serve(keyed) as client:
        client.headers.update(key)
        response = await _ask(client)
        usage = (await client.get("/me/usage")).json()
    assert response.status_code == status
    assert usage["tokens"] == 12
    if status == 429:
        assert int(response.headers["retry-after"]) > 0


async def test_who_waits_is_told_their_place(settings: Settings) -> None:
    async with serve(settings.model_copy(update={"concurrent_runs": 1})) as client:
        responses = await asyncio.gather(*(client.post("/query", json=_ASKED) for _ in range(3)))
    streams = [parse_events(response.text) for response in responses]
    queued = [
        event["content"]["position"]
        for events in streams
        for event in events
        if event.get("activityType") == "vtion.queue"
    ]
    assert sorted(queued) == [1, 1, 2]
    assert {types(events)[-1] for events in streams} == {"RUN_FINISHED"}


def test_a_second_role_takes_nothing_away() -> None:
    narrow, wide = Budget(runs_per_minute=1), Budget(runs_per_minute=9, daily_bytes=5)
    assert most_generous([narrow, wide]) == Budget(runs_per_minute=9)
