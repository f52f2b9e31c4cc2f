"""Whatever breaks, a run ends with one end, its place is free again, and nothing is lost."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from settings.settings import Settings
from tests.api.conftest import serve
from tests.api.server import listen, stream
from tests.api.stream import ask_events, types
from tests.api.test_fault_table import _DRAFT
from tests.api.test_query import _COUNT
from tests.contract.models.behaviour import Hangs, Says
from tests.contract.models.loopback import Provider, serving
from tests.contract.models.openai_server import OpenAiServer
from tests.postgres import new_database, restartable_postgres

Lines = list[dict[str, Any]]
_QUESTION = "How many orders are there?"
_WRITE = {"when": "You write the answer", "reply": "There are **1,200** orders.", "repeat": True}
_SOUND: Lines = [{"when": "You write SQL", "reply": _COUNT, "repeat": True}, _WRITE]

FAULTS: dict[str, tuple[Lines, str]] = {
    "no draft": ([{"when": "You write SQL", "reply": "\x00 {{{", "repeat": True}], ""),
    "an empty reply": ([{"when": "You write SQL", "reply": "", "repeat": True}], ""),
    "SQL that never passes": (
        [{"when": "You write SQL", "reply": '{"sql": "SELECT nothing"}', "repeat": True}],
        "refused",
    ),
    "two statements": (
        [{"when": "You write SQL", "reply": '{"sql": "SELECT 1; DROP TABLE orders"}',
          "repeat": True}],
        "refused",
    ),
    "an empty answer": (
        [_SOUND[0], {"when": "You write the answer", "reply": "", "repeat": True}],
        "answered",
    ),
    "a division by zero in the engine": (
        [{"when": "You write SQL",
          "reply": '{"sql": "SELECT CAST(order_id AS VARCHAR) || \'x\' AS n, COUNT(*) AS c FROM'
          ' orders GROUP BY 1 HAVING CAST(MAX(\'x\') AS INTEGER) > 0"}', "repeat": True}],
        "refused",
    ),
}  # fmt: skip


def _closed(events: list[dict[str, Any]]) -> None:
    """Checks the form that every stream has, whatever happened in it."""
    names = types(events)
    ends = [name for name in names if name in ("RUN_FINISHED", "RUN_ERROR")]
    assert names[0] == "RUN_STARTED"
    assert ends == [names[-1]]
    assert names.count("STEP_STARTED") == names.count("STEP_FINISHED")


@pytest.mark.parametrize(("lines", "status"), FAULTS.values(), ids=FAULTS.keys())
async def test_a_model_s_fault_ends_the_run_and_frees_its_place(
    settings: Settings,
    script: Callable[[list[dict[str, object]]], str],
    lines: Lines,
    status: str,
) -> None:
    alone = {"llm": script(lines), "llm_cross_check": "off", "concurrent_runs": 1}
    bounded = settings.model_copy(update=alone)
    async with serve(bounded) as client:
        for _ in range(2):
            events = await ask_events(client, _QUESTION)
            _closed(events)
            if status:
                assert events[-1]["result"]["status"] == status
        ready = (await client.get("/readyz")).json()
        runs = (await client.get("/admin/runs")).json()["runs"]
    assert (ready["status"], ready["runs"]) == ("ready", 0)
    assert len(runs) == 2
    assert "running" not in {run["status"] for run in runs}


async def test_a_model_that_does_not_answer_is_cancelled_with_its_run(settings: Settings) -> None:
    with serving(OpenAiServer()) as model:
        await _cancelled_while_it_hangs(settings, model)


async def _cancelled_while_it_hangs(settings: Settings, model: Provider) -> None:
    changes = {
        "llm": "openai:gpt-4.1",
        "llm_base_url": model.url,
        "llm_api_key": SecretStr("sk-loopback"),
        "llm_cross_check": "off",
    }
    async with listen(settings.model_copy(update=changes)) as client:
        model.will(Hangs())
        body = {"question": _QUESTION}
        async with stream(client, "POST", "/query", json=body) as events:
            seen = [await anext(events)]
            while not model.requests:  # noqa: ASYNC110 - the model is another thread's
                await asyncio.sleep(0.01)
            begun = time.monotonic()
            await client.post(f"/runs/{seen[0]['runId']}/cancel")
            seen += [event async for event in events]
        # It would hang for 20 seconds.
        assert time.monotonic() - begun < 15
        model.released.set()
        _closed(seen)
        assert seen[-1]["outcome"] == {"type": "cancelled"}
        model.will(_DRAFT, Says("There are **1,200** orders."))
        async with stream(client, "POST", "/query", json=body) as events:
            again = [event async for event in events]
    assert again[-1]["result"]["status"] == "answered"


async def test_readers_that_do_not_read_hold_up_nobody(settings: Settings) -> None:
    async with listen(settings) as client:
        host, port = client.base_url.host, client.base_url.port
        body = b'{"question": "How many orders are there per category?"}'
        head = (
            f"POST /query HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode()
        writers = []
        for _ in range(30):
            _, writer = await asyncio.open_connection(host, port, limit=1)
            writer.write(head + body)
            writers.append(writer)
        async with stream(client, "POST", "/query", json={"question": _QUESTION}) as events:
            seen = [event async for event in events]
        for writer in writers:
            writer.close()
    assert seen[-1]["result"]["status"] == "answered"


async def _readiness(client: httpx.AsyncClient) -> str:
    return str((await client.get("/readyz")).json()["state_database"])


async def test_the_state_database_goes_and_comes_back(settings: Settings, tmp_path: Path) -> None:
    with restartable_postgres() as server:
        with_server = settings.model_copy(update={"state": new_database(server.url)})
        async with serve(with_server) as client:
            before = await ask_events(client, _QUESTION)
            server.stop()
            assert await _readiness(client) == "away"
            # Nobody could take such a run up, nor another worker tell of it: it does not begin.
            refused = await client.post("/query", json={"question": _QUESTION})
            assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
            assert (await client.get("/threads")).status_code == 503
            server.start()
            for _ in range(300):
                if await _readiness(client) == "reachable":
                    break
                await asyncio.sleep(0.2)
            after = await ask_events(client, _QUESTION)
            wanted = {events[0]["runId"] for events in (before, after)}
            async with asyncio.timeout(60):
                while (runs := await _run_ids(client)) != wanted:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
    assert after[-1]["result"]["status"] == "answered"
    assert runs == wanted


async def _run_ids(client: httpx.AsyncClient) -> set[str]:
    return {run["run_id"] for run in (await client.get("/admin/runs")).json()["runs"]}
