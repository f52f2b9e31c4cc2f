"""What a statement may read: told before it runs, bounded, and true."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from cli.context import ensure_context
from dev_athena.server import DEFAULT_WORKGROUP, AthenaServer
from domain.answer import Answer
from domain.errors import OperatorError
from domain.run_event import RunEvent, RunFailed, RunFinished, SqlAttempted
from domain.user import User
from graph.asked import Asked
from graph.question_runner import QuestionRunner
from graph.service import open_service
from nodes.scan_budget import ScanBudget
from settings.settings import Settings
from tests.contract.athena_server import upload, url_of
from warehouse.open_warehouse import open_warehouse
from warehouse.protocol import QueryState, ScanEstimate, Warehouse

DATABASE = "visits"
COUNTED = "How many visits are there?"
SUMMED = "What is the total amount?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months of visits, in files large enough that columns are read apart."""
    folder = tmp_path_factory.mktemp("visits")
    with duckdb.connect() as connection:
        for month in (1, 2):
            part = folder / "visits" / f"month=2026-0{month}"
            part.mkdir(parents=True)
            connection.execute(f"""
                COPY (SELECT i AS visit_id, (hash(i) // 2)::BIGINT AS a,
                             (hash(i + 1) // 2)::BIGINT AS b,
                             (hash(i + 2) // 2)::BIGINT AS c, (hash(i + 3) // 2)::BIGINT AS d,
                             (hash(i + 4) % 1000000)::INT AS amount
                      FROM range(250000) t(i))
                TO '{part}/part.parquet' (COMPRESSION 'uncompressed', ROW_GROUP_SIZE 500000)
            """)
        connection.execute(f"""
            COPY (SELECT i AS shop_id, 'shop ' || i AS shop_name FROM range(5) t(i))
            TO '{folder}/shops.csv'
        """)
    return folder


@pytest.fixture(scope="module")
def visits(athena: AthenaServer, folder: Path) -> AthenaServer:
    """The server with the visits, once listed in Glue and once projected."""
    asyncio.run(upload(athena, folder, DATABASE))
    asyncio.run(upload(athena, folder, f"{DATABASE}_projected", is_projected=True))
    return athena


@pytest.fixture(scope="module")
def settings(visits: AthenaServer, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings over the visits, with a context."""
    settings = Settings(
        warehouse=url_of(visits, DATABASE),
        context=tmp_path_factory.mktemp("context"),
        state="sqlite:///:memory:",
        policy="open",
    )
    ensure_context(settings)
    return settings


@pytest.fixture
def workgroup(visits: AthenaServer) -> Iterator[AthenaServer]:
    """The server, its workgroup as it was after the test."""
    yield visits
    visits.workgroups.put(DEFAULT_WORKGROUP)


@asynccontextmanager
async def opened(server: AthenaServer, database: str = DATABASE) -> AsyncIterator[Warehouse]:
    warehouse = open_warehouse(url_of(server, database), Settings(), None)
    try:
        yield warehouse
    finally:
        await warehouse.close()


async def bound(warehouse: Warehouse, sql: str) -> int:
    estimate = await warehouse.estimate(sql)
    assert estimate.is_upper_bound
    assert estimate.bytes is not None
    return estimate.bytes


@pytest.mark.parametrize("database", [DATABASE, f"{DATABASE}_projected"])
@pytest.mark.parametrize(
    "sql",
    [
        # Not a bare count(*): DuckDB reads a column for it where there are several files.
        "SELECT sum(amount) FROM visits",
        "SELECT sum(visit_id) FROM visits WHERE month = '2026-02'",
        "SELECT max(a), max(c) FROM visits",
        "SELECT max(a), max(b), max(c), max(d), max(amount), max(visit_id) FROM visits",
        "WITH v AS (SELECT * FROM visits) SELECT max(b) FROM v WHERE month >= '2026-02'",
        "WITH v AS (SELECT a, month FROM visits) SELECT count(*) FROM v x JOIN v y ON x.a = y.a",
        "SELECT shop_name, count(*) FROM visits JOIN shops ON visit_id = shop_id GROUP BY 1",
        "SELECT count(*) FROM visits WHERE month IN ('2025-12')",
    ],
)
async def test_no_statement_reads_more_than_its_bound(
    visits: AthenaServer, sql: str, database: str
) -> None:
    async with opened(visits, database) as warehouse:
        most = await bound(warehouse, sql)
        status = await warehouse.wait(await warehouse.submit(sql))
    assert status.state is QueryState.SUCCEEDED
    assert status.bytes_scanned is not None
    assert status.bytes_scanned <= most


async def test_filters_and_columns_make_the_bound_small(visits: AthenaServer) -> None:
    async with opened(visits) as warehouse:
        everything = await bound(warehouse, "SELECT * FROM visits")
        one_month = await bound(warehouse, "SELECT * FROM visits WHERE month = '2026-01'")
        one_column = await bound(warehouse, "SELECT max(a) FROM visits WHERE month = '2026-01'")
        nothing = await bound(warehouse, "SELECT * FROM visits WHERE month = '2030-01'")
    assert everything > 20_000_000
    assert one_month == pytest.approx(everything / 2, rel=0.01)
    assert one_column < one_month / 4
    assert nothing == 0


async def test_a_read_of_every_partition_is_said_with_its_figures(visits: AthenaServer) -> None:
    async with opened(visits) as warehouse:
        lints = (await warehouse.estimate("SELECT * FROM visits")).lints
        none = (await warehouse.estimate("SELECT * FROM visits WHERE month > '2026-01'")).lints
    assert [lint.rule for lint in lints] == ["partition_filter_missing"]
    assert "no filter on `month`: 22 MB instead of about 11 MB a partition" in lints[0].message
    assert none == ()


async def ask(settings: Settings, question: str, times: int = 1) -> list[list[RunEvent]]:
    async with open_service(settings) as (_, runner):
        return [
            [event async for event in runner.run(Asked(question=question, user=User(id="asha")))]
            for _ in range(times)
        ]


def answer_of(events: list[RunEvent]) -> Answer:
    assert isinstance(events[-1], RunFinished), events[-1]
    return events[-1].answer


async def test_estimate_and_true_figure_stand_on_the_receipt(settings: Settings) -> None:
    [events] = await ask(settings, SUMMED)
    receipt = answer_of(events).receipt
    assert receipt is not None
    assert receipt.bytes_estimated is not None
    assert receipt.bytes_scanned is not None
    assert 0 < receipt.bytes_scanned <= receipt.bytes_estimated
    assert receipt.cost_usd == pytest.approx(5e-5)
    accepted = [
        event.content
        for event in events
        if isinstance(event, SqlAttempted) and event.content.status == "accepted"
    ]
    assert "MB instead of about" in accepted[0].reasons[0].message


async def test_a_question_past_its_budget_does_not_run(
    settings: Settings, visits: AthenaServer
) -> None:
    before = len([e for e in visits.executions.all() if not e.is_explain])
    tight = settings.model_copy(update={"question_scan_megabytes": 1})
    [events] = await ask(tight, SUMMED)
    answer = answer_of(events)
    assert answer.status == "refused"
    assert "a question may read 1.0 MB" in answer.text
    assert "no filter on `month`" in answer.text
    assert len([e for e in visits.executions.all() if not e.is_explain]) == before


async def test_a_user_past_the_days_budget_is_told_so(settings: Settings) -> None:
    tight = settings.model_copy(update={"user_scan_megabytes_a_day": 5})
    runs = await ask(tight, SUMMED, times=4)
    assert answer_of(runs[0]).status == "answered"
    failed = runs[-1][-1]
    assert isinstance(failed, RunFailed)
    assert failed.code == "scan_budget_spent"
    assert "left of what you may read today" in failed.message


async def test_two_runs_at_once_do_not_both_take_the_rest_of_the_day(settings: Settings) -> None:
    tight = settings.model_copy(update={"user_scan_megabytes_a_day": 3})

    async def last_of(runner: QuestionRunner) -> RunEvent:
        asked = Asked(question=SUMMED, user=User(id="binod"))
        return [event async for event in runner.run(asked)][-1]

    async with open_service(tight) as (_, runner):
        ends = await asyncio.gather(*(last_of(runner) for _ in range(3)))
    failed = [end for end in ends if isinstance(end, RunFailed)]
    assert [end.code for end in failed] == ["scan_budget_spent"] * 2


async def test_all_statements_of_a_run_share_its_budget() -> None:
    budget = ScanBudget(question_bytes=5_000_000)
    estimate = ScanEstimate(bytes=3_000_000, is_upper_bound=True)
    assert await budget.require(estimate, None) is None
    async with budget.reserved(3_000_000) as settle:
        settle(2_500_000)
    excess = await budget.require(estimate, None)
    assert excess is not None
    assert "a question may read 2.5 MB more" in excess.message
    async with budget.reserved(2_000_000):
        pass
    assert await budget.require(replace(estimate, bytes=500_001), None) is not None


async def test_the_workgroups_cutoff_is_a_budget_too(
    settings: Settings, workgroup: AthenaServer
) -> None:
    workgroup.workgroups.put(DEFAULT_WORKGROUP.with_cutoff(1_500_000))
    [events] = await ask(settings, SUMMED)
    assert "a question may read 1.5 MB" in answer_of(events).text


async def test_a_missing_or_disabled_workgroup_stops_the_start(visits: AthenaServer) -> None:
    url = url_of(visits, DATABASE, "&workgroup=nobodys")
    warehouse = open_warehouse(url, Settings(), None)
    with pytest.raises(OperatorError, match="workgroup nobodys"):
        await warehouse.catalog()
    await warehouse.close()
