"""Postgres behind SQLAlchemy: Athena's SQL, Postgres' rows."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
import yaml

from cli.context import ensure_context
from demo_data.vtion.generator import generate
from domain.errors import OperatorError, RepairableError, VtionError
from domain.result_table import ResultTable, Value
from domain.run_event import RunFinished
from evals.execution_match import same_result
from graph.asked import Asked
from graph.service import open_service
from settings.settings import Settings
from tests.postgres import new_database, postgres_server
from warehouse.open_warehouse import open_duckdb, open_warehouse
from warehouse.protocol import QueryState, Warehouse
from warehouse.query_errors import QueryTooSlowError
from warehouse.remote_warehouse import Statement

QUESTIONS = 20
ENDLESS = "SELECT count(*) FROM numbers a, numbers b, numbers c WHERE a.id + b.id <> c.id"
_QUESTIONS_FILE = Path(__file__).parent.parent / "questions" / "vtion.yaml"


@dataclass(frozen=True)
class Panel:
    """A small panel in Postgres, and the same files as DuckDB's views."""

    settings: Settings
    database: duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a cluster of this module's own."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="module")
def numbers(server: str) -> str:
    """The URL of a database with one table."""
    url = new_database(server)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE numbers AS SELECT id FROM generate_series(0, 2999) g(id)")
        connection.execute(
            "CREATE TABLE kinds (a smallint, b integer, c bigint, d numeric(10, 2),"
            " e real, f double precision, g text, h varchar(9), i boolean, j date, k timestamp,"
            " l timestamptz, m uuid, n integer[], o numeric)"
        )
        connection.execute("INSERT INTO kinds (a, d, g, j) VALUES (1, 1.25, 'x', '2026-01-31')")
    return url


@pytest.fixture(scope="module")
def panel(server: str, tmp_path_factory: pytest.TempPathFactory) -> Panel:
    """The sample's small sister, loaded into Postgres, its context built over Postgres alone."""
    folder = tmp_path_factory.mktemp("panel")
    generate(folder, lambda _: None, panelists=300)
    url = new_database(server)
    database = duckdb.connect()
    for path in sorted(folder.iterdir()):
        files = f"{path}/**/*.parquet" if path.is_dir() else str(path)
        database.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM '{files}'")
        _copy(database, path.stem, url)
    settings = Settings(
        warehouse=url,
        context=tmp_path_factory.mktemp("context"),
        state="sqlite:///:memory:",
        today=date(2026, 10, 1),
        log_level="WARNING",
    )
    ensure_context(settings, Path("demo_data/vtion/business.yaml"))
    return Panel(settings, database)


def _copy(database: duckdb.DuckDBPyConnection, table: str, url: str) -> None:
    """Copies a table through its CSV text; DuckDB's names of types are Postgres' too."""
    relation = database.sql(f"SELECT * FROM {table}")
    described = zip(relation.columns, map(str, relation.types), strict=True)
    columns = ", ".join(f"{name} {kind.replace('DOUBLE', 'FLOAT8')}" for name, kind in described)
    with psycopg.connect(url) as connection:
        connection.execute(f"CREATE TABLE {table} ({columns})")
        with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for row in relation.fetchall():
                copy.write_row(row)


@asynccontextmanager
async def opened(url: str, **bounds: float) -> AsyncIterator[Warehouse]:
    warehouse = open_warehouse(url, Settings().model_copy(update=bounds), None)
    try:
        yield warehouse
    finally:
        await warehouse.close()


async def rows_of(warehouse: Warehouse, sql: str) -> tuple[tuple[Value, ...], ...]:
    query_id = await warehouse.submit(sql)
    status = await warehouse.wait(query_id)
    if status.error is not None:
        raise status.error
    return (await warehouse.page(query_id, 0, 10_000)).rows


async def error_of(warehouse: Warehouse, sql: str) -> VtionError:
    status = await warehouse.wait(await warehouse.submit(sql))
    assert status.state is QueryState.FAILED, sql
    assert status.error is not None
    return status.error


def _cases() -> list[Any]:
    known = [
        case
        for case in yaml.safe_load(_QUESTIONS_FILE.read_text(encoding="utf-8"))
        if "known_gap" not in case
    ]
    return [pytest.param(case, id=case["question"][:60]) for case in known[:QUESTIONS]]


@pytest.mark.parametrize("case", _cases())
async def test_a_question_is_answered_over_postgres(panel: Panel, case: dict[str, str]) -> None:
    seen: list[ResultTable] = []
    async with open_service(panel.settings, seen.append) as (_, runner):
        events = [event async for event in runner.run(Asked(question=case["question"]))]
    last = events[-1]
    assert isinstance(last, RunFinished), last
    receipt = last.answer.receipt
    assert receipt is not None
    assert last.answer.status == "answered", last.answer.text
    golds = [case["sql"], *([case["also"]] if "also" in case else [])]
    expected = [panel.database.execute(sql).fetchall() for sql in golds]
    assert any(same_result(rows, seen[0].rows, extra_columns=True) for rows in expected), (
        receipt.sql,
        seen[0].rows[:3],
        expected[0][:3],
    )
    assert receipt.warehouse == "postgres"


async def test_tables_have_athena_types(numbers: str) -> None:
    async with opened(numbers) as warehouse:
        tables = {table.name: table for table in (await warehouse.catalog()).tables}
    assert [column.type for column in tables["kinds"].columns] == [
        "smallint",
        "integer",
        "bigint",
        "decimal(10,2)",
        "real",
        "double",
        "varchar",
        "varchar",
        "boolean",
        "date",
        "timestamp(6)",
        "timestamp(6) with time zone",
        "varchar",
        "array(integer)",
        "double",
    ]


SAME = [
    "7 / 2",
    "-7 / 2",
    "7 % -3",
    "7.00 / 3",
    "DECIMAL '10.125' / 4",
    "avg(CAST(id AS decimal(10, 2)))",
    "year(DATE '2026-05-17') / 10",
    "extract(second FROM TIMESTAMP '2026-05-17 13:04:05.7')",
    "quarter(DATE '2026-05-17')",
    "week(DATE '2027-01-02')",
    "hour(TIMESTAMP '2026-05-17 13:04:05')",
    "year(date_add('day', 3, DATE '2026-12-30'))",
    "round(2.5e0)",
    "round(-2.5e0)",
    "round(3.5e0)",
    "round(2.675e0, 2)",
    "CAST(2.5e0 AS integer)",
    "CAST(2.5 AS integer)",
    "greatest(1, NULL, 3)",
    "least(2, 1)",
    "concat('a', NULL)",
    "concat('a', 'b', 'c')",
    "'a' || NULL",
    "coalesce(NULL, 'x')",
    "nullif(1, 1)",
    "if(1 > 2, 'a', 'b')",
    "substr('abcdef', 2, 3)",
    "strpos('abc', 'c')",
    "length('größe')",
    "upper('abc')",
    "regexp_like('abc', 'b')",
    "regexp_replace(regexp_replace('ab-12', '\\p{L}', 'A'), '\\p{N}', '9')",
    "regexp_like('MR Rao', '^(?i:(mr|dr)) Rao')",
    "regexp_like('MR RAO', '^(?i:(mr|dr)) Rao')",
    "date_trunc('month', DATE '2026-05-17')",
    "date_trunc('week', DATE '2026-05-17')",
    "date_diff('day', DATE '2026-05-17', DATE '2026-06-01')",
    "date_add('day', 3, DATE '2026-05-30')",
    "DATE '2026-01-31' + INTERVAL '1' MONTH",
    "DATE '2026-01-31' - INTERVAL '7' DAY",
    "year(DATE '2026-05-17')",
    "month(DATE '2026-05-17')",
    "extract(day FROM DATE '2026-05-17')",
    "day_of_week(DATE '2026-05-17')",
    "date_format(TIMESTAMP '2026-05-17 13:04:05', '%Y-%m-%d %H')",
    "count_if(id < 5)",
    "avg(id)",
    "sum(id)",
    "approx_distinct(id / 10)",
    "arbitrary(1)",
    "CAST('12' AS bigint)",
]
REFUSED = [
    "max_by(id, -id)",
    "split_part('a-b', '-', 5)",
    "regexp_extract('abc', 'x')",
    "TRY_CAST('x' AS bigint)",
    "substr('abcdef', -3)",
    "1 / 0",
    "CAST('x' AS bigint)",
    "json_extract_scalar('{\"a\": 1}', '$.a')",
    "approx_percentile(id, 2, 0.5)",
    "array_agg(id)[1]",
]


@pytest.fixture(scope="module")
def numbers_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same numbers as a file."""
    folder = tmp_path_factory.mktemp("numbers")
    duckdb.sql(f"COPY (SELECT i::INT AS id FROM range(3000) t(i)) TO '{folder}/numbers.parquet'")
    return folder


@pytest.mark.parametrize("expression", SAME)
async def test_an_expression_means_what_it_means_on_athena(
    numbers: str, numbers_folder: Path, expression: str
) -> None:
    sql = f"SELECT {expression} AS x FROM numbers" + ("" if "(id" in expression else " LIMIT 1")
    duck = open_duckdb(f"duckdb://{numbers_folder}", Settings(), None)
    async with opened(numbers) as warehouse:
        actual = await _rows_or_error(warehouse, sql)
    expected = await _rows_or_error(duck, sql)
    await duck.close()
    assert isinstance(expected, tuple), expected
    assert actual == expected


@pytest.mark.parametrize("expression", REFUSED)
async def test_what_has_no_equal_is_refused(numbers: str, expression: str) -> None:
    async with opened(numbers) as warehouse:
        error = await error_of(warehouse, f"SELECT {expression} AS x FROM numbers")
    assert isinstance(error, RepairableError)
    assert error.message


async def _rows_or_error(warehouse: Warehouse, sql: str) -> object:
    try:
        return await rows_of(warehouse, sql)
    except VtionError as error:
        return error


async def test_nulls_stand_last_whichever_way_rows_are_ordered(numbers: str) -> None:
    values = "(VALUES (1), (NULL), (2)) AS t(x)"
    async with opened(numbers) as warehouse:
        up = await rows_of(warehouse, f"SELECT x FROM {values} ORDER BY x")
        down = await rows_of(warehouse, f"SELECT x FROM {values} ORDER BY x DESC")
    assert up == ((1,), (2,), (None,))
    assert down == ((2,), (1,), (None,))


async def test_a_percentile_is_exact(numbers: str) -> None:
    async with opened(numbers) as warehouse:
        rows = await rows_of(warehouse, "SELECT approx_percentile(id, 0.9) FROM numbers")
        both = await rows_of(
            warehouse, "SELECT approx_percentile(id, ARRAY[0.1, 0.9]) FROM numbers"
        )
    assert rows == ((2699,),)
    assert both == (([299, 2699],),)


async def test_a_count_of_nothing_is_zero(numbers: str) -> None:
    async with opened(numbers) as warehouse:
        rows = await rows_of(warehouse, "SELECT count_if(id > 5) FROM numbers WHERE id < 0")
    assert rows == ((0,),)


async def test_faults_go_to_whom_they_concern(numbers: str) -> None:
    async with opened(numbers) as warehouse:
        for sql, words in (
            ("SELECT FROM WHERE", "Syntax error"),
            ("SELECT colour FROM numbers", "colour"),
            ("SELECT sum(g) FROM kinds", "sum"),
            ("SELECT no_such(1)", "no_such"),
            ("DELETE FROM numbers", "Only SELECT"),
        ):
            with pytest.raises(RepairableError, match=words):
                await warehouse.validate(sql)
        secret = "SELECT CAST(g || ' of Asha Rao' AS bigint) FROM kinds"
        error = await error_of(warehouse, secret)
        assert isinstance(error, RepairableError)
        assert "Asha" not in error.message
        assert isinstance(
            await error_of(warehouse, "SELECT 1 / (a - 1) FROM kinds"), RepairableError
        )
    with pytest.raises(OperatorError, match="cannot be reached"):
        async with opened("postgresql://nobody@127.0.0.1:9/nothing") as warehouse:
            await warehouse.catalog()


async def test_a_session_cannot_write(numbers: str) -> None:
    async with opened(numbers) as warehouse:
        await warehouse.catalog()
        run = warehouse._run  # type: ignore[attr-defined]  # past the renderer, as an attacker
        with pytest.raises(VtionError, match="read-only"):
            await run(Statement(""), "CREATE TABLE stolen AS SELECT 1 AS x")


def running(url: str) -> int:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' "
            "AND query LIKE '%AS \"a\"%' AND pid <> pg_backend_pid()"
        ).fetchone()
    assert found is not None
    return int(found[0])


async def until_running(url: str, count: int) -> None:
    deadline = time.monotonic() + 60
    while await asyncio.to_thread(running, url) != count:
        assert time.monotonic() < deadline, f"not {count} statements"
        await asyncio.sleep(0.05)


async def test_cancel_stops_the_statement_on_postgres(numbers: str) -> None:
    async with opened(numbers) as warehouse:
        query_id = await warehouse.submit(ENDLESS)
        await until_running(numbers, 1)
        await warehouse.cancel(query_id)
        assert (await warehouse.wait(query_id)).state is QueryState.CANCELLED
        await until_running(numbers, 0)
        assert await rows_of(warehouse, "SELECT count(*) FROM numbers") == ((3000,),)


async def test_deadline_and_shutdown_stop_the_statement_on_postgres(numbers: str) -> None:
    async with opened(numbers, warehouse_timeout_seconds=0.7) as warehouse:
        assert isinstance(await error_of(warehouse, ENDLESS), QueryTooSlowError)
        await until_running(numbers, 0)
    async with opened(numbers) as warehouse:
        await warehouse.submit(ENDLESS)
        await until_running(numbers, 1)
    await until_running(numbers, 0)


async def test_redshifts_sql_runs_and_stops_on_a_server_of_its_protocol(numbers: str) -> None:
    """Postgres stands in: no Redshift can be had, so only what both know is asked."""
    url = numbers.replace("postgresql", "redshift", 1)
    async with opened(url) as warehouse:
        assert warehouse.name == "redshift"
        found = await rows_of(
            warehouse,
            "SELECT round(2.345e0 + id, 2), day_of_week(DATE '2026-05-17'), 7 / 2,"
            " CAST(2.5e0 AS bigint), DECIMAL '10.00' / 3 FROM numbers WHERE id = 0",
        )
        assert found == ((2.35, 7, 3, 3, Decimal("3.33")),)
        query_id = await warehouse.submit(ENDLESS)
        await until_running(numbers, 1)
        await warehouse.cancel(query_id)
        assert (await warehouse.wait(query_id)).state is QueryState.CANCELLED
        await until_running(numbers, 0)
