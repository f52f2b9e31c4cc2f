"""An engine behind a SQLAlchemy URL as a warehouse."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from time import perf_counter

from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.engine.reflection import ObjectKind
from sqlalchemy.exc import ArgumentError, DBAPIError

from domain.catalog import Catalog, ColumnSchema, TableSchema
from domain.errors import OperatorError, VtionError
from domain.policy import Policy
from warehouse.allowed_catalog import without_denied_columns
from warehouse.protocol import QueryState, QueryStatus, WarehouseLimits
from warehouse.query_errors import StatementLostError, too_slow
from warehouse.remote_warehouse import RemoteWarehouse, RowResult, Statement
from warehouse.sql_engines.backend import Backend, backend_of
from warehouse.sql_engines.column_types import athena_type_of
from warehouse.sql_engines.engine_call import EngineCall
from warehouse.sql_engines.rendering import Renderer
from warehouse.sql_engines.statement_place import StatementPlace

_PLANNING_SECONDS = 30.0
_PLANNING_THREADS = 2
_RECYCLE_SECONDS = 1_800


class SqlEngineWarehouse(RemoteWarehouse):
    """A `Warehouse` on one schema of Trino, Postgres or Redshift."""

    def __init__(self, url: str, limits: WarehouseLimits, policy: Policy | None) -> None:
        super().__init__(limits)
        self._policy = policy
        self._backend, self._engine, self._schema = _open_engine(url, limits)
        threads = limits.concurrent_statements + _PLANNING_THREADS
        self._threads = ThreadPoolExecutor(threads, "sql-engine")
        self._known: Catalog | None = None
        self._renderer: Renderer | None = None

    @property
    def name(self) -> str:
        """What stands on the receipt."""
        return self._backend.name

    async def catalog(self) -> Catalog:
        """Returns the tables of the schema, those of the policy's denied columns less.

        Raises OperatorError where the engine cannot be reached.
        """
        catalog = await asyncio.get_running_loop().run_in_executor(self._threads, self._read)
        self._known, self._renderer = catalog, Renderer(catalog, self._backend.dialect)
        return without_denied_columns(catalog, self._policy)

    async def validate(self, sql: str) -> None:
        """Has the engine plan the statement; raises RepairableError with its words."""
        renderer = await self._render()
        planning = Statement(self._backend.explain(renderer.render(sql)))
        try:
            async with asyncio.timeout(_PLANNING_SECONDS):
                await self._call(planning, self._engine_call(planning.sql))
        except TimeoutError:
            raise too_slow(_PLANNING_SECONDS) from None

    async def _execute(self, statement: Statement) -> RowResult:
        rendered = (await self._render()).render(statement.sql)
        statement.status = QueryStatus(QueryState.RUNNING)
        started = perf_counter()
        try:
            return await self._run(statement, rendered)
        finally:
            spent = (perf_counter() - started) * 1000
            statement.status = replace(statement.status, engine_ms=spent)

    async def _run(self, statement: Statement, sql: str) -> RowResult:
        """Runs a statement once: one that a worker which is gone began is gone on with, or lost."""
        journal, query_id = statement.journal, statement.query_id
        if journal is None:
            return await self._call(statement, self._engine_call(sql))
        if self._backend.outlives_connections:
            place = StatementPlace(journal, query_id, await journal.noted(query_id))
            return await self._call(statement, self._engine_call(sql, place))
        if await journal.note(query_id) is not None:
            raise StatementLostError
        try:
            return await self._call(statement, self._engine_call(sql))
        except asyncio.CancelledError:
            with suppress(VtionError):
                await journal.forget(query_id)
            raise

    def _engine_call(self, sql: str, place: StatementPlace | None = None) -> EngineCall:
        return EngineCall(self._engine, self._backend, sql, place)

    async def _call(self, statement: Statement, call: EngineCall) -> RowResult:
        running = asyncio.get_running_loop().run_in_executor(self._threads, call.run)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.to_thread(call.leave if statement.is_left else call.cancel)
            await asyncio.wait({running})
            running.exception()
            raise

    async def _render(self) -> Renderer:
        if self._renderer is None:
            await self.catalog()
        if self._renderer is None:
            raise TypeError("reading the catalog makes the renderer")
        return self._renderer

    def _read(self) -> Catalog:
        try:
            found = inspect(self._engine).get_multi_columns(
                schema=self._schema, kind=ObjectKind.ANY
            )
        except DBAPIError as error:
            cause = error.orig if isinstance(error.orig, Exception) else error
            raise self._backend.classify(cause) from error
        except self._backend.errors as error:
            raise self._backend.classify(error) from error
        tables = (
            TableSchema(
                name=name,
                columns=tuple(
                    ColumnSchema(name=column["name"], type=athena_type_of(column["type"]))
                    for column in columns
                ),
            )
            for (_, name), columns in sorted(found.items())
        )
        return Catalog(catalog=self._backend.name, database=self._schema, tables=tuple(tables))

    async def _close_engine(self) -> None:
        self._threads.shutdown(wait=False)
        await asyncio.to_thread(self._engine.dispose)


def _open_engine(url: str, limits: WarehouseLimits) -> tuple[Backend, Engine, str]:
    try:
        address = make_url(url)
        backend = backend_of(address.drivername)
        schema = backend.default_schema(address)
        engine = create_engine(
            backend.address(address),
            pool_size=limits.concurrent_statements + _PLANNING_THREADS,
            pool_pre_ping=True,
            pool_recycle=_RECYCLE_SECONDS,
            connect_args=backend.connect_arguments(limits.timeout_seconds),
        )
    except ArgumentError as error:
        raise OperatorError(f"VTION_WAREHOUSE cannot be read: {error}") from error
    return backend, engine, schema
