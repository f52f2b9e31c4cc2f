"""DuckDB, embedded: runs Athena SQL on one locked connection, a cursor a statement."""

import asyncio
import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from duckdb import DuckDBPyConnection

from domain.catalog import Catalog
from domain.errors import NotFoundError
from domain.result_table import ResultTable
from warehouse.athena_dialect import AthenaTranslator
from warehouse.bounded_call import BoundedCall
from warehouse.duckdb_lock import require_single_select
from warehouse.duckdb_statement import DuckdbStatement
from warehouse.protocol import QueryStatus, ScanEstimate, WarehouseLimits
from warehouse.result_store import ResultStore

_PLANNING_THREADS = 2
_PLANNING_SECONDS = 10.0
_RESULTS_HELD = 64
_RESULT_BYTES_HELD = 256 * 1024 * 1024
_STATEMENTS_REMEMBERED = 1_000
_CANCEL_WAIT_SECONDS = 2.0


class DuckdbWarehouse:
    """A `Warehouse` on a connection that is already locked; the catalog does not change."""

    def __init__(
        self, connection: DuckDBPyConnection, catalog: Catalog, limits: WarehouseLimits
    ) -> None:
        self._connection = connection
        self._catalog = catalog
        self._limits = limits
        self._translator = AthenaTranslator(catalog)
        self._running = ThreadPoolExecutor(limits.concurrent_statements, "duckdb")
        self._planning = ThreadPoolExecutor(_PLANNING_THREADS, "duckdb-plan")
        self._statements: dict[str, DuckdbStatement] = {}
        self._ends: dict[str, asyncio.Task[None]] = {}
        self._results = ResultStore(_RESULTS_HELD, _RESULT_BYTES_HELD)

    @property
    def name(self) -> str:
        """What stands on the receipt."""
        return "duckdb"

    @property
    def limits(self) -> WarehouseLimits:
        """The bounds in force."""
        return self._limits

    async def catalog(self) -> Catalog:
        """Returns every table that may be named, with Athena types."""
        return self._catalog

    async def validate(self, sql: str) -> None:
        """Translates and plans; raises RepairableError with the engine's words."""
        await asyncio.get_running_loop().run_in_executor(self._planning, self._plan, sql)

    async def estimate(self, sql: str) -> ScanEstimate:
        """DuckDB does not say what a statement will read."""
        del sql
        return ScanEstimate(bytes=None, is_upper_bound=False)

    async def submit(self, sql: str) -> str:
        """Queues the statement and returns its query id at once."""
        query_id = uuid.uuid4().hex
        statement = DuckdbStatement(
            self._connection,
            partial(self._translator.translate, sql),
            self._limits.timeout_seconds,
            _RESULT_BYTES_HELD,
        )
        self._statements[query_id] = statement
        self._ends[query_id] = asyncio.create_task(self._run(query_id, statement))
        self._forget_oldest()
        return query_id

    async def status(self, query_id: str) -> QueryStatus:
        """Returns the state now; raises NotFoundError for an unknown id."""
        return self._statement(query_id).status

    async def wait(self, query_id: str) -> QueryStatus:
        """Returns the final state, as soon as there is one."""
        statement = self._statement(query_id)
        await asyncio.shield(self._ends[query_id])
        return statement.status

    async def page(self, query_id: str, offset: int, limit: int) -> ResultTable:
        """Returns rows of a succeeded statement.

        Raises NotFoundError for an unknown id, ResultExpiredError where the rows were dropped.
        """
        self._statement(query_id)
        return self._results.get(query_id).page(offset, limit)

    async def cancel(self, query_id: str) -> None:
        """Interrupts the statement and waits a moment for it to stop."""
        statement, end = self._statement(query_id), self._ends[query_id]
        if not end.done():
            statement.cancel()
            await asyncio.wait({end}, timeout=_CANCEL_WAIT_SECONDS)

    async def release(self, query_id: str) -> None:
        """Forgets the result; an unfinished statement is cancelled first."""
        if query_id not in self._statements:
            return
        await self.cancel(query_id)
        self._results.drop(query_id)
        del self._statements[query_id], self._ends[query_id]

    async def close(self) -> None:
        """Cancels what runs, waits for the threads, and closes the database."""
        for statement, end in zip(self._statements.values(), self._ends.values(), strict=True):
            if not end.done():
                statement.cancel()
        await asyncio.gather(*self._ends.values())
        await asyncio.to_thread(self._shut_down)

    async def _run(self, query_id: str, statement: DuckdbStatement) -> None:
        loop = asyncio.get_running_loop()
        result = await loop.run_in_executor(self._running, statement.run)
        if result is not None:
            self._results.put(query_id, result)

    def _plan(self, sql: str) -> None:
        translated = self._translator.translate(sql)
        call = BoundedCall(self._connection, _PLANNING_SECONDS)
        call.run(lambda cursor: _explain(cursor, translated), translated)

    def _statement(self, query_id: str) -> DuckdbStatement:
        if query_id not in self._statements:
            raise NotFoundError("There is no such query.")
        return self._statements[query_id]

    def _forget_oldest(self) -> None:
        if len(self._statements) <= _STATEMENTS_REMEMBERED:
            return
        oldest = next((i for i, end in self._ends.items() if end.done()), None)
        if oldest is not None:
            self._results.drop(oldest)
            del self._statements[oldest], self._ends[oldest]

    def _shut_down(self) -> None:
        self._running.shutdown()
        self._planning.shutdown()
        self._connection.close()


def _explain(cursor: DuckDBPyConnection, sql: str) -> None:
    require_single_select(cursor, sql)
    cursor.execute(f"EXPLAIN {sql}").fetchall()
