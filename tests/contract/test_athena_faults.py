"""What becomes of a statement when Athena, or the way to it, fails."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

import botocore.endpoint
import duckdb
import pytest

from dev_athena.execution import Execution
from dev_athena.faults import Faults
from dev_athena.server import DEFAULT_WORKGROUP, AthenaServer
from domain.errors import OperatorError, RepairableError, UserError, VtionError
from settings.settings import Settings
from tests.contract.athena_server import upload, url_of
from warehouse.athena.errors import QueryTooCostlyError, WarehouseBusyError
from warehouse.open_warehouse import open_warehouse
from warehouse.protocol import QueryState, QueryStatus, Warehouse
from warehouse.query_errors import QueryTooLargeError, QueryTooSlowError

ROWS = 2_500
COUNT = "SELECT count(*) AS n FROM numbers"


@pytest.fixture(scope="module")
def numbers(athena: AthenaServer, tmp_path_factory: pytest.TempPathFactory) -> AthenaServer:
    """The server with one small table."""
    folder = tmp_path_factory.mktemp("numbers")
    duckdb.sql(f"COPY (SELECT i AS id FROM range({ROWS}) t(i)) TO '{folder}/numbers.parquet'")
    asyncio.run(upload(athena, folder, "faults"))
    return athena


@pytest.fixture
def faults(numbers: AthenaServer) -> Iterator[Faults]:
    """The server's switches, off again after the test."""
    yield numbers.faults
    numbers.faults.clear()
    numbers.workgroups.put(DEFAULT_WORKGROUP)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes the waits out of botocore's retries; their number stays."""
    quick = SimpleNamespace(sleep=lambda _: None, time=time.time)
    monkeypatch.setattr(botocore.endpoint, "time", quick)


@asynccontextmanager
async def opened(
    server: AthenaServer, extra: str = "", **bounds: float
) -> AsyncIterator[Warehouse]:
    settings = Settings().model_copy(update=bounds)
    warehouse = open_warehouse(url_of(server, "faults", extra), settings, None)
    try:
        yield warehouse
    finally:
        await warehouse.close()


async def ended(warehouse: Warehouse, sql: str = COUNT) -> QueryStatus:
    return await warehouse.wait(await warehouse.submit(sql))


async def error_of(server: AthenaServer, sql: str = COUNT) -> VtionError:
    async with opened(server) as warehouse:
        status = await ended(warehouse, sql)
    assert status.state is QueryState.FAILED
    assert status.error is not None
    return status.error


def newest(server: AthenaServer) -> Execution:
    return server.executions.all()[0]


async def running(server: AthenaServer, before: int) -> None:
    """Waits until one more statement runs than there were."""
    while len(server.executions.all()) == before or newest(server).state != "RUNNING":  # noqa: ASYNC110 - the server is another thread's
        await asyncio.sleep(0.01)


async def test_a_throttled_call_is_made_again(numbers: AthenaServer, faults: Faults) -> None:
    faults.throttled.update(StartQueryExecution=1, GetQueryExecution=1, GetQueryResults=1)
    async with opened(numbers) as warehouse:
        status = await ended(warehouse)
    assert status.state is QueryState.SUCCEEDED
    assert not +faults.throttled


@pytest.mark.usefixtures("impatient")
async def test_a_service_that_stays_throttled_is_said_to_be_busy(
    numbers: AthenaServer, faults: Faults
) -> None:
    faults.throttled.update(StartQueryExecution=1_000)
    error = await error_of(numbers)
    assert isinstance(error, WarehouseBusyError)
    assert isinstance(error, UserError)
    tries = 1_000 - faults.throttled["StartQueryExecution"]
    assert 3 <= tries <= 10


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("moment", ["cut_before", "cut_after"])
async def test_a_cut_connection_starts_no_second_statement(
    numbers: AthenaServer, faults: Faults, moment: str
) -> None:
    before = len(numbers.executions.all())
    getattr(faults, moment).update(StartQueryExecution=1)
    async with opened(numbers) as warehouse:
        assert (await ended(warehouse)).state is QueryState.SUCCEEDED
    assert len(numbers.executions.all()) == before + 1


@pytest.mark.usefixtures("impatient")
async def test_a_lost_page_is_asked_for_again(numbers: AthenaServer, faults: Faults) -> None:
    faults.lost_pages = 2
    async with opened(numbers) as warehouse:
        query_id = await warehouse.submit("SELECT id FROM numbers ORDER BY id")
        status = await warehouse.wait(query_id)
        page = await warehouse.page(query_id, 0, 10_000)
    assert status.row_count == ROWS
    assert page.rows == tuple((i,) for i in range(ROWS))
    assert faults.lost_pages == 0


@pytest.mark.usefixtures("impatient")
async def test_a_result_with_a_page_lost_for_good_is_no_result(
    numbers: AthenaServer, faults: Faults
) -> None:
    faults.lost_pages = 1_000
    error = await error_of(numbers, "SELECT id FROM numbers ORDER BY id")
    assert isinstance(error, OperatorError)


@pytest.mark.parametrize(
    ("switch", "words"),
    [("expired_credentials", "Renew the credentials"), ("access_denied", "not authorized")],
)
async def test_credentials_are_the_operators_matter(
    numbers: AthenaServer, faults: Faults, switch: str, words: str
) -> None:
    setattr(faults, switch, True)
    error = await error_of(numbers)
    assert isinstance(error, OperatorError)
    assert words in str(error)


async def test_a_failure_that_athena_calls_passing_is_tried_once_more(
    numbers: AthenaServer, faults: Faults
) -> None:
    faults.failures = [("GENERIC_INTERNAL_ERROR: a node was lost", True)]
    async with opened(numbers) as warehouse:
        assert (await ended(warehouse)).state is QueryState.SUCCEEDED
    faults.failures = [("GENERIC_INTERNAL_ERROR: a node was lost", True)] * 3
    assert isinstance(await error_of(numbers), OperatorError)
    assert len(faults.failures) == 1


@pytest.mark.parametrize(
    ("reason", "kind", "words"),
    [
        (
            "COLUMN_NOT_FOUND: line 1:8: Column 'colour' cannot be resolved or requester is not "
            'authorized to access requested resources. This query ran against the "faults" '
            "database, unless qualified by the query. Please post the error message on our forum",
            RepairableError,
            "Column 'colour' cannot be resolved",
        ),
        ("TYPE_MISMATCH: line 1:8: sum(varchar) is not known", RepairableError, "sum(varchar)"),
        ("INVALID_CAST_ARGUMENT: Cannot cast 'Asha Rao' to INT", RepairableError, "TRY_CAST"),
        ("HIVE_BAD_DATA: Field 3 is not a number in s3://lake/x", OperatorError, "HIVE_BAD_DATA"),
        ("Query exhausted resources at this scale factor", QueryTooLargeError, "memory"),
        ("PERMISSION_DENIED: Access Denied (Service: Amazon S3)", OperatorError, "role"),
        ("Insufficient permissions to execute the query.", OperatorError, "role"),
    ],
)
async def test_a_failure_goes_to_whom_it_concerns(
    numbers: AthenaServer, faults: Faults, reason: str, kind: type[VtionError], words: str
) -> None:
    faults.failures = [(reason, False)]
    error = await error_of(numbers)
    assert isinstance(error, kind)
    assert words in str(error)
    assert "Asha" not in str(error)
    assert "forum" not in str(error)


async def test_syntax_and_names_go_back_to_the_draft_before_anything_runs(
    numbers: AthenaServer,
) -> None:
    async with opened(numbers) as warehouse:
        for sql, words in (
            ("SELECT FROM WHERE", "Syntax error"),
            ("SELECT colour FROM numbers", "colour"),
            ("SELECT id FROM letters", "letters"),
        ):
            with pytest.raises(RepairableError, match=words):
                await warehouse.validate(sql)
        await warehouse.validate("SELECT id FROM numbers")
    assert newest(numbers).is_explain


async def test_cancel_stops_the_statement_on_athena(numbers: AthenaServer, faults: Faults) -> None:
    faults.slow_seconds = 60
    before = len(numbers.executions.all())
    async with opened(numbers) as warehouse:
        query_id = await warehouse.submit(COUNT)
        await running(numbers, before)
        started = time.perf_counter()
        await warehouse.cancel(query_id)
        assert (await warehouse.wait(query_id)).state is QueryState.CANCELLED
    assert time.perf_counter() - started < 30
    assert newest(numbers).state == "CANCELLED"


async def test_a_statement_that_is_cancelled_at_once_never_starts(numbers: AthenaServer) -> None:
    before = len(numbers.executions.all())
    async with opened(numbers) as warehouse:
        query_id = await warehouse.submit(COUNT)
        await warehouse.cancel(query_id)
        assert (await warehouse.status(query_id)).state is QueryState.CANCELLED
    assert len(numbers.executions.all()) == before


async def test_the_deadline_stops_the_statement_on_athena(
    numbers: AthenaServer, faults: Faults
) -> None:
    faults.slow_seconds = 60
    async with opened(numbers, warehouse_timeout_seconds=1.0) as warehouse:
        error = (await ended(warehouse)).error
    assert isinstance(error, QueryTooSlowError)
    assert newest(numbers).state == "CANCELLED"


async def test_shutdown_stops_what_runs(numbers: AthenaServer, faults: Faults) -> None:
    faults.slow_seconds = 60
    before = len(numbers.executions.all())
    async with opened(numbers) as warehouse:
        await warehouse.submit(COUNT)
        await running(numbers, before)
    assert newest(numbers).state == "CANCELLED"


async def test_polls_grow_rarer(numbers: AthenaServer, faults: Faults) -> None:
    faults.slow_seconds = 2.5
    before = numbers.api.calls["GetQueryExecution"]
    async with opened(numbers) as warehouse:
        status = await ended(warehouse)
    assert status.state is QueryState.SUCCEEDED
    assert 2 <= numbers.api.calls["GetQueryExecution"] - before <= 12
    assert status.engine_ms >= 2_500


async def test_the_workgroups_cutoff_is_the_users_matter(
    numbers: AthenaServer, faults: Faults
) -> None:
    numbers.workgroups.put(DEFAULT_WORKGROUP.with_cutoff(100))
    assert isinstance(await error_of(numbers, "SELECT sum(id) FROM numbers"), QueryTooCostlyError)


async def test_an_earlier_result_is_used_again_where_the_address_allows(
    numbers: AthenaServer,
) -> None:
    sql = "SELECT sum(id) AS total FROM numbers"
    async with opened(numbers, "&reuse_minutes=10") as warehouse:
        first = await ended(warehouse, sql)
        second = await ended(warehouse, sql)
    async with opened(numbers) as warehouse:
        third = await ended(warehouse, sql)
    assert first.bytes_scanned
    assert second.bytes_scanned == 0
    assert second.cost_usd == 0
    assert third.bytes_scanned == first.bytes_scanned


async def test_statements_beyond_the_concurrency_wait_their_turn(
    numbers: AthenaServer, faults: Faults
) -> None:
    faults.slow_seconds = 1
    before = len(numbers.executions.all())
    async with opened(numbers, "&concurrency=1") as warehouse:
        first, second = [await warehouse.submit(COUNT) for _ in range(2)]
        await running(numbers, before)
        assert (await warehouse.status(second)).state is QueryState.QUEUED
        assert len(numbers.executions.all()) == before + 1
        for query_id in (first, second):
            assert (await warehouse.wait(query_id)).state is QueryState.SUCCEEDED


@pytest.mark.usefixtures("impatient")
async def test_an_unreachable_endpoint_names_the_database() -> None:
    settings = Settings()
    url = "athena://?region=ap-south-1&database=d&endpoint=http://127.0.0.1:9"
    warehouse = open_warehouse(url, settings, None)
    with pytest.raises(OperatorError, match="Glue database d"):
        await warehouse.catalog()
    await warehouse.close()
