"""Carries the events of a run's nodes to its one reader, past LangGraph's own stream.

Every write to that stream wakes the loop of the graph's executor, which costs more than most nodes
do. Here a write is an append, and the reader is woken once for all that came together.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Coroutine

from domain.run_event import RunClosed, RunEvent

NodeEvent = RunEvent | RunClosed


class EventStream:
    """Filled by nodes, read by the runner."""

    def __init__(self) -> None:
        self._events: deque[NodeEvent] = deque()
        self._changed = asyncio.Event()

    def write(self, event: NodeEvent) -> None:
        """Adds an event."""
        self._events.append(event)
        self._changed.set()

    async def during(self, work: Coroutine[object, object, None]) -> AsyncIterator[NodeEvent]:
        """Yields what is written while the work goes on; its error is raised after the last one.

        A reader that stops, or is cancelled, cancels the work and waits for its end.
        """
        task = asyncio.ensure_future(work)
        task.add_done_callback(lambda _: self._changed.set())
        try:
            while True:
                while self._events:
                    yield self._events.popleft()
                if task.done():
                    break
                self._changed.clear()
                await self._changed.wait()
            await task
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait({task})
