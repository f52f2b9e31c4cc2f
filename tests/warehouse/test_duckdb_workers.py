"""What SQL that nobody vouches for can do to the service: nothing that lasts."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from domain.errors import UserError, VtionError
from domain.policy import Policy
from domain.result_table import ResultTable
from settings.settings import Settings
from tests.warehouse.conftest import DENIED, SOON_SECONDS, OpenWarehouse, until_running
from warehouse.duckdb_engine import LocalEngine
from warehouse.duckdb_serving import serving_file
from warehouse.duckdb_session_options import session_options
from warehouse.duckdb_source import open_source
from warehouse.duckdb_workers.worker import WorkerOptions
from warehouse.duckdb_workers.worker_calls import WorkerCall, WorkerEngine
from warehouse.protocol import QueryState
from warehouse.query_errors import QueryCancelledError, QueryTooLargeError, QueryTooSlowError
from warehouse.statement_queue import QueueFullError, StatementQueue

_MEBIBYTE = 1024 * 1024
ENDLESS = "SELECT count(*) FROM visits a, visits b, visits c WHERE a.visit_id + b.visit_id <> 1"
BOMBS = [
    "SELECT len(range(1000000000))",
    "SELECT list_sort(range(1000000000 + visit_id))[1] FROM visits",
    "SELECT string_agg(repeat('x', 1000000), '') FROM visits",
    "SELECT list(a.visit_id) FROM visits a, visits b, visits c",
]
VALUES = (
    "SELECT 1 AS i, 1.5::DECIMAL(10, 2) AS d, 'x'::ENUM ('x', 'y') AS e, [1, NULL] AS l, "
    "MAP {'a': 1} AS m, {'a': 1, 'b': 'y'} AS s, NULL AS n, TIMESTAMPTZ '2026-01-01 00:00:00+00' "
    "AS z, INTERVAL 1 DAY AS v, '\\x01'::BLOB AS b, uuid() IS NULL AS u FROM range(3)"
)


@pytest.fixture
def engine(folder: Path, settings: Settings, serving_folder: Path) -> Iterator[WorkerEngine]:
    """Returns one worker and its planner over the small source, with 128 MiB."""
    file = serving_file(open_source(f"duckdb://{folder}"), DENIED, settings, serving_folder)
    small = settings.model_copy(update={"warehouse_memory_megabytes": 128})
    options = WorkerOptions(
        file=str(file),
        session=session_options(small),
        memory_bytes=128 * _MEBIBYTE,
        result_bytes=64 * _MEBIBYTE,
    )
    engine = WorkerEngine(options, 1)
    yield engine
    engine.close()


def rows_of(engine: WorkerEngine | LocalEngine, sql: str, seconds: float = 30) -> ResultTable:
    return engine.new_call(seconds).select(sql).page(0, 10)


def begun(engine: WorkerEngine, sql: str, seconds: float) -> tuple[WorkerCall, Awaitable[object]]:
    call = engine.new_call(seconds)
    return call, asyncio.get_running_loop().run_in_executor(None, call.select, sql)


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_dies_of_its_limit_and_the_next_statement_works(
    engine: WorkerEngine, bomb: str
) -> None:
    started = time.perf_counter()
    with pytest.raises(QueryTooLargeError):
        rows_of(engine, bomb)
    assert time.perf_counter() - started < SOON_SECONDS
    assert rows_of(engine, "SELECT count(*) FROM visits").rows == ((2000,),)


def test_values_come_out_as_without_workers(engine: WorkerEngine) -> None:
    with duckdb.connect() as connection:
        local = LocalEngine(connection, 64 * _MEBIBYTE)
        assert rows_of(engine, VALUES) == rows_of(local, VALUES)
        assert rows_of(engine, f"{VALUES} LIMIT 0") == rows_of(local, f"{VALUES} LIMIT 0")


def test_many_batches_arrive_whole_and_too_many_end_the_statement(engine: WorkerEngine) -> None:
    whole = engine.new_call(30).select("SELECT i FROM range(1000000) t(i)")
    assert whole.data.num_rows == 1_000_000
    with pytest.raises(QueryTooLargeError, match="too large to hold"):
        engine.new_call(30).select("SELECT i FROM range(100000000) t(i)")


async def stopped_worker(engine: WorkerEngine) -> None:
    """Freezes every process, so that no interrupt lands."""
    rows_of(engine, "SELECT 1")
    for process_id in engine.process_ids:
        os.kill(process_id, signal.SIGSTOP)


async def test_a_worker_that_no_interrupt_reaches_is_killed_at_the_deadline(
    engine: WorkerEngine,
) -> None:
    await stopped_worker(engine)
    started = time.perf_counter()
    with pytest.raises(QueryTooSlowError):
        await begun(engine, ENDLESS, 0.2)[1]
    assert time.perf_counter() - started < SOON_SECONDS
    assert rows_of(engine, "SELECT 1").rows == ((1,),)


async def test_a_worker_that_no_interrupt_reaches_is_killed_by_cancel(
    engine: WorkerEngine,
) -> None:
    await stopped_worker(engine)
    call, end = begun(engine, ENDLESS, 60)
    await asyncio.sleep(0.1)
    call.cancel()
    with pytest.raises(QueryCancelledError):
        await end
    assert rows_of(engine, "SELECT 1").rows == ((1,),)


async def test_a_worker_that_dies_is_told_and_replaced(engine: WorkerEngine) -> None:
    rows_of(engine, "SELECT 1")
    before = engine.process_ids
    _, end = begun(engine, ENDLESS, 60)
    await asyncio.sleep(0.2)
    for process_id in before:
        os.kill(process_id, signal.SIGKILL)
    with pytest.raises(VtionError):
        await end
    assert rows_of(engine, "SELECT 1").rows == ((1,),)
    engine.new_plan(30).bind("SELECT 1")
    assert not before & engine.process_ids


def test_planning_does_not_wait_for_results(engine: WorkerEngine) -> None:
    call = engine.new_call(60)
    loop = asyncio.new_event_loop()
    end = loop.run_in_executor(None, call.select, ENDLESS)
    time.sleep(0.2)
    engine.new_plan(30).bind("SELECT count(*) FROM visits")
    call.cancel()
    with pytest.raises(QueryCancelledError):
        loop.run_until_complete(end)
    loop.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not say")
def test_a_worker_has_no_secrets_and_can_write_no_file(
    monkeypatch: pytest.MonkeyPatch, engine: WorkerEngine
) -> None:
    monkeypatch.setenv("VTION_LLM_API_KEY", "canary")
    rows_of(engine, "SELECT 1")
    process_id = next(iter(engine.process_ids))
    assert "canary" not in Path(f"/proc/{process_id}/environ").read_text()
    limits = Path(f"/proc/{process_id}/limits").read_text()
    bounds = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()}
    assert bounds["Max file size"] == "0"
    assert int(bounds["Max address space"]) < 4 * 1024 * _MEBIBYTE


def test_close_ends_every_worker(engine: WorkerEngine) -> None:
    rows_of(engine, "SELECT 1")
    processes = engine.process_ids
    engine.close()
    assert processes
    assert not any(_is_alive(process_id) for process_id in processes)


_SERVICE = """
import sys
from pathlib import Path
from domain.policy import Policy
from settings.settings import Settings
from warehouse.open_duckdb import open_serving
from warehouse.duckdb_source import open_source

warehouse = open_serving(open_source(sys.argv[1]), Settings(), Policy(), Path(sys.argv[2]))
warehouse._engine.new_call(30).select("SELECT 1")
print(*warehouse._engine.process_ids, flush=True)
sys.stdin.read()
"""


def test_workers_end_with_a_service_that_is_killed(folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", _SERVICE, f"duckdb://{folder}", str(tmp_path)]
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as service:
        assert service.stdout is not None
        processes = [int(text) for text in service.stdout.readline().split()]
        assert processes
        service.kill()
    assert _soon(lambda: not any(map(_is_alive, processes)))


def _is_alive(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def _soon(is_true: Callable[[], bool]) -> bool:
    until = time.monotonic() + SOON_SECONDS
    while not is_true() and time.monotonic() < until:
        time.sleep(0.02)
    return is_true()


async def test_who_waits_has_a_position_and_a_full_queue_says_so(serve: OpenWarehouse) -> None:
    warehouse = serve(Policy(), warehouse_threads=1, warehouse_queue=2)
    first, second, third, fourth = [await warehouse.submit(ENDLESS) for _ in range(4)]
    await until_running(warehouse, first)
    positions = [(await warehouse.status(i)).queue_position for i in (first, second, third)]
    assert positions == [None, 1, 2]
    refused = await warehouse.wait(fourth)
    assert refused.state is QueryState.FAILED
    assert isinstance(refused.error, QueueFullError)
    assert isinstance(refused.error, UserError)
    await warehouse.cancel(second)
    assert (await warehouse.status(second)).state is QueryState.CANCELLED
    assert (await warehouse.status(third)).queue_position == 1
    await warehouse.cancel(first)
    await until_running(warehouse, third)
    await warehouse.close()


async def test_turns_come_in_order() -> None:
    turns, order = StatementQueue(1, 10), list[int]()

    async def take(number: int) -> None:
        if await turns.join(str(number)):
            order.append(number)
            await asyncio.sleep(0)
            turns.finish()

    tasks = [asyncio.create_task(take(number)) for number in range(5)]
    await asyncio.sleep(0)
    turns.leave("3")
    await asyncio.gather(*tasks)
    assert order == [0, 1, 2, 4]


async def test_a_crowd_is_told_its_places_and_nobody_waits_longer_for_being_told() -> None:
    turns, told = StatementQueue(1, 1_000), list[int]()

    async def take(number: int) -> None:
        turn = turns.join(str(number))
        async for place in turns.positions(str(number)):
            told.append(place)
        if await turn:
            await asyncio.sleep(0)
            turns.finish()

    started = time.perf_counter()
    await asyncio.gather(*(take(number) for number in range(400)))
    assert time.perf_counter() - started < SOON_SECONDS
    # Each place once, and then those who come next: all steps of everybody would be 80,000.
    assert 400 <= len(told) < 400 * 10
