"""Athena through PyAthena: every wait in asyncio, every stop a StopQueryExecution."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any

import structlog
from botocore.config import Config
from pyathena.aio.connection import AioConnection
from pyathena.error import Error as PyAthenaError
from pyathena.model import AthenaQueryExecution
from pyathena.util import RetryConfig

from domain.catalog import Catalog
from domain.errors import OperatorError, UnavailableError
from domain.policy import Policy
from domain.result_table import Value
from warehouse.allowed_catalog import without_denied_columns
from warehouse.athena.address import AthenaAddress
from warehouse.athena.cursor import BackoffCursor
from warehouse.athena.errors import api_error_of, failure_of, is_worth_a_retry
from warehouse.athena.glue_catalog import GlueCatalog, Workgroup
from warehouse.athena.pricing import cost_usd
from warehouse.athena.values import columns_of, nested_as_text
from warehouse.protocol import QueryState, QueryStatus, ScanEstimate, WarehouseLimits
from warehouse.query_errors import too_slow
from warehouse.remote_warehouse import (
    RemoteWarehouse,
    RowResult,
    Statement,
    require_holdable,
)
from warehouse.scan_cost.scan_governor import ScanGovernor

_CONNECT_SECONDS = 5
_READ_SECONDS = 30
_CALLS = 6
"""Tries of one API call; botocore waits between them, longer each time."""
_VALIDATE_SECONDS = 30.0
_PAGE_ROWS = 1_000
_READERS = 8
_STATES = {
    AthenaQueryExecution.STATE_QUEUED: QueryState.QUEUED,
    AthenaQueryExecution.STATE_RUNNING: QueryState.RUNNING,
}

_log = structlog.get_logger(__name__)

# Every failure is raised, classified and logged by us; PyAthena would log it a second time.
logging.getLogger("pyathena").setLevel(logging.CRITICAL)


class AthenaWarehouse(RemoteWarehouse):
    """A `Warehouse` on one Glue database and one workgroup."""

    def __init__(
        self,
        address: AthenaAddress,
        limits: WarehouseLimits,
        policy: Policy | None,
        usd_per_terabyte: float,
    ) -> None:
        super().__init__(limits)
        self._address = address
        self._policy = policy
        self._usd_per_terabyte = usd_per_terabyte
        self._opening = asyncio.Lock()
        self._connection: AioConnection | None = None
        self._catalog: GlueCatalog | None = None
        self._governor: ScanGovernor | None = None
        self._readers = ThreadPoolExecutor(_READERS, "lake")

    @property
    def name(self) -> str:
        """What stands on the receipt."""
        return "athena"

    async def catalog(self) -> Catalog:
        """Returns the tables of the Glue database, those of the policy's denied columns less.

        Raises OperatorError where Glue or the workgroup cannot be used.
        """
        await self._connect()
        aws = await self._aws()
        catalog = await asyncio.to_thread(aws.read)
        workgroup = await asyncio.to_thread(aws.workgroup)
        _report_cutoff(workgroup)
        self._limits = replace(self._limits, scan_bytes=workgroup.cutoff_bytes)
        self._governor = ScanGovernor(catalog, aws.storage(), self._readers)
        return without_denied_columns(catalog, self._policy)

    async def estimate(self, sql: str) -> ScanEstimate:
        """Returns the most bytes that the statement can read, from what Glue and S3 say."""
        if self._governor is None:
            await self.catalog()
        governor = self._governor
        if governor is None:
            raise TypeError("reading the catalog makes the governor")
        try:
            return await asyncio.to_thread(governor.estimate, sql)
        except OperatorError as error:
            # A role that may not list objects can still ask; the workgroup's cutoff bounds it.
            _log.warning("scan_not_estimated", error=error.message)
            return ScanEstimate(bytes=None, is_upper_bound=False)

    async def validate(self, sql: str) -> None:
        """Has Athena plan the statement, which is free; raises RepairableError with its words."""
        statement = Statement(f"EXPLAIN (TYPE VALIDATE) {sql}")
        try:
            async with asyncio.timeout(_VALIDATE_SECONDS):
                await self._execute(statement)
        except TimeoutError:
            raise too_slow(_VALIDATE_SECONDS) from None

    async def _execute(self, statement: Statement) -> RowResult:
        if statement.journal is not None:
            # While the database is away the token alone keeps it from running twice.
            with suppress(UnavailableError):
                await statement.journal.require_run()
        result = await self._attempt(statement, is_last=False)
        return result if result is not None else await self._last_attempt(statement)

    async def _last_attempt(self, statement: Statement) -> RowResult:
        result = await self._attempt(statement, is_last=True)
        if result is None:
            raise TypeError("the last attempt returns or raises")
        return result

    async def _attempt(self, statement: Statement, *, is_last: bool) -> RowResult | None:
        """Returns the result; None where the same statement is worth another attempt."""
        seen: list[AthenaQueryExecution] = []

        def watch(execution: AthenaQueryExecution) -> None:
            seen[:] = [execution]
            statement.status = self._status(execution)

        cursor = (await self._connect()).cursor(
            BackoffCursor,
            on_poll=watch,
            result_reuse_enable=self._address.reuse_minutes > 0,
            result_reuse_minutes=self._address.reuse_minutes,
        )
        cursor.request_token = _token(statement, is_last=is_last)
        cursor.is_left = lambda: statement.is_left
        try:
            await cursor.execute(statement.sql)
            return await _fetch(cursor)
        except PyAthenaError as error:
            if not seen or seen[0].state == AthenaQueryExecution.STATE_SUCCEEDED:
                raise api_error_of(error) from error
            if is_worth_a_retry(seen[0]) and not is_last:
                return None
            raise failure_of(seen[0]) from error

    def _status(self, execution: AthenaQueryExecution) -> QueryStatus:
        scanned = execution.data_scanned_in_bytes or 0
        return QueryStatus(
            # Final only when the rows are here too.
            state=_STATES.get(execution.state or "", QueryState.RUNNING),
            bytes_scanned=scanned,
            engine_ms=float(execution.engine_execution_time_in_millis or 0),
            queue_ms=float(execution.query_queue_time_in_millis or 0),
            cost_usd=cost_usd(scanned, self._usd_per_terabyte),
        )

    async def _connect(self) -> AioConnection:
        async with self._opening:
            if self._connection is None:
                self._connection = await AioConnection.create(**self._connection_options())
            return self._connection

    def _connection_options(self) -> dict[str, Any]:
        address = self._address
        endpoint = {"endpoint_url": address.endpoint} if address.endpoint else {}
        return {
            "region_name": address.region,
            "work_group": address.workgroup,
            "catalog_name": address.catalog,
            "schema_name": address.database,
            "s3_staging_dir": address.output,
            "config": client_options(address),
            # botocore's retries are the only ones: two layers would multiply.
            "converter": nested_as_text(),
            "retry_config": RetryConfig(attempt=1),
            **endpoint,
        }

    async def _aws(self) -> GlueCatalog:
        if self._catalog is None:
            self._catalog = await asyncio.to_thread(
                GlueCatalog, self._address, client_options(self._address)
            )
        return self._catalog

    async def _close_engine(self) -> None:
        self._readers.shutdown(wait=False, cancel_futures=True)
        if self._connection is not None:
            await asyncio.to_thread(self._connection.close)
        if self._catalog is not None:
            await asyncio.to_thread(self._catalog.close)


def _report_cutoff(workgroup: Workgroup) -> None:
    if workgroup.cutoff_bytes is None:
        _log.warning(
            "workgroup_without_cutoff",
            workgroup=workgroup.name,
            remedy="Set BytesScannedCutoffPerQuery: it is the last bound on what a query costs.",
        )
    else:
        _log.info("workgroup", workgroup=workgroup.name, cutoff_bytes=workgroup.cutoff_bytes)


def client_options(address: AthenaAddress) -> Config:
    """Returns timeouts and retries of every AWS client."""
    return Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": _CALLS},
        max_pool_connections=address.concurrency + 5,
    )


def _token(statement: Statement, *, is_last: bool) -> str | None:
    """Returns what makes a submission the same one after a restart; each attempt has its own."""
    return f"{statement.query_id}-{int(is_last)}" if statement.query_id else None


async def _fetch(cursor: BackoffCursor) -> RowResult:
    columns = columns_of(cursor.description)
    rows: list[tuple[Value, ...]] = []
    while page := await cursor.fetchmany(_PAGE_ROWS):
        rows += [tuple(row) for row in page]
        require_holdable(len(rows))
    return RowResult(columns, rows)
