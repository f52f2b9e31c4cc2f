"""DuckDB, embedded: runs Athena SQL on an engine, in turn."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from domain.catalog import Catalog
from domain.result_table import ResultTable
from warehouse.athena_dialect import AthenaTranslator
from warehouse.duckdb_engine import Engine
from warehouse.duckdb_statement import DuckdbStatement
from warehouse.protocol import QueryStatus, ScanEstimate, WarehouseLimits
from warehouse.result_store import ResultStore
from warehouse.statement_queue import StatementQueue
from warehouse.statement_table import StatementTable

_PLANNING_THREADS = 2
_PLANNING_SECONDS = 10.0
_RESULTS_HELD = 1_024
"""More than there are runs at work: a result must last until its run has read it."""
RESULT_BYTES_HELD = 256 * 1024 * 1024
"""Of all results together, and of one."""
_CANCEL_WAIT_SECONDS = 2.0


class DuckdbWarehouse:
    """A `Warehouse` on an engine that is already locked; the catalog does not change."""

    def __init__(self, engine: Engine, catalog: Catalog, limits: WarehouseLimits) -> None:
        self._engine = engine
        self._catalog = catalog
        self._limits = limits
        self._translator = AthenaTranslator(catalog)
        self._running = ThreadPoolExecutor(limits.concurrent_statements, "duckdb")
        self._planning = ThreadPoolExecutor(_PLANNING_THREADS, "duckdb-plan")
        self._statements = StatementTable(
            StatementQueue(limits.concurrent_statements, limits.queued_statements),
            ResultStore(_RESULTS_HELD, RESULT_BYTES_HELD),
            _CANCEL_WAIT_SECONDS,
        )

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

    async def submit(self, sql: str, query_id: str | None = None) -> str:
        """Queues the statement and returns its query id at once; a known id is the same one.

        Where too many wait, its state is FAILED with QueueFullError.
        """
        return self._statements.submit(lambda _: self._statement(sql), query_id)

    async def status(self, query_id: str) -> QueryStatus:
        """Returns the state now; raises NotFoundError for an unknown id."""
        return self._statements.status(query_id)

    def positions(self, query_id: str) -> AsyncIterator[int]:
        """Yields the place in the queue now and whenever it changes; ends with the wait."""
        return self._statements.positions(query_id)

    async def wait(self, query_id: str) -> QueryStatus:
        """Returns the final state, as soon as there is one."""
        return await self._statements.wait(query_id)

    async def page(self, query_id: str, offset: int, limit: int) -> ResultTable:
        """Returns rows of a succeeded statement.

        Raises NotFoundError for an unknown id, ResultExpiredError where the rows were dropped.
        """
        return self._statements.page(query_id, offset, limit)

    async def cancel(self, query_id: str) -> None:
        """Stops the statement and waits a moment for its end."""
        await self._statements.cancel(query_id)

    async def release(self, query_id: str) -> None:
        """Forgets the result; an unfinished statement is cancelled first."""
        await self._statements.release(query_id)

    async def close(self) -> None:
        """Stops what runs, waits for the threads, and closes the database."""
        await self._statements.close()
        await asyncio.to_thread(self._shut_down)

    def _statement(self, sql: str) -> DuckdbStatement:
        call = self._engine.new_call(self._limits.timeout_seconds)
        return DuckdbStatement(call, partial(self._translator.translate, sql), self._running)

    def _plan(self, sql: str) -> None:
        self._engine.new_plan(_PLANNING_SECONDS).bind(self._translator.translate(sql))

    def _shut_down(self) -> None:
        self._running.shutdown()
        self._planning.shutdown()
        self._engine.close()
