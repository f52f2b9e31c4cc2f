"""A real process: SIGTERM lets runs end, and a killed one leaves nothing half done."""

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from cli.serve import listen, run_server
from domain.errors import OperatorError
from settings.settings import Settings
from tests.api.server import stream
from tests.api.stream import types
from tests.api.test_runs import _ENDLESS

_ASKED = {"question": "How many orders are there?"}


@asynccontextmanager
async def _process(
    settings: Settings, **changes: str
) -> AsyncIterator[tuple[httpx.AsyncClient, asyncio.subprocess.Process]]:
    environment = {
        **os.environ,
        "VTION_WAREHOUSE": settings.warehouse,
        "VTION_CONTEXT": str(settings.context),
        "VTION_STATE": settings.state,
        "VTION_LOG_LEVEL": "WARNING",
        **changes,
    }
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SERVE, env=environment, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert server.stdout is not None
        port = int(await asyncio.wait_for(server.stdout.readline(), 240))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
            await _until_ready(client)
            yield client, server
    finally:
        if server.returncode is None:
            server.kill()
        await server.wait()


_SERVE = """
from cli.serve import listen, run_server
from settings.settings import Settings
listener = listen("127.0.0.1", 0)
print(listener.getsockname()[1], flush=True)
run_server(Settings(), listener)
"""


async def _until_ready(client: httpx.AsyncClient) -> None:
    listening = False
    for _ in range(600):
        try:
            listening = (await client.get("/readyz")).status_code == 200
        except httpx.TransportError:
            listening = False
        if listening:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the server does not become ready")


async def _rerun(client: httpx.AsyncClient) -> str:
    async with stream(client, "POST", "/query", json=_ASKED) as events:
        found = [event async for event in events]
    return f"/runs/{found[0]['runId']}/rerun"


async def test_sigterm_ends_with_zero_and_hands_over_what_goes_on(settings: Settings) -> None:
    async with _process(settings, VTION_DRAIN_SECONDS="1") as (client, server):
        path = await _rerun(client)
        async with stream(client, "POST", path, json={"sql": _ENDLESS}) as events:
            seen = [await anext(events)]
            while seen[-1].get("stepName") != "execute_sql":
                seen.append(await anext(events))
            server.send_signal(signal.SIGTERM)
            seen += [event async for event in events]
        assert (types(seen)[-1], seen[-1]["code"]) == ("RUN_ERROR", "restarting")
        assert await asyncio.wait_for(server.wait(), 60) == 0
    async with _process(settings, VTION_WAREHOUSE_TIMEOUT_SECONDS="1") as (client, _):
        headers = {"Last-Event-ID": str(seen[-2]["id"])}
        async with stream(
            client, "GET", f"/runs/{seen[0]['runId']}/events", headers=headers
        ) as rest:
            told = [event async for event in rest]
        assert told[-1]["result"]["status"] == "refused"


async def test_after_a_kill_the_run_is_taken_up_and_the_thread_goes_on(
    settings: Settings, tmp_path: Path
) -> None:
    async with _process(settings) as (client, server):
        path = await _rerun(client)
        async with stream(client, "POST", path, json={"sql": _ENDLESS}) as events:
            started = await anext(events)
            while (await anext(events)).get("stepName") != "execute_sql":
                pass
            server.kill()
            await server.wait()
    async with _process(settings, VTION_WAREHOUSE_TIMEOUT_SECONDS="1") as (client, _):
        run_id, thread_id = started["runId"], started["threadId"]
        async with stream(client, "GET", f"/runs/{run_id}/events") as events:
            told = [event async for event in events]
        assert told[0]["type"] == "RUN_STARTED"
        assert told[0]["id"] > started["id"]
        # What never ends on DuckDB is stopped when its time is over, and that is the run's end.
        assert (types(told)[-1], told[-1]["result"]["status"]) == ("RUN_FINISHED", "refused")
        assert (await client.get(f"/runs/{run_id}")).json()["status"] == "refused"
        asked = {**_ASKED, "thread_id": thread_id}
        async with stream(client, "POST", "/query", json=asked) as events:
            later = [event async for event in events]
        assert later[-1]["result"]["status"] == "answered"
        turns = (await client.get(f"/threads/{thread_id}")).json()["turns"]
    assert [turn["status"] for turn in turns] == ["answered", "refused", "answered"]
    with sqlite3.connect(settings.state.removeprefix("sqlite:///")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_what_cannot_be_opened_is_said_in_a_sentence(settings: Settings, tmp_path: Path) -> None:
    broken = settings.model_copy(update={"state": f"sqlite:///{tmp_path}"})
    listener = listen("127.0.0.1", 0)
    with pytest.raises(OperatorError, match="VTION_STATE cannot be opened"):
        run_server(broken, listener)
    assert listener.fileno() == -1
