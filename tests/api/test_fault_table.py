"""Model and warehouse fail in every way they can: the right end, a freed place, nothing lost."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import botocore.endpoint
import httpx
import pytest
import yaml
from pydantic import SecretStr

from cli.context import ensure_context
from dev_athena.server import DEFAULT_WORKGROUP, AthenaServer
from settings.settings import Settings
from tests.api.conftest import serve
from tests.api.server import listen, stream
from tests.api.stream import Event, ask_events, types
from tests.contract.athena_server import serve_athena, upload, url_of
from tests.contract.conftest import credentials
from tests.contract.models.behaviour import (
    Behaviour,
    BreaksOff,
    Fails,
    Garbles,
    Hangs,
    Says,
    StopsShort,
)
from tests.contract.models.loopback import serving
from tests.contract.models.openai_server import OpenAiServer
from tests.shop import write_shop

__all__ = ["credentials"]

_ASKED = {"question": "How many orders are there?"}
_PROSE = "There are **1,200** orders."
_DRAFT = Says(
    arguments={
        "sql": "SELECT COUNT(*) AS orders FROM orders",
        "assumptions": [],
        "confidence": 0.9,
        "question": "",
        "options": [],
        "cannot_answer": "",
    }
)
_SOUND = (_DRAFT, Says(_PROSE))
_GONE = "model_unavailable"


def _end(events: list[Event]) -> str:
    """Returns how a run ended, after a look at the form that every stream has."""
    names, last = types(events), events[-1]
    assert names[0] == "RUN_STARTED"
    assert [name for name in names if name in ("RUN_FINISHED", "RUN_ERROR")] == [names[-1]]
    assert names.count("STEP_STARTED") == names.count("STEP_FINISHED")
    return str(last["code"] if last["type"] == "RUN_ERROR" else last["result"]["status"])


async def _free_and_kept(client: httpx.AsyncClient, ends: list[str]) -> None:
    """Checks that no place is held, and that each run has its record."""
    ready = (await client.get("/readyz")).json()
    assert (ready["status"], ready["runs"]) == ("ready", 0)
    runs = (await client.get("/admin/runs")).json()["runs"]
    told = [run["error_code"] or run["status"] for run in runs]
    assert sorted(told) == sorted(ends)


MODEL_FAULTS: dict[str, tuple[tuple[Behaviour, ...], str]] = {
    "timeout": ((Hangs(), Hangs()), _GONE),
    "429, and then it answers": ((Fails(429, retry_after=0), *_SOUND), "answered"),
    "429 for longer than anybody waits": ((Fails(429, retry_after=600),), _GONE),
    "500, and then it answers": ((Fails(500), *_SOUND), "answered"),
    "500 for good": ((Fails(500), Fails(500)), _GONE),
    "garbage": ((Garbles(), Garbles()), _GONE),
    "a cut stream, and then it answers": ((_DRAFT, BreaksOff("There"), Says(_PROSE)), "answered"),
    "a stream that is cut for good": ((_DRAFT, BreaksOff("There"), BreaksOff("The")), "answered"),
    "a stream that stops short": ((_DRAFT, StopsShort("There"), Says(_PROSE)), "answered"),
}


@pytest.mark.parametrize(("plan", "end"), MODEL_FAULTS.values(), ids=MODEL_FAULTS.keys())
async def test_a_model_that_fails(
    settings: Settings, plan: tuple[Behaviour, ...], end: str
) -> None:
    with serving(OpenAiServer()) as server:
        changes: dict[str, Any] = {
            "llm": "openai:gpt-4.1",
            "llm_base_url": server.url,
            "llm_api_key": SecretStr("sk-loopback"),
            "llm_timeout_seconds": 1.0 if Hangs() in plan else 30.0,
            "llm_attempts": 2,
            "llm_cross_check": "off",
            "concurrent_runs": 1,
        }
        async with serve(settings.model_copy(update=changes)) as client:
            server.will(*plan)
            found = _end(await ask_events(client, _ASKED["question"]))
            server.released.set()
            server.plan.clear()
            server.will(*_SOUND)
            assert _end(await ask_events(client, _ASKED["question"])) == "answered"
            await _free_and_kept(client, [found, "answered"])
    assert found == end


@dataclass(frozen=True)
class OverAthena:
    """The shop at a loopback Athena whose faults can be switched on."""

    server: AthenaServer
    changes: dict[str, Any]


@pytest.fixture(scope="module")
def shop_on_athena(
    credentials: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OverAthena]:
    folder = tmp_path_factory.mktemp("athena")
    script = folder / "script.yaml"
    sql = "SELECT order_id, COUNT(*) AS n FROM orders GROUP BY order_id"
    lines = [
        {"when": "You write SQL", "reply": f'{{"sql": "{sql}"}}', "repeat": True},
        {"when": "You write the answer", "reply": "There are **1,200** orders.", "repeat": True},
    ]
    script.write_text(yaml.safe_dump(lines))
    with serve_athena() as server:
        asyncio.run(upload(server, write_shop(folder / "data"), "shop"))
        changes = {
            "warehouse": url_of(server, "shop", "&concurrency=1"),
            "context": folder / "context",
            "llm": f"scripted:{script}",
            "llm_cross_check": "off",
            "warehouse_timeout_seconds": 30.0,
            "concurrent_runs": 1,
        }
        ensure_context(Settings(warehouse=url_of(server, "shop"), context=folder / "context"))
        yield OverAthena(server, changes)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes the waits out of botocore's retries; their number stays."""
    quick = SimpleNamespace(sleep=lambda _: None, time=time.time)
    monkeypatch.setattr(botocore.endpoint, "time", quick)


def _throttle(server: AthenaServer, times: int) -> None:
    server.faults.throttled.update(StartQueryExecution=times)


def _fail(server: AthenaServer, reason: str, *, is_passing: bool) -> None:
    server.faults.failures = [(reason, is_passing)]


def _lose(server: AthenaServer, pages: int) -> None:
    server.faults.lost_pages = pages


def _slow(server: AthenaServer) -> None:
    server.faults.slow_seconds = 60


def _cutoff(server: AthenaServer) -> None:
    server.workgroups.put(DEFAULT_WORKGROUP.with_cutoff(10))


WAREHOUSE_FAULTS: dict[str, tuple[Callable[[AthenaServer], None], str]] = {
    "throttled for a moment": (lambda server: _throttle(server, 2), "answered"),
    "throttled for good": (lambda server: _throttle(server, 1_000), "warehouse_busy"),
    "failed, and passing": (
        lambda server: _fail(server, "GENERIC_INTERNAL_ERROR: a node", is_passing=True),
        "answered",
    ),
    "failed": (lambda server: _fail(server, "HIVE_BAD_DATA: in s3://x", is_passing=False),
               "internal"),
    "failed by its SQL, and then mended": (
        lambda server: _fail(server, "TYPE_MISMATCH: sum(varchar)", is_passing=False),
        "answered",
    ),
    "too slow": (_slow, "refused"),
    "over the workgroup's cutoff": (_cutoff, "refused"),
    "a page lost": (lambda server: _lose(server, 1), "answered"),
    "a page lost for good": (lambda server: _lose(server, 1_000), "internal"),
    "without its permissions": (
        lambda server: setattr(server.faults, "access_denied", True), "internal"
    ),
}  # fmt: skip


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("switch", "end"), WAREHOUSE_FAULTS.values(), ids=WAREHOUSE_FAULTS.keys())
async def test_a_warehouse_that_fails(
    settings: Settings,
    shop_on_athena: OverAthena,
    switch: Callable[[AthenaServer], None],
    end: str,
) -> None:
    server = shop_on_athena.server
    limit = {"warehouse_timeout_seconds": 1.0} if switch is _slow else {}
    changed = settings.model_copy(update={**shop_on_athena.changes, **limit})
    async with serve(changed) as client:
        try:
            switch(server)
            found = _end(await ask_events(client, _ASKED["question"]))
        finally:
            server.faults.clear()
            server.workgroups.put(DEFAULT_WORKGROUP)
        if not limit:
            assert _end(await ask_events(client, _ASKED["question"])) == "answered"
        await _free_and_kept(client, [found] if limit else [found, "answered"])
    assert found == end


async def test_a_statement_that_somebody_stops_at_athena(
    settings: Settings, shop_on_athena: OverAthena
) -> None:
    server = shop_on_athena.server
    server.faults.slow_seconds = 60
    before = len(server.executions.all())
    try:
        async with listen(settings.model_copy(update=shop_on_athena.changes)) as client:
            async with stream(client, "POST", "/query", json=_ASKED) as events:
                told = [await anext(events)]
                while told[-1].get("stepName") != "execute_sql":
                    told.append(await anext(events))
                while not (running := _running(server, before)):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
                await asyncio.sleep(0.3)
                server.executions.stop(running[0])
                told += [event async for event in events]
            assert _end(told) == "internal"
    finally:
        server.faults.clear()


def _running(server: AthenaServer, before: int) -> list[str]:
    new = server.executions.all()[: len(server.executions.all()) - before]
    return [one.id for one in new if one.state == "RUNNING" and not one.is_explain]
