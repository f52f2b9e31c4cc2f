"""What is kept of statements: known to the worker that takes a run up, and to nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select, update

from domain.errors import RunTakenError
from domain.run_history import RunBegun, RunRequest
from domain.user import LOCAL_USER
from graph.run_statements import RunStatements
from run_store.run_store import RunStore, open_run_store
from run_store.tables import STATEMENTS
from run_store.workers import take_up
from tests.postgres import new_database
from tests.run_store.conftest import postgres
from tests.run_store.records import run_record

__all__ = ["postgres"]


def _begun(run_id: str) -> RunBegun:
    return RunBegun(
        run_id=run_id,
        thread_id="thread",
        user_id="ada",
        question="What is one?",
        started_at=datetime.now(UTC),
        request=RunRequest(user=LOCAL_USER),
    )


def _journal(store: RunStore, run_id: str = "one") -> RunStatements:
    return RunStatements(store, run_id, lambda: False)


def _age(connection: Connection) -> None:
    two_days = datetime.now(UTC) - timedelta(days=2)
    connection.execute(update(STATEMENTS).values(noted_at=two_days))


async def test_a_statement_is_noted_once_and_moves(store: RunStore) -> None:
    store.serve_as("worker")
    store.begin(_begun("one"))
    journal = _journal(store)
    assert await journal.noted("s") is None
    assert await journal.note("s") is None
    assert await journal.note("s", "http://there/1") == ""
    assert await journal.noted("s") == "http://there/1"
    await journal.forget("s")
    assert await journal.noted("s") is None


async def test_what_is_a_day_old_goes_with_the_next_and_with_its_conversation(
    store: RunStore,
) -> None:
    store.begin(_begun("one"))
    await _journal(store).note("old")
    await store.work(_age)
    await _journal(store).note("new")
    assert await _journal(store).noted("old") is None
    await store.delete_thread("thread")
    assert (
        await store.work(lambda c: c.execute(select(func.count(STATEMENTS.c.run_id))).scalar()) == 0
    )


async def test_a_run_that_ended_submits_nothing(store: RunStore) -> None:
    store.serve_as("worker")
    store.begin(_begun("one"))
    await store.save(run_record("one"))
    with pytest.raises(RunTakenError):
        await _journal(store).note("s")


async def test_who_lost_a_run_notes_and_forgets_nothing_of_it(postgres: str) -> None:
    url = new_database(postgres)
    async with open_run_store(url) as frozen, open_run_store(url) as successor:
        frozen.serve_as("frozen")
        successor.serve_as("successor")
        frozen.begin(_begun("one"))
        await _journal(frozen).require_run()
        await _journal(frozen).note("s", "http://there/1")
        await successor.work(take_up, "successor", ())
        late = _journal(frozen)
        for call in (late.require_run(), late.note("s", "late"), late.forget("s")):
            with pytest.raises(RunTakenError):
                await call
        assert await _journal(successor).note("s", "http://there/2") == "http://there/1"
