"""A run as its own task: readers come and go, it goes on until its end or until it is cancelled."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Literal, TypeAlias
from uuid import uuid4

import structlog

from api.agui_stream import AguiMapper
from api.runs.event_log import EventLog
from domain.answer import Answer
from domain.run_event import RunEvent, RunFailed, RunFinished, RunInterrupted, RunStarted
from graph.asked import Asked

_log = structlog.get_logger(__name__)
_FIRST_READER_SECONDS = 0.05
_INTERNAL = "Something is wrong on our side. Please try again, or give support the reference."
_RESTARTING = "The service restarts. Ask again in a moment."

RunEnd: TypeAlias = RunFinished | RunInterrupted | RunFailed
CancelReason: TypeAlias = Literal["asked", "abandoned", "restarting"]
_CANCELLED_TEXT = {"asked": "You stopped this question.", "abandoned": "Nobody waited any more."}


class LiveRun:
    """The task, its log of events, and the readers that keep it alive."""

    def __init__(self, asked: Asked, grace_seconds: float) -> None:
        self.asked = asked
        self.log = EventLog()
        self.end: RunEnd | None = None
        self._begun = time.monotonic()
        self._mapper = AguiMapper()
        self._grace_seconds = grace_seconds
        self._readers = 0
        self._is_read = asyncio.Event()
        self._grace: asyncio.TimerHandle | None = None
        self._reason: CancelReason = "asked"
        self._task: asyncio.Task[None] | None = None

    @property
    def seconds(self) -> float:
        """Since it was begun."""
        return time.monotonic() - self._begun

    def start(self, events: AsyncIterator[RunEvent], on_end: Callable[["LiveRun"], None]) -> None:
        """Begins to run. `on_end` is called once, after the last event."""
        self._task = asyncio.create_task(self._run(events))
        self._task.add_done_callback(lambda _: self._finish(on_end))

    async def follow(self, after: int = 0) -> AsyncIterator[bytes]:
        """Yields encoded events; a run that nobody follows any more is cancelled after a while."""
        self._readers += 1
        self._stop_grace()
        try:
            async for frames in self.log.follow(after):
                yield frames
                self._is_read.set()
        finally:
            self._leave()

    async def result(self) -> RunEnd:
        """Waits for the end and returns it."""
        async for _ in self.follow():
            pass
        if self.end is None:
            raise TypeError("a run ends with an end")
        return self.end

    def cancel(self, reason: CancelReason) -> None:
        """Stops the model call and the statement. Does nothing where the run has ended."""
        if self._task is not None and not self._task.done():
            self._reason = reason
            self._task.cancel()

    async def _run(self, events: AsyncIterator[RunEvent]) -> None:
        try:
            async for event in events:
                self._add(event)
                if isinstance(event, RunStarted):
                    await self._let_reader_start()
        except asyncio.CancelledError:
            self._add(self._cancelled())
        except Exception:  # noqa: BLE001 the edge: whatever went wrong, the readers get an end
            reference = uuid4().hex[:12]
            _log.exception("run_crashed", reference=reference)
            self._add(RunFailed(code="internal", message=_INTERNAL, reference=reference))

    async def _let_reader_start(self) -> None:
        """Lets the first event leave before the graph takes the loop for some milliseconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_READER_SECONDS):
                await self._is_read.wait()

    def _finish(self, on_end: Callable[["LiveRun"], None]) -> None:
        if self.end is None:
            # Cancelled before its first step.
            self._add(self._cancelled())
        self.log.close()
        self._stop_grace()
        on_end(self)

    def _add(self, event: RunEvent) -> None:
        if isinstance(event, RunFinished | RunInterrupted | RunFailed):
            self.end = event
        for wire_event in self._mapper.map(event):
            self.log.append(wire_event)

    def _cancelled(self) -> RunEnd:
        if self._reason == "restarting":
            return RunFailed(code="restarting", message=_RESTARTING, reference=self.asked.run_id)
        answer = Answer(
            run_id=self.asked.run_id,
            thread_id=self.asked.thread_id,
            status="cancelled",
            text=_CANCELLED_TEXT[self._reason],
        )
        return RunFinished(answer=answer)

    def _leave(self) -> None:
        self._readers -= 1
        if self._readers == 0 and not self.log.is_closed:
            loop = asyncio.get_running_loop()
            self._grace = loop.call_later(self._grace_seconds, self.cancel, "abandoned")

    def _stop_grace(self) -> None:
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None
