"""What every warehouse does with a submitted statement: queue, watch, page, stop, forget."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from functools import partial

from domain.result_table import ResultTable
from warehouse.protocol import QueryStatus, ScanEstimate, WarehouseLimits
from warehouse.result_store import ResultStore
from warehouse.statement_journal import StatementJournal
from warehouse.statement_queue import StatementQueue
from warehouse.statement_table import Statement, StatementTable

_RESULTS_HELD = 1_024
"""More than there are runs at work: a result must last until its run has read it."""


class QueuedWarehouse(ABC):
    """Runs statements in turn; a subclass says how its engine runs one."""

    def __init__(
        self, limits: WarehouseLimits, result_bytes_held: int, stop_seconds: float | None
    ) -> None:
        """`stop_seconds` is how long a cancel waits for the end; None: until it is there."""
        self._limits = limits
        self._statements = StatementTable(
            StatementQueue(limits.concurrent_statements, limits.queued_statements),
            ResultStore(_RESULTS_HELD, result_bytes_held),
            stop_seconds,
        )

    @abstractmethod
    def _statement(self, sql: str, query_id: str, journal: StatementJournal | None) -> Statement:
        """Returns a statement that has not begun."""

    @abstractmethod
    async def _close_engine(self) -> None:
        """Frees what the engine holds; no statement runs any more."""

    @property
    def limits(self) -> WarehouseLimits:
        """The bounds in force."""
        return self._limits

    async def estimate(self, sql: str) -> ScanEstimate:
        """Says that the engine cannot tell what a statement will read."""
        del sql
        return ScanEstimate(bytes=None, is_upper_bound=False)

    async def submit(
        self, sql: str, query_id: str | None = None, journal: StatementJournal | None = None
    ) -> str:
        """Queues the statement and returns its query id at once; a known id is the same one.

        Where too many wait, its state is FAILED with QueueFullError.
        """
        make = partial(self._statement, sql, journal=journal)
        return self._statements.submit(make, query_id)

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
        """Stops the statement on the engine too. Does nothing where it has ended."""
        await self._statements.cancel(query_id)

    async def leave(self, query_id: str) -> None:
        """Waits no longer; the statement goes on where the engine outlives this process."""
        await self._statements.leave(query_id)

    async def release(self, query_id: str) -> None:
        """Forgets the result; an unfinished statement is cancelled first."""
        await self._statements.release(query_id)

    async def close(self) -> None:
        """Stops what runs, waits for its end, and frees the engine."""
        await self._statements.close()
        await self._close_engine()
