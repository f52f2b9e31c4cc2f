"""A worker that stood still longer than its lease writes over nothing that its successor has."""

from domain.run_history import RunBegun, RunRequest
from domain.user import LOCAL_USER
from run_store.run_events import NUMBERS_A_WORKER, read_frames
from run_store.run_store import RunStore, open_run_store
from run_store.workers import runs_lost, take_up
from tests.postgres import new_database
from tests.run_store.conftest import postgres
from tests.run_store.records import START, run_record

__all__ = ["postgres"]
_BEGUN = RunBegun(
    run_id="one",
    thread_id="thread",
    user_id="ada",
    question="What is one?",
    started_at=START,
    request=RunRequest(user=LOCAL_USER),
)
_STALE = run_record("one", status="failed", error_code="internal")


async def _numbers(store: RunStore) -> list[int]:
    return [frame.number for frame in await store.work(read_frames, "one", 0)]


async def test_a_run_that_was_taken_up_is_its_new_workers_alone(postgres: str) -> None:
    url = new_database(postgres)
    async with open_run_store(url) as frozen, open_run_store(url) as successor:
        frozen.serve_as("frozen")
        successor.serve_as("successor")
        frozen.begin(_BEGUN)
        frozen.publish("one", 1, b"as it began")
        assert await _numbers(frozen) == [1]
        assert await frozen.work(runs_lost, "frozen", ["one", "not noted yet"]) == []
        (taken,) = await successor.work(take_up, "successor", ())
        assert await frozen.work(runs_lost, "frozen", ["one"]) == ["one"]

        frozen.publish("one", 2, b"late")
        await frozen.save(_STALE)
        assert await _numbers(successor) == [1]
        assert await successor.record("one") is None

        first = taken.resumptions * NUMBERS_A_WORKER + 1
        successor.publish("one", first, b"goes on")
        await successor.save(run_record("one"))
        frozen.publish("one", 3, b"later still")
        await frozen.save(_STALE)
        assert await _numbers(successor) == [1, first]
        assert await successor.record("one") == run_record("one")
        assert await frozen.work(runs_lost, "frozen", ["one"]) == ["one"]
        (usage,) = await successor.usage(START.date(), START.date(), "ada")
    assert usage.runs == 1


async def test_a_worker_writes_what_it_has_itself(postgres: str) -> None:
    async with open_run_store(new_database(postgres)) as store:
        store.serve_as("only")
        store.publish("one", 1, b"before the run was noted")
        store.begin(_BEGUN)
        store.publish("one", 2, b"end")
        await store.save(run_record("one"))
        # A cancelled run's last event comes after its record.
        store.publish("one", 3, b"cancelled")
        assert await _numbers(store) == [1, 2, 3]
        assert await store.record("one") == run_record("one")
