"""Submitted statements by their ids: who waits, who runs, and what came of it."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Protocol

from domain.errors import NotFoundError, OperatorError, VtionError
from domain.result_table import ResultTable
from warehouse.protocol import QueryStatus
from warehouse.result_store import HeldResult, ResultStore
from warehouse.statement_queue import QueueFullError, StatementQueue

_STATEMENTS_REMEMBERED = 1_000


class Statement(Protocol):
    """One statement of an engine."""

    @property
    def status(self) -> QueryStatus:
        """State and meters now."""

    async def run(self) -> HeldResult | None:
        """Runs to the end, and says in `status` how it ended; None where there is no result."""

    def stop(self) -> None:
        """Has it end soon, running or not begun. Returns at once."""

    def leave(self) -> None:
        """Has it end soon here, and go on at an engine that outlives this process."""

    def refuse(self, error: VtionError | None = None) -> None:
        """Ends it before it ran: failed with the error, cancelled without one."""


class StatementTable:
    """Runs statements in turn and keeps what became of them. Used on one event loop."""

    def __init__(
        self, queue: StatementQueue, results: ResultStore, stop_seconds: float | None
    ) -> None:
        """`stop_seconds` is how long a cancel waits for the end; None: until it is there."""
        self._queue = queue
        self._results = results
        self._stop_seconds = stop_seconds
        self._statements: dict[str, Statement] = {}
        self._ends: dict[str, asyncio.Task[None]] = {}
        self._is_closed = False

    def submit(self, make: Callable[[str], Statement], query_id: str | None) -> str:
        """Queues what `make` makes of the id, and returns the id at once.

        A known id is the same statement. Where too many wait, its state is FAILED with
        QueueFullError.
        """
        if query_id is not None and query_id in self._statements:
            return query_id
        query_id = query_id or uuid.uuid4().hex
        statement = make(query_id)
        try:
            running = self._run(query_id, statement, self._turn(query_id))
        except (QueueFullError, OperatorError) as error:
            statement.refuse(error)
            running = _ended()
        self._statements[query_id] = statement
        self._ends[query_id] = asyncio.create_task(running)
        self._forget_oldest()
        return query_id

    def status(self, query_id: str) -> QueryStatus:
        """Returns the state now; raises NotFoundError for an unknown id."""
        status = self._statement(query_id).status
        return replace(status, queue_position=self._queue.position(query_id))

    def positions(self, query_id: str) -> AsyncIterator[int]:
        """Yields the place in the queue now and whenever it changes; ends with the wait."""
        return self._queue.positions(query_id)

    async def wait(self, query_id: str) -> QueryStatus:
        """Returns the final state, as soon as there is one."""
        statement = self._statement(query_id)
        await asyncio.wait({self._ends[query_id]})
        return statement.status

    def page(self, query_id: str, offset: int, limit: int) -> ResultTable:
        """Returns rows of a succeeded statement.

        Raises NotFoundError for an unknown id, ResultExpiredError where the rows were dropped.
        """
        self._statement(query_id)
        return self._results.get(query_id).page(offset, limit)

    async def cancel(self, query_id: str) -> None:
        """Stops the statement for real. Does nothing where it has ended."""
        await self._end(query_id, self._statement(query_id).stop)

    async def leave(self, query_id: str) -> None:
        """Waits no longer; the statement goes on where the engine outlives this process."""
        await self._end(query_id, self._statement(query_id).leave)

    async def release(self, query_id: str) -> None:
        """Forgets the result; an unfinished statement is cancelled first."""
        if query_id not in self._statements:
            return
        await self.cancel(query_id)
        self._forget(query_id)

    async def close(self) -> None:
        """Stops what runs, and waits for every end. What is submitted later fails."""
        self._is_closed = True
        for query_id, end in self._ends.items():
            if not end.done():
                self._statements[query_id].stop()
                self._queue.leave(query_id)
        await asyncio.gather(*self._ends.values())

    async def _end(self, query_id: str, stop: Callable[[], None]) -> None:
        end = self._ends[query_id]
        if end.done():
            return
        stop()
        self._queue.leave(query_id)
        await asyncio.wait({end}, timeout=self._stop_seconds)

    def _turn(self, query_id: str) -> asyncio.Future[bool]:
        if self._is_closed:
            raise OperatorError("The warehouse is closed.")
        return self._queue.join(query_id)

    async def _run(self, query_id: str, statement: Statement, turn: asyncio.Future[bool]) -> None:
        if not await turn:
            statement.refuse()
            return
        try:
            result = await statement.run()
        finally:
            self._queue.finish()
        if result is not None and query_id in self._statements:
            self._results.put(query_id, result)

    def _statement(self, query_id: str) -> Statement:
        if query_id not in self._statements:
            raise NotFoundError("There is no such query.")
        return self._statements[query_id]

    def _forget(self, query_id: str) -> None:
        self._results.drop(query_id)
        self._statements.pop(query_id, None)
        self._ends.pop(query_id, None)

    def _forget_oldest(self) -> None:
        if len(self._statements) > _STATEMENTS_REMEMBERED:
            oldest = next((i for i, end in self._ends.items() if end.done()), None)
            if oldest is not None:
                self._forget(oldest)


async def _ended() -> None:
    """Is the run of a statement that was refused."""
