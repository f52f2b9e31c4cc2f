"""What every warehouse behind a network has in common: statements that run as tasks."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from domain.errors import OperatorError, VtionError
from domain.result_table import ResultColumn, ResultTable, Value
from warehouse.protocol import QueryState, QueryStatus, ScanEstimate, WarehouseLimits
from warehouse.query_errors import QueryTooLargeError, too_slow
from warehouse.result_store import ResultStore
from warehouse.statement_queue import StatementQueue
from warehouse.statement_table import StatementTable

ROWS_HELD = 200_000
"""Rows a result may have; the guard caps statements at fewer."""
_RESULTS_HELD = 1_024
"""More than there are runs at work: a result must last until its run has read it."""
_CELLS_BYTES_HELD = 512 * 1024 * 1024
_CELL_BYTES = 64
_FAULTS = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    OSError,
)
"""What a library raises on what it did not foresee: the statement ends, and says so."""


@dataclass(frozen=True, slots=True)
class RowResult:
    """A result as Python values."""

    columns: tuple[ResultColumn, ...]
    rows: list[tuple[Value, ...]]

    @property
    def size_bytes(self) -> int:
        """Memory it takes, about."""
        return len(self.rows) * max(len(self.columns), 1) * _CELL_BYTES

    def page(self, offset: int, limit: int) -> ResultTable:
        """Returns the rows from `offset`, at most `limit` of them."""
        return ResultTable(self.columns, tuple(self.rows[offset : offset + limit]))


@dataclass(slots=True)
class Statement:
    """One submitted statement; `status` is replaced as the engine tells of it."""

    sql: str
    query_id: str = ""
    """Empty for one that nobody asks about, such as an EXPLAIN."""
    status: QueryStatus = field(default_factory=lambda: QueryStatus(QueryState.QUEUED))


class _RunningStatement:
    """A statement that runs as a task; to stop the task is to stop the statement."""

    def __init__(
        self,
        statement: Statement,
        execute: Callable[[Statement], Coroutine[None, None, RowResult]],
        seconds: float,
    ) -> None:
        self._statement = statement
        self._execute = execute
        self._seconds = seconds
        self._work: asyncio.Task[RowResult] | None = None
        self._is_stopped = False

    @property
    def status(self) -> QueryStatus:
        """State and meters now."""
        return self._statement.status

    def stop(self) -> None:
        """Has the engine stop the statement. Returns at once."""
        self._is_stopped = True
        if self._work is not None:
            self._work.cancel()

    def refuse(self, error: VtionError | None = None) -> None:
        """Ends the statement before it ran."""
        self._end(QueryState.CANCELLED if error is None else QueryState.FAILED, error=error)

    async def run(self) -> RowResult | None:
        """Runs the statement to its end; None where it failed, with the reason in `status`."""
        if self._is_stopped:
            self.refuse()
            return None
        self._work = asyncio.create_task(self._execute(self._statement))
        try:
            async with asyncio.timeout(self._seconds):
                result = await self._work
        except asyncio.CancelledError:
            self._end(QueryState.CANCELLED)
        except TimeoutError:
            self._end(QueryState.FAILED, error=too_slow(self._seconds))
        except VtionError as failed:
            self._end(QueryState.FAILED, error=failed)
        except _FAULTS as fault:
            error = OperatorError(f"The statement could not be run: {fault!r}")
            self._end(QueryState.FAILED, error=error)
        else:
            self._end(QueryState.SUCCEEDED, row_count=len(result.rows))
            return result
        return None

    def _end(self, state: QueryState, row_count: int = 0, error: VtionError | None = None) -> None:
        status = replace(self._statement.status, state=state, row_count=row_count, error=error)
        self._statement.status = status


class RemoteWarehouse(ABC):
    """Submits, watches and stops statements; a subclass runs them on its engine."""

    def __init__(self, limits: WarehouseLimits) -> None:
        self._limits = limits
        self._statements = StatementTable(
            StatementQueue(limits.concurrent_statements, limits.queued_statements),
            ResultStore(_RESULTS_HELD, _CELLS_BYTES_HELD),
            stop_seconds=None,
        )

    @abstractmethod
    async def _execute(self, statement: Statement) -> RowResult:
        """Runs the statement and meters it in `status`.

        Cancelling the task stops the statement on the engine too, before this returns. Raises
        VtionErrors only.
        """

    @abstractmethod
    async def _close_connections(self) -> None:
        """Frees what the engine's client holds."""

    @property
    def limits(self) -> WarehouseLimits:
        """The bounds in force."""
        return self._limits

    async def estimate(self, sql: str) -> ScanEstimate:
        """Says that the engine cannot tell what a statement will read."""
        del sql
        return ScanEstimate(bytes=None, is_upper_bound=False)

    async def submit(self, sql: str, query_id: str | None = None) -> str:
        """Queues the statement and returns its query id at once; a known id is the same one.

        Where too many wait, its state is FAILED with QueueFullError.
        """
        return self._statements.submit(partial(self._running, sql), query_id)

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
        """Stops the statement on the engine. Does nothing where it has ended."""
        await self._statements.cancel(query_id)

    async def release(self, query_id: str) -> None:
        """Forgets the result; an unfinished statement is cancelled first."""
        await self._statements.release(query_id)

    async def close(self) -> None:
        """Cancels what runs and frees the connections."""
        await self._statements.close()
        await self._close_connections()

    def _running(self, sql: str, query_id: str) -> _RunningStatement:
        seconds = self._limits.timeout_seconds
        return _RunningStatement(Statement(sql, query_id), self._execute, seconds)


def require_holdable(row_count: int) -> None:
    """Raises QueryTooLargeError where a result has more rows than may be held."""
    if row_count > ROWS_HELD:
        raise QueryTooLargeError("The result is too large to hold. Ask for fewer rows.")


def plain_value(value: Any) -> Value:  # noqa: ANN401 - whatever a driver returns
    """Returns a driver's value in the product's terms: rows, maps and tuples become lists."""
    if isinstance(value, dict):
        return [plain_value(item) for item in value.values()]
    if isinstance(value, list | tuple):
        return [plain_value(item) for item in value]
    plain: Value = value
    return plain
