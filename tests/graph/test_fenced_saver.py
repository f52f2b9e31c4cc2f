"""A checkpoint of a run that another worker took up is not written, however late it comes."""

from datetime import UTC, datetime

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver, empty_checkpoint

from domain.errors import RunTakenError
from domain.run_history import RunBegun, RunRequest
from domain.user import LOCAL_USER
from graph.checkpointer import open_checkpointer
from run_store.run_store import open_run_store
from run_store.workers import take_up
from tests.postgres import new_database
from tests.run_store.conftest import postgres
from tests.run_store.records import run_record

__all__ = ["postgres"]
_CONFIG: RunnableConfig = {"configurable": {"thread_id": "thread", "checkpoint_ns": ""}}
_BEGUN = RunBegun(
    run_id="one",
    thread_id="thread",
    user_id="ada",
    question="What is one?",
    started_at=datetime.now(UTC),
    request=RunRequest(user=LOCAL_USER),
)


async def _write(saver: BaseCheckpointSaver[str], said: str, run_id: str = "one") -> None:
    checkpoint = empty_checkpoint()
    checkpoint["channel_values"] = {"run_id": run_id, "text": said}
    checkpoint["channel_versions"] = {"run_id": "1", "text": "1"}
    await saver.aput(_CONFIG, checkpoint, {"source": "loop", "step": 1, "parents": {}}, {})


async def _text(saver: BaseCheckpointSaver[str]) -> str:
    found = await saver.aget_tuple(_CONFIG)
    assert found is not None
    return str(found.checkpoint["channel_values"]["text"])


async def test_who_lost_the_run_writes_no_checkpoint_of_it(postgres: str) -> None:
    url = new_database(postgres)
    async with (
        open_run_store(url) as store,
        open_checkpointer(url, lambda: "frozen") as frozen,
        open_checkpointer(url, lambda: "successor") as successor,
    ):
        store.serve_as("frozen")
        await store.begin(_BEGUN)
        await _write(frozen, "as it began")
        await store.work(take_up, "successor", ())
        with pytest.raises(RunTakenError):
            await _write(frozen, "late")
        await _write(successor, "goes on")
        store.serve_as("successor")
        await store.save(run_record("one"))
        with pytest.raises(RunTakenError):
            await _write(frozen, "later still")
        assert await _text(frozen) == "goes on"


async def test_a_run_that_could_not_be_noted_keeps_its_checkpoints(postgres: str) -> None:
    url = new_database(postgres)
    async with open_run_store(url), open_checkpointer(url, lambda: "worker") as saver:
        await _write(saver, "of a run that the database does not know", run_id="unknown")
        assert await _text(saver) == "of a run that the database does not know"


async def test_a_choice_goes_on_with_a_run_that_is_not_noted_again_yet(postgres: str) -> None:
    url = new_database(postgres)
    async with open_run_store(url) as store, open_checkpointer(url, lambda: "worker") as saver:
        store.serve_as("worker")
        await store.begin(_BEGUN)
        await store.save(run_record("one", status="clarify"))
        await _write(saver, "after the choice")
        assert await _text(saver) == "after the choice"
