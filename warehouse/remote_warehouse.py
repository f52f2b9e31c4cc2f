"""What every warehouse behind a network has in common: statements that run as tasks."""

import asyncio
import uuid
from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from typing import Any

from domain.errors import NotFoundError, OperatorError, VtionError
from domain.result_table import ResultColumn, ResultTable, Value
from warehouse.protocol import QueryState, QueryStatus, ScanEstimate, WarehouseLimits
from warehouse.query_errors import QueryTooLargeError, too_slow
from warehouse.result_store import ResultStore

ROWS_HELD = 200_000
"""Rows a result may have; the guard caps statements at fewer."""
_RESULTS_HELD = 64
_CELLS_BYTES_HELD = 512 * 1024 * 1024
_CELL_BYTES = 64
_STATEMENTS_REMEMBERED = 1_000
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


class RemoteWarehouse(ABC):
    """Submits, watches and stops statements; a subclass runs them on its engine."""

    def __init__(self, limits: WarehouseLimits) -> None:
        self._limits = limits
        self._free = asyncio.Semaphore(limits.concurrent_statements)
        self._statements: dict[str, Statement] = {}
        self._ends: dict[str, asyncio.Task[None]] = {}
        self._results = ResultStore(_RESULTS_HELD, _CELLS_BYTES_HELD)

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
        """Queues the statement and returns its query id at once; a known id is the same one."""
        if query_id is not None and query_id in self._statements:
            return query_id
        query_id = query_id or uuid.uuid4().hex
        statement = Statement(sql, query_id)
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
        await asyncio.wait({self._ends[query_id]})
        return statement.status

    async def page(self, query_id: str, offset: int, limit: int) -> ResultTable:
        """Returns rows of a succeeded statement.

        Raises NotFoundError for an unknown id, ResultExpiredError where the rows were dropped.
        """
        self._statement(query_id)
        return self._results.get(query_id).page(offset, limit)

    async def cancel(self, query_id: str) -> None:
        """Stops the statement on the engine. Does nothing where it has ended."""
        statement, end = self._statement(query_id), self._ends[query_id]
        if end.done():
            return
        end.cancel()
        await asyncio.wait({end})
        if statement.status.state in (QueryState.QUEUED, QueryState.RUNNING):
            # It was cancelled before its task had begun.
            _end(statement, QueryState.CANCELLED)

    async def release(self, query_id: str) -> None:
        """Forgets the result; an unfinished statement is cancelled first."""
        if query_id not in self._statements:
            return
        await self.cancel(query_id)
        self._results.drop(query_id)
        del self._statements[query_id], self._ends[query_id]

    async def close(self) -> None:
        """Cancels what runs and frees the connections."""
        running = [query_id for query_id, end in self._ends.items() if not end.done()]
        await asyncio.gather(*(self.cancel(query_id) for query_id in running))
        await self._close_connections()

    async def _run(self, query_id: str, statement: Statement) -> None:
        try:
            async with self._free, asyncio.timeout(self._limits.timeout_seconds):
                result = await self._execute(statement)
        except asyncio.CancelledError:
            _end(statement, QueryState.CANCELLED)
        except TimeoutError:
            _end(statement, QueryState.FAILED, error=too_slow(self._limits.timeout_seconds))
        except VtionError as failed:
            _end(statement, QueryState.FAILED, error=failed)
        except _FAULTS as fault:
            error = OperatorError(f"The statement could not be run: {fault!r}")
            _end(statement, QueryState.FAILED, error=error)
        else:
            self._results.put(query_id, result)
            _end(statement, QueryState.SUCCEEDED, row_count=len(result.rows))

    def _statement(self, query_id: str) -> Statement:
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


def _end(
    statement: Statement, state: QueryState, row_count: int = 0, error: VtionError | None = None
) -> None:
    statement.status = replace(statement.status, state=state, row_count=row_count, error=error)
