"""A run as its own task: readers come and go, it goes on until its end or until it is cancelled."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Literal, TypeAlias

import structlog

from api.agui_stream import AguiMapper
from api.runs.event_log import EventLog
from domain.answer import Answer
from domain.errors import RunTakenError
from domain.run_event import RunEvent, RunFailed, RunFinished, RunInterrupted, RunStarted
from graph.asked import Asked
from graph.run_end import INTERNAL

_log = structlog.get_logger(__name__)
_FIRST_READER_SECONDS = 0.05
_RESTARTING = "The service restarts and then goes on with this question: follow /runs/{id}/events."

RunEnd: TypeAlias = RunFinished | RunInterrupted | RunFailed
CancelReason: TypeAlias = Literal["asked", "abandoned", "restarting", "taken"]
"""`restarting`: handed over to the next worker; `taken`: one took it up, as this one was silent."""
_HANDED_OVER = ("restarting", "taken")
_CANCELLED_TEXT = {"asked": "You stopped this question.", "abandoned": "Nobody waited any more."}


async def _nowhere() -> bool:
    """Returns that nobody follows, where there is one worker."""
    return False


class LiveRun:
    """The task, its log of events, and the readers that keep it alive."""

    def __init__(
        self,
        asked: Asked,
        grace_seconds: float,
        log: EventLog | None = None,
        mapper: AguiMapper | None = None,
        is_followed_elsewhere: Callable[[], Awaitable[bool]] = _nowhere,
    ) -> None:
        self.asked = asked
        self.log = log or EventLog()
        self.end: RunEnd | None = None
        self._begun = time.monotonic()
        self._mapper = mapper or AguiMapper()
        self._is_followed_elsewhere = is_followed_elsewhere
        self._grace_seconds = grace_seconds
        self._readers = 0
        self._is_read = asyncio.Event()
        self._grace: asyncio.TimerHandle | None = None
        self._reason: CancelReason = "asked"
        self._task: asyncio.Task[None] | None = None
        self._last_look: asyncio.Future[None] | None = None

    @property
    def run_id(self) -> str:
        """Names the run."""
        return self.asked.run_id

    @property
    def is_handed_over(self) -> bool:
        """True where another worker goes on with it."""
        return self._reason in _HANDED_OVER

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
        except RunTakenError:
            self._reason = "taken"
            self._add(self._cancelled())
        except Exception:  # noqa: BLE001 the edge: whatever went wrong, the readers get an end
            reference = self.asked.run_id
            _log.exception("run_crashed", reference=reference)
            self._add(RunFailed(code="internal", message=INTERNAL, reference=reference))

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
        if self.is_handed_over:
            # It goes on elsewhere: this is for the readers here alone.
            self.log.stop_publishing()
        for wire_event in self._mapper.map(event):
            self.log.append(wire_event)

    def _cancelled(self) -> RunEnd:
        if self._reason in _HANDED_OVER:
            message = _RESTARTING.format(id=self.run_id)
            return RunFailed(code="restarting", message=message, reference=self.run_id)
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
            self._start_grace()

    def _start_grace(self) -> None:
        loop = asyncio.get_running_loop()
        self._grace = loop.call_later(self._grace_seconds, self._end_grace)

    def _end_grace(self) -> None:
        self._last_look = asyncio.ensure_future(self._look_elsewhere())

    async def _look_elsewhere(self) -> None:
        if await self._is_followed_elsewhere() and self._readers == 0:
            self._start_grace()
        elif self._readers == 0:
            self.cancel("abandoned")

    def _stop_grace(self) -> None:
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None
