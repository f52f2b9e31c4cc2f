"""What is kept breaks, is held or is tampered with: a clear end, and the service goes on."""

import asyncio
import shutil
import sqlite3
from pathlib import Path

import pytest

from domain.errors import OperatorError
from settings.settings import Settings
from tests.api.conftest import serve
from tests.api.server import listen, stream
from tests.api.stream import answer, ask_events, types
from tests.api.test_faults import _closed
from tests.api.test_runs import _ENDLESS, _first_run

_QUESTION = "How many orders are there?"


def _file(settings: Settings) -> Path:
    return Path(settings.state.removeprefix("sqlite:///"))


@pytest.fixture
def own_context(settings: Settings, tmp_path: Path) -> Settings:
    """The service on a copy of the context, which may be broken."""
    copy = tmp_path / "context"
    shutil.copytree(settings.context, copy)
    return settings.model_copy(update={"context": copy})


def _break_every_file(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(b"\x00 {{ not: [a context")


async def test_a_state_file_that_another_program_locks(settings: Settings) -> None:
    async with serve(settings) as client:
        await ask_events(client, _QUESTION)
        with sqlite3.connect(_file(settings), isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            asked = asyncio.create_task(ask_events(client, _QUESTION))
            await asyncio.sleep(1.0)
            other.execute("COMMIT")
        events = await asked
        _closed(events)
        assert answer(events)["status"] == "answered"
        runs = (await client.get("/admin/runs")).json()["runs"]
    assert [run["status"] for run in runs] == ["answered", "answered"]


async def test_a_checkpoint_that_somebody_tampered_with(settings: Settings) -> None:
    async with serve(settings) as client:
        first = await ask_events(client, "How many orders are there per category?")
    with sqlite3.connect(_file(settings)) as other:
        # What msgpack would make an object of a foreign type from: os.system("...").
        evil = b"\xc7\x20\x00\x93\xa2os\xa6system\xbd" + b"exit 1                        "
        changed = other.execute("UPDATE checkpoints SET checkpoint = ?", (evil,)).rowcount
    assert changed
    async with serve(settings) as client:
        broken = await ask_events(client, "and by product name?", thread_id=first[0]["threadId"])
        _closed(broken)
        assert (broken[-1]["type"], broken[-1]["code"]) == ("RUN_ERROR", "internal")
        assert "os" not in broken[-1]["message"].split()
        assert answer(await ask_events(client, _QUESTION))["status"] == "answered"
        entry = (await client.get(f"/runs/{broken[0]['runId']}")).json()
        ready = (await client.get("/readyz")).json()
    assert (entry["status"], entry["error_code"]) == ("failed", "internal")
    assert ready["runs"] == 0


async def test_a_context_that_breaks_while_it_serves(own_context: Settings) -> None:
    async with serve(own_context) as client:
        before = answer(await ask_events(client, _QUESTION))
        _break_every_file(Path(own_context.context))
        after = answer(await ask_events(client, _QUESTION))
        assert (await client.get("/readyz")).status_code == 200
    assert after["status"] == before["status"] == "answered"
    assert after["receipt"]["context_version"] == before["receipt"]["context_version"]


async def test_a_context_that_is_broken_at_the_start(own_context: Settings) -> None:
    _break_every_file(Path(own_context.context))
    with pytest.raises(OperatorError) as raised:
        async with serve(own_context):
            pass
    assert str(own_context.context) in str(raised.value)


async def test_prompts_that_are_broken(settings: Settings, tmp_path: Path) -> None:
    prompts = tmp_path / "prompts"
    shutil.copytree("prompts", prompts)
    for file in prompts.rglob("*.md"):
        file.write_bytes(b"---\n: [\n---\n{{ nothing }")
    script = tmp_path / "script.yaml"
    script.write_text("[]")
    changes = {"llm": f"scripted:{script}", "prompts": prompts, "llm_cross_check": "off"}
    async with serve(settings.model_copy(update=changes)) as client:
        for _ in range(2):
            events = await ask_events(client, _QUESTION)
            _closed(events)
            assert (events[-1]["type"], events[-1]["code"]) == ("RUN_ERROR", "internal")
        assert (await client.get("/readyz")).json()["runs"] == 0


async def test_a_conversation_that_is_forgotten_while_it_works_stays_forgotten(
    settings: Settings,
) -> None:
    async with listen(settings) as client:
        path = f"/runs/{await _first_run(client)}/rerun"
        async with stream(client, "POST", path, json={"sql": _ENDLESS}) as events:
            seen = [await anext(events)]
            while seen[-1].get("stepName") != "execute_sql":
                seen.append(await anext(events))
            gone = await client.delete(f"/threads/{seen[0]['threadId']}")
            assert gone.status_code == 204
            seen += [event async for event in events]
        assert types(seen)[-1] == "RUN_FINISHED"
        assert (await client.get("/threads")).json()["threads"] == []
