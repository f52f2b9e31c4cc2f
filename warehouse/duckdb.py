"""DuckDB, embedded: runs Athena SQL on an engine, in turn."""

import asyncio
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from domain.catalog import Catalog
from domain.errors import NotFoundError
from domain.result_table import ResultTable
from warehouse.athena_dialect import AthenaTranslator
from warehouse.duckdb_engine import Engine
from warehouse.duckdb_statement import DuckdbStatement
from warehouse.protocol import QueryStatus, ScanEstimate, WarehouseLimits
from warehouse.result_store import ResultStore
from warehouse.statement_queue import QueueFullError, StatementQueue

_PLANNING_THREADS = 2
_PLANNING_SECONDS = 10.0
_RESULTS_HELD = 64
RESULT_BYTES_HELD = 256 * 1024 * 1024
"""Of all results together, and of one."""
_STATEMENTS_REMEMBERED = 1_000
_CANCEL_WAIT_SECONDS = 2.0


class DuckdbWarehouse:
    """A `Warehouse` on an engine that is already locked; the catalog does not change."""

    def __init__(
        self,
        engine: Engine,
        catalog: Catalog,
        limits: WarehouseLimits,
        longest_queue: int,
    ) -> None:
        self._engine = engine
        self._catalog = catalog
        self._limits = limits
        self._translator = AthenaTranslator(catalog)
        self._running = ThreadPoolExecutor(limits.concurrent_statements, "duckdb")
        self._planning = ThreadPoolExecutor(_PLANNING_THREADS, "duckdb-plan")
        self._queue = StatementQueue(limits.concurrent_statements, longest_queue)
        self._statements: dict[str, DuckdbStatement] = {}
        self._ends: dict[str, asyncio.Task[None]] = {}
        self._results = ResultStore(_RESULTS_HELD, RESULT_BYTES_HELD)

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
        if query_id is not None and query_id in self._statements:
            return query_id
        query_id = query_id or uuid.uuid4().hex
        call = self._engine.new_call(self._limits.timeout_seconds)
        statement = DuckdbStatement(call, partial(self._translator.translate, sql))
        self._statements[query_id] = statement
        self._ends[query_id] = asyncio.create_task(self._run(query_id, statement))
        self._forget_oldest()
        return query_id

    async def status(self, query_id: str) -> QueryStatus:
        """Returns the state now; raises NotFoundError for an unknown id."""
        status = self._statement(query_id).status
        return replace(status, queue_position=self._queue.position(query_id))

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
        """Stops the statement and waits a moment for its end."""
        statement, end = self._statement(query_id), self._ends[query_id]
        if not end.done():
            statement.cancel()
            self._queue.leave(query_id)
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
        for query_id, end in self._ends.items():
            if not end.done():
                self._statements[query_id].cancel()
                self._queue.leave(query_id)
        await asyncio.gather(*self._ends.values())
        await asyncio.to_thread(self._shut_down)

    async def _run(self, query_id: str, statement: DuckdbStatement) -> None:
        if self._queue.is_full:
            statement.refuse(QueueFullError("Too many questions wait. Ask again in a minute."))
            return
        if not await self._queue.enter(query_id):
            statement.refuse()
            return
        try:
            loop = asyncio.get_running_loop()
            result = await loop.run_in_executor(self._running, statement.run)
        finally:
            self._queue.finish()
        if result is not None:
            self._results.put(query_id, result)

    def _plan(self, sql: str) -> None:
        self._engine.new_plan(_PLANNING_SECONDS).explain(self._translator.translate(sql))

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
        self._engine.close()
