"""What every warehouse behind a network has in common: statements that run as tasks."""

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

from domain.errors import OperatorError, VtionError
from domain.result_table import ResultColumn, ResultTable, Value
from warehouse.protocol import QueryState, QueryStatus, WarehouseLimits
from warehouse.query_errors import QueryTooLargeError, too_slow
from warehouse.queued_warehouse import QueuedWarehouse
from warehouse.statement_journal import StatementJournal

ROWS_HELD = 200_000
"""Rows a result may have; the guard caps statements at fewer."""
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
    journal: StatementJournal | None = None
    is_left: bool = False
    """True where nobody here waits for it any more and another worker goes on with it."""
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

    def leave(self) -> None:
        """Has the statement end here alone, where the engine outlives this process."""
        self._statement.is_left = True
        self.stop()

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


class RemoteWarehouse(QueuedWarehouse):
    """Submits, watches and stops statements; a subclass runs them on its engine."""

    def __init__(self, limits: WarehouseLimits) -> None:
        super().__init__(limits, _CELLS_BYTES_HELD, stop_seconds=None)

    @abstractmethod
    async def _execute(self, statement: Statement) -> RowResult:
        """Runs the statement and meters it in `status`.

        Cancelling the task stops the statement on the engine too, before this returns, unless it
        is left to another worker. Raises VtionErrors only.
        """

    def _statement(
        self, sql: str, query_id: str, journal: StatementJournal | None
    ) -> _RunningStatement:
        seconds = self._limits.timeout_seconds
        return _RunningStatement(Statement(sql, query_id, journal), self._execute, seconds)


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
