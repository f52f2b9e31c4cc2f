"""The product's own way to Trino: `VTION_WAREHOUSE=trino://...`."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest
import trino

from domain.errors import OperatorError, RepairableError
from settings.settings import Settings
from tests.trino.trino_server import TrinoServer
from warehouse.open_warehouse import open_warehouse
from warehouse.protocol import QueryState, Warehouse
from warehouse.query_errors import QueryTooSlowError

ENDLESS = "SELECT count(*) FROM lineitem a, lineitem b WHERE a.partkey + b.partkey <> a.orderkey"
_WAIT_SECONDS = 60


@asynccontextmanager
async def opened(server: TrinoServer, **bounds: float) -> AsyncIterator[Warehouse]:
    settings = Settings().model_copy(update=bounds)
    url = f"trino://vtion@127.0.0.1:{server.port}/tpch/tiny"
    warehouse = open_warehouse(url, settings, None)
    try:
        yield warehouse
    finally:
        await warehouse.close()


def running(server: TrinoServer) -> int:
    """Counts our statements that Trino still works on."""
    connection = trino.dbapi.connect(host="127.0.0.1", port=server.port, user="watcher")
    try:
        cursor = connection.cursor()
        cursor.execute(
            "SELECT count(*) FROM system.runtime.queries WHERE source = 'vtion' "
            "AND state NOT IN ('FINISHED', 'FAILED') AND query LIKE '%a.partkey%'"
        )
        return int(cursor.fetchone()[0])
    finally:
        connection.close()


async def until_running(server: TrinoServer, count: int) -> None:
    deadline = time.monotonic() + _WAIT_SECONDS
    while await asyncio.to_thread(running, server) != count:
        assert time.monotonic() < deadline, f"not {count} statements"
        await asyncio.sleep(0.1)


async def test_tables_rows_and_types(trino_server: TrinoServer) -> None:
    async with opened(trino_server) as warehouse:
        tables = {table.name: table for table in (await warehouse.catalog()).tables}
        assert {"nation", "orders", "lineitem"} <= tables.keys()
        assert [(c.name, c.type) for c in tables["nation"].columns] == [
            ("nationkey", "bigint"),
            ("name", "varchar"),
            ("regionkey", "bigint"),
            ("comment", "varchar"),
        ]
        query_id = await warehouse.submit(
            "SELECT regionkey, count(*) AS n, CAST(7.00 / 3 AS decimal(10, 2)) AS x, "
            "DATE '2026-05-17' AS d FROM nation GROUP BY regionkey ORDER BY regionkey"
        )
        assert (await warehouse.wait(query_id)).row_count == 5
        page = await warehouse.page(query_id, 1, 2)
    assert [(c.name, c.type) for c in page.columns][:3] == [
        ("regionkey", "bigint"),
        ("n", "bigint"),
        ("x", "decimal(10, 2)"),
    ]
    assert [row[:3] for row in page.rows] == [(1, 5, Decimal("2.33")), (2, 5, Decimal("2.33"))]


async def test_faults_go_to_whom_they_concern(trino_server: TrinoServer) -> None:
    async with opened(trino_server) as warehouse:
        for sql, words in (
            ("SELECT FROM WHERE", "mismatched input"),
            ("SELECT colour FROM nation", "colour"),
            ("SELECT sum(name) FROM nation", "sum"),
        ):
            with pytest.raises(RepairableError, match=words):
                await warehouse.validate(sql)
        await warehouse.validate("SELECT name FROM nation")
        query_id = await warehouse.submit("SELECT CAST(name AS bigint) FROM nation")
        error = (await warehouse.wait(query_id)).error
    assert isinstance(error, RepairableError)
    assert "TRY_CAST" in error.message
    assert "ALGERIA" not in error.message


async def test_cancel_deadline_and_shutdown_stop_the_query(trino_server: TrinoServer) -> None:
    async with opened(trino_server) as warehouse:
        query_id = await warehouse.submit(ENDLESS)
        await until_running(trino_server, 1)
        await warehouse.cancel(query_id)
        assert (await warehouse.wait(query_id)).state is QueryState.CANCELLED
        await until_running(trino_server, 0)
        await warehouse.submit(ENDLESS)
        await until_running(trino_server, 1)
    await until_running(trino_server, 0)
    async with opened(trino_server, warehouse_timeout_seconds=2) as warehouse:
        status = await warehouse.wait(await warehouse.submit(ENDLESS))
    assert isinstance(status.error, QueryTooSlowError)
    await until_running(trino_server, 0)


async def test_an_address_without_a_server_or_a_schema_is_the_operators_matter() -> None:
    warehouse = open_warehouse("trino://vtion@127.0.0.1:9/tpch/tiny", Settings(), None)
    with pytest.raises(OperatorError, match="Trino cannot be reached"):
        await warehouse.catalog()
    await warehouse.close()
    with pytest.raises(OperatorError, match="no schema"):
        open_warehouse("trino://vtion@127.0.0.1:9/tpch", Settings(), None)
