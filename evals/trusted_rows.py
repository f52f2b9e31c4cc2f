"""Results for the evaluator alone: gold SQL and answers' SQL, run whole and without a guard."""

import asyncio
from functools import partial
from pathlib import Path

import duckdb

from domain.errors import OperatorError, VtionError
from domain.result_table import ResultTable
from evals.execution_match import Row
from evals.sqlite_database import rows_of_sqlite, sqlite_beside
from settings.settings import Settings
from warehouse.bounded_call import BoundedCall
from warehouse.duckdb_source import open_source
from warehouse.open_warehouse import open_warehouse
from warehouse.protocol import QueryState, Warehouse

_DUCKDB = "duckdb://"
_MAXIMUM_ROWS = 1_000_000


class TrustedRows:
    """Runs SQL over everything a source holds.

    Gold of the dialect `duckdb` runs straight on DuckDB, with nothing of ours between: what it
    says does not depend on the translation that is being judged.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._warehouse: Warehouse = open_warehouse(settings.warehouse, settings, policy=None)
        self._plain = _plain_connection(settings.warehouse)
        self._kept: dict[str, list[Row]] = {}

    @property
    def warehouse(self) -> Warehouse:
        """A trusted session, for profiling."""
        return self._warehouse

    async def gold(self, sql: str, dialect: str) -> list[Row]:
        """Returns the rows of a gold statement; each is run once."""
        key = f"{dialect}:{sql}"
        if key not in self._kept:
            self._kept[key] = await self.once(sql, dialect)
        return self._kept[key]

    async def once(self, sql: str, dialect: str) -> list[Row]:
        """Runs a gold statement anew."""
        if dialect == "duckdb":
            return await self.plain(sql)
        if dialect == "sqlite":
            return await self._sqlite(sql)
        return list((await self.athena(sql)).rows)

    async def plain(self, sql: str) -> list[Row]:
        """Runs DuckDB SQL. Raises VtionError where it cannot run, or not in time."""
        if self._plain is None:
            raise OperatorError(
                f"Gold in DuckDB's SQL cannot run on {self._settings.warehouse}.",
                "Write it as Athena SQL and say `dialect: athena`.",
            )
        call = BoundedCall(self._plain, self._settings.warehouse_timeout_seconds)
        work = partial(call.run, lambda cursor: cursor.execute(sql).fetchall(), sql)
        return list(await asyncio.to_thread(work))

    async def _sqlite(self, sql: str) -> list[Row]:
        path = Path(self._settings.warehouse.removeprefix(_DUCKDB))
        file = sqlite_beside(path)
        if file is None:
            raise OperatorError(f"There is no SQLite file beside {path}.")
        seconds = self._settings.warehouse_timeout_seconds
        return list(await asyncio.to_thread(rows_of_sqlite, file, sql, seconds))

    async def athena(self, sql: str) -> ResultTable:
        """Runs Athena SQL. Raises VtionError where it cannot run, or not in time."""
        query_id = await self._warehouse.submit(sql)
        try:
            status = await self._warehouse.wait(query_id)
            if status.state is not QueryState.SUCCEEDED:
                raise status.error or OperatorError(f"The statement ended as {status.state}.")
            return await self._warehouse.page(query_id, 0, _MAXIMUM_ROWS)
        finally:
            await self._warehouse.release(query_id)

    async def close(self) -> None:
        """Frees both sessions."""
        await self._warehouse.close()
        if self._plain is not None:
            self._plain.close()


def _plain_connection(url: str) -> duckdb.DuckDBPyConnection | None:
    if not url.startswith(_DUCKDB):
        return None
    connection = duckdb.connect()
    try:
        open_source(url).mount(connection)
    except (duckdb.Error, VtionError):
        connection.close()
        raise
    return connection
