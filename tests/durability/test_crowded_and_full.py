"""A full disk, a crowd of readers, and a stop in their midst: nothing that was begun is lost."""

import asyncio
import os
import resource
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml

from cli.context import ensure_context
from settings.settings import Settings
from tests.api.stream import parse_block
from tests.durability.conftest import Workplace
from tests.shop import write_shop

_QUESTION = "How many orders are there?"
_COUNT = '{"sql": "SELECT COUNT(*) AS orders FROM orders", "confidence": 0.9}'
_STREAMS = 1_000
_STOPPED = 100


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """A workplace over DuckDB, with a model that takes half a second."""
    folder = tmp_path_factory.mktemp("crowd")
    warehouse = f"duckdb://{write_shop(folder / 'data')}"
    ensure_context(Settings(warehouse=warehouse, context=folder / "context"))
    lines = [
        {"when": "You write SQL", "reply": _COUNT, "repeat": True, "seconds": 0.5},
        {"when": "You write the answer", "reply": "There are **1,200** orders.", "repeat": True},
    ]
    script = folder / "script.yaml"
    script.write_text(yaml.safe_dump(lines))
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path.cwd()),
        "VTION_WAREHOUSE": warehouse,
        "VTION_CONTEXT": str(folder / "context"),
        "VTION_STATE": f"sqlite:///{folder / 'state.sqlite'}",
        "VTION_LLM": f"scripted:{script}",
        "VTION_LLM_CROSS_CHECK": "off",
        "VTION_WAREHOUSE_QUEUE": str(2 * _STREAMS),
        "VTION_DRAIN_SECONDS": "120",
        "VTION_LOG_LEVEL": "CRITICAL",
    }
    found = Workplace(None, environment, folder / "armed")  # type: ignore[arg-type]
    yield found
    found.close()


async def _ask(client: httpx.AsyncClient, begun: asyncio.Event | None = None) -> str:
    """Returns how one stream ended: the answer's status, or an error's code."""
    last: dict[str, object] = {}
    text = ""
    async with client.stream("POST", "/query", json={"question": _QUESTION}) as response:
        async for piece in response.aiter_text():
            *blocks, text = (text + piece).split("\n\n")
            for block in blocks:
                if not block.startswith(":"):
                    last = parse_block(block)
                    if begun is not None:
                        begun.set()
    result = last.get("result")
    return str(result["status"] if isinstance(result, dict) else last.get("code"))


async def _crowd(place: Workplace, count: int, *, is_stopped: bool = False) -> Counter[str]:
    limits = httpx.Limits(max_connections=count)
    async with httpx.AsyncClient(base_url=place.base_url, timeout=600, limits=limits) as client:
        begun = [asyncio.Event() for _ in range(count)]
        asking = [asyncio.create_task(_ask(client, event)) for event in begun]
        if is_stopped:
            await asyncio.gather(*(event.wait() for event in begun))
            place.processes[0].send_signal(signal.SIGTERM)
        return Counter(await asyncio.gather(*asking))


async def test_a_thousand_open_streams_all_end_and_leave_no_place_taken(place: Workplace) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8_192), hard))
    await asyncio.to_thread(place.ensure_running)
    assert await _crowd(place, _STREAMS) == {"answered": _STREAMS}
    assert place.get("/readyz")["runs"] == 0


async def test_a_stop_lets_a_hundred_streams_end(place: Workplace) -> None:
    await asyncio.to_thread(place.ensure_running)
    assert await _crowd(place, _STOPPED, is_stopped=True) == {"answered": _STOPPED}
    server = place.processes.pop()
    assert server.wait(60) == 0
    server.communicate()


def _runs_since(place: Workplace, run_id: str) -> set[str]:
    runs = [run["run_id"] for run in place.get("/admin/runs?limit=200")["runs"]]
    return set(runs[: runs.index(run_id)])


def test_a_full_disk_ends_runs_and_loses_no_record(place: Workplace) -> None:
    place.ensure_running()
    before = place.get("/admin/runs?limit=1")["runs"][0]["run_id"]
    server = place.processes[0]
    everything = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    # No file may grow: that is what a full disk says, to this process alone.
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    ends = []
    for _ in range(2):
        told = place.read("POST", "/query", json={"question": _QUESTION})
        ends.append((told[0]["runId"], told[-1]["type"]))
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, everything)
    told = place.read("POST", "/query", json={"question": _QUESTION})
    assert told[-1]["result"]["status"] == "answered"
    wanted, deadline = {run_id for run_id, _ in ends}, time.monotonic() + 30
    while not wanted < (new := _runs_since(place, before)):
        assert time.monotonic() < deadline, (wanted, new)
        time.sleep(0.2)
    assert {kind for _, kind in ends} <= {"RUN_FINISHED", "RUN_ERROR"}
    assert place.get("/readyz")["runs"] == 0
