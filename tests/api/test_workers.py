"""Two workers over one Postgres: any of them tells, follows and cancels a run of the other."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from api.runs.caretaker import Caretaker
from domain.run_history import LapsedRun, RunBegun, RunRequest
from domain.user import LOCAL_USER, Role
from run_store.run_store import open_run_store
from run_store.tables import WORKERS
from run_store.upsert import upsert
from run_store.workers import is_followed
from settings.budget import Budget
from settings.settings import Settings
from tests.api.server import listen, stream
from tests.api.stream import Event, types
from tests.api.test_query import _COUNT
from tests.postgres import new_database
from tests.run_store.conftest import postgres

__all__ = ["postgres"]

_ASKED = {"question": "How many orders are there?"}
_WRITE = {"when": "You write the answer", "reply": "There are 1,200 orders.", "repeat": True}


@dataclass(frozen=True)
class Workers:
    """Clients of two workers."""

    one: httpx.AsyncClient
    two: httpx.AsyncClient
    state: str


def _shared(settings: Settings, state: str, model: str) -> Settings:
    changes = {
        "state": state,
        "llm": model,
        "llm_cross_check": "off",
        "abandoned_run_seconds": 0.3,
    }
    return settings.model_copy(update=changes)


Script = Callable[[list[dict[str, object]]], str]


@pytest.fixture
async def workers(settings: Settings, postgres: str, script: Script) -> AsyncIterator[Workers]:
    """Two workers whose model takes a second."""
    slow = {"when": "You write SQL", "reply": _COUNT, "repeat": True, "seconds": 1}
    shared = _shared(settings, new_database(postgres), script([slow, _WRITE]))
    async with listen(shared) as one, listen(shared) as two:
        yield Workers(one, two, shared.state)


@pytest.fixture
async def stuck_workers(
    settings: Settings, postgres: str, script: Script
) -> AsyncIterator[Workers]:
    """Two workers whose model does not answer while a test lasts."""
    stuck = {"when": "You write SQL", "reply": _COUNT, "repeat": True, "seconds": 300}
    shared = _shared(settings, new_database(postgres), script([stuck]))
    async with listen(shared) as one, listen(shared) as two:
        yield Workers(one, two, shared.state)


async def _follow(client: httpx.AsyncClient, run_id: str, after: int = 0) -> list[Event]:
    headers = {"Last-Event-ID": str(after)}
    async with stream(client, "GET", f"/runs/{run_id}/events", headers=headers) as events:
        return [event async for event in events]


async def _known(client: httpx.AsyncClient, run_id: str) -> None:
    while (await client.get(f"/runs/{run_id}")).status_code != 200:  # noqa: ASYNC110
        await asyncio.sleep(0.02)


async def _noted(state: str, run_id: str, followed: asyncio.Task[list[Event]]) -> None:
    """Waits until the run's own worker can tell that it is followed elsewhere."""
    async with open_run_store(state) as store:
        while not (  # noqa: ASYNC110
            followed.done() or await store.work(is_followed, run_id, timedelta(minutes=1))
        ):
            await asyncio.sleep(0.02)


async def test_a_run_is_told_and_followed_at_the_other_worker(workers: Workers) -> None:
    async with stream(workers.one, "POST", "/query", json=_ASKED) as events:
        own = [await anext(events)]
        await _known(workers.two, own[0]["runId"])
        followed = asyncio.create_task(_follow(workers.two, own[0]["runId"]))
        own += [event async for event in events]
    assert await followed == own
    assert own[-1]["result"]["status"] == "answered"
    assert await _follow(workers.two, own[0]["runId"], own[4]["id"]) == own[5:]


async def test_a_cancel_reaches_the_worker_that_has_the_run(stuck_workers: Workers) -> None:
    workers = stuck_workers
    async with stream(workers.one, "POST", "/query", json=_ASKED) as events:
        own = [await anext(events)]
        run_id = own[0]["runId"]
        await _known(workers.two, run_id)
        assert (await workers.two.post(f"/runs/{run_id}/cancel")).status_code == 202
        own += [event async for event in events]
    assert own[-1]["outcome"] == {"type": "cancelled"}
    while (entry := (await workers.two.get(f"/runs/{run_id}")).json())["status"] == "running":  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    assert entry["status"] == "cancelled"


async def test_a_reader_who_moves_to_the_other_worker_keeps_the_run(workers: Workers) -> None:
    async with stream(workers.one, "POST", "/query", json=_ASKED) as events:
        started = await anext(events)
        await _known(workers.two, started["runId"])
        followed = asyncio.create_task(_follow(workers.two, started["runId"], started["id"]))
        await _noted(workers.state, started["runId"], followed)
    told = await followed
    assert (types(told)[-1], told[-1]["result"]["status"]) == ("RUN_FINISHED", "answered")


async def test_a_conversation_is_busy_at_every_worker(stuck_workers: Workers) -> None:
    workers = stuck_workers
    body = {**_ASKED, "thread_id": "one"}
    async with stream(workers.one, "POST", "/query", json=body) as events:
        started = await anext(events)
        await _known(workers.two, started["runId"])
        assert (await workers.two.post("/query", json=body)).status_code == 409
        assert (await workers.two.delete("/threads/one")).status_code == 204
        rest = [event async for event in events]
    assert rest[-1]["outcome"] == {"type": "cancelled"}


async def test_one_key_is_one_run_at_every_worker(workers: Workers) -> None:
    headers = {"Idempotency-Key": "k1", "Accept": "application/json"}
    async with stream(
        workers.one, "POST", "/query", json=_ASKED, headers={"Idempotency-Key": "k1"}
    ) as events:
        started = await anext(events)
        await _known(workers.two, started["runId"])
        again = await workers.two.post("/query", json=_ASKED, headers=headers)
    assert again.json()["run_id"] == started["runId"]
    assert again.json()["status"] == "answered"


async def test_concurrent_runs_are_counted_at_every_worker(
    settings: Settings, postgres: str, script: Script
) -> None:
    slow = {"when": "You write SQL", "reply": _COUNT, "repeat": True, "seconds": 300}
    budgets = {"budgets": dict.fromkeys(Role, Budget(concurrent_runs=1))}
    shared = _shared(settings.model_copy(update=budgets), new_database(postgres), script([slow]))
    async with (
        listen(shared) as one,
        listen(shared) as two,
        stream(one, "POST", "/query", json=_ASKED) as events,
    ):
        started = await anext(events)
        assert (await two.post("/query", json=_ASKED)).status_code == 429
        assert (await two.get("/me/usage")).json()["running"] == 1
        await one.post(f"/runs/{started['runId']}/cancel")
        assert [event async for event in events][-1]["outcome"] == {"type": "cancelled"}


async def test_the_rate_is_counted_at_every_worker(settings: Settings, postgres: str) -> None:
    budgets = {"budgets": dict.fromkeys(Role, Budget(runs_per_minute=3))}
    shared = settings.model_copy(update={"state": new_database(postgres), **budgets})
    async with listen(shared) as one, listen(shared) as two:
        asking = [client.post("/query", json=_ASKED) for client in (one, two) * 4]
        found = await asyncio.gather(*asking)
    assert Counter(response.status_code for response in found) == {200: 3, 429: 5}
    refused = [response for response in found if response.status_code == 429]
    assert all(1 <= int(response.headers["retry-after"]) <= 60 for response in refused)


async def test_of_questions_at_the_same_moment_no_more_are_let_in_than_may_go_on(
    settings: Settings, postgres: str, script: Script
) -> None:
    slow = {"when": "You write SQL", "reply": _COUNT, "repeat": True, "seconds": 300}
    budgets = {"budgets": dict.fromkeys(Role, Budget(concurrent_runs=1))}
    shared = _shared(settings.model_copy(update=budgets), new_database(postgres), script([slow]))

    async def begun(client: httpx.AsyncClient) -> int:
        async with client.stream("POST", "/query", json=_ASKED) as response:
            return response.status_code

    async with listen(shared) as one, listen(shared) as two:
        statuses = await asyncio.gather(*(begun(client) for client in (one, two) * 3))
        (only,) = (await one.get("/admin/runs")).json()["runs"]
        await one.post(f"/runs/{only['run_id']}/cancel")
    assert Counter(statuses) == {200: 1, 429: 5}


class _Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_whether_a_worker_lives_is_told_by_its_signs_and_by_no_clock(
    postgres: str,
) -> None:
    taken: list[str] = []

    class Runs:
        is_draining = False
        live_ids: tuple[str, ...] = ()

        async def take_up(self, lapsed: LapsedRun) -> None:
            taken.append(lapsed.run_id)

    clock, began = _Clock(), datetime(2001, 1, 1, tzinfo=UTC)
    async with open_run_store(new_database(postgres)) as store:
        store.serve_as("other")
        request = RunRequest(user=LOCAL_USER)
        await store.begin(
            RunBegun(run_id="r", thread_id="t", user_id="", question="?", started_at=began,
                     request=request)
        )  # fmt: skip
        caretaker = Caretaker(Runs(), store, lease_seconds=3, clock=clock)  # type: ignore[arg-type]
        # The other's clock is years behind, then steps ahead: it lives as long as it shows it.
        for year in (1999, 2031, 2026, 2030):
            sign = {"worker": "other", "seen_at": datetime(year, 1, 1, tzinfo=UTC)}
            await store.work(upsert, WORKERS, [sign], {"seen_at"})
            await caretaker.give_sign()
            clock.now += 2.0
        assert not taken
        for _ in range(2):
            clock.now += 0.9
            await caretaker.give_sign()
    assert taken == ["r"]
