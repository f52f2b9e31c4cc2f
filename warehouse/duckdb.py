"""DuckDB, embedded: runs Athena SQL on an engine, in turn."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from domain.catalog import Catalog
from warehouse.athena_dialect import AthenaTranslator
from warehouse.duckdb_engine import Engine
from warehouse.duckdb_statement import DuckdbStatement
from warehouse.protocol import WarehouseLimits
from warehouse.queued_warehouse import QueuedWarehouse
from warehouse.statement_journal import StatementJournal

_PLANNING_THREADS = 2
_PLANNING_SECONDS = 10.0
RESULT_BYTES_HELD = 256 * 1024 * 1024
"""Of all results together, and of one."""
_CANCEL_WAIT_SECONDS = 2.0


class DuckdbWarehouse(QueuedWarehouse):
    """A `Warehouse` on an engine that is already locked; the catalog does not change."""

    def __init__(self, engine: Engine, catalog: Catalog, limits: WarehouseLimits) -> None:
        super().__init__(limits, RESULT_BYTES_HELD, _CANCEL_WAIT_SECONDS)
        self._engine = engine
        self._catalog = catalog
        self._translator = AthenaTranslator(catalog)
        self._running = ThreadPoolExecutor(limits.concurrent_statements, "duckdb")
        self._planning = ThreadPoolExecutor(_PLANNING_THREADS, "duckdb-plan")

    @property
    def name(self) -> str:
        """What stands on the receipt."""
        return "duckdb"

    async def catalog(self) -> Catalog:
        """Returns every table that may be named, with Athena types."""
        return self._catalog

    async def validate(self, sql: str) -> None:
        """Translates and plans; raises RepairableError with the engine's words."""
        await asyncio.get_running_loop().run_in_executor(self._planning, self._plan, sql)

    def _statement(
        self, sql: str, query_id: str, journal: StatementJournal | None
    ) -> DuckdbStatement:
        del query_id, journal
        call = self._engine.new_call(self._limits.timeout_seconds)
        return DuckdbStatement(call, partial(self._translator.translate, sql), self._running)

    def _plan(self, sql: str) -> None:
        self._engine.new_plan(_PLANNING_SECONDS).bind(self._translator.translate(sql))

    async def _close_engine(self) -> None:
        await asyncio.to_thread(self._shut_down)

    def _shut_down(self) -> None:
        self._running.shutdown()
        self._planning.shutdown()
        self._engine.close()
