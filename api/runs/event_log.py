"""A run's events, encoded and numbered: written once, followed by any number of readers."""

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress

from ag_ui.core import EventType
from pydantic_core import to_json

from api.agui_stream import WireEvent
from run_store.run_events import RunFrame

_MAXIMUM_BYTES = 4 * 1024 * 1024
_PACE_SECONDS = 0.025
"""What comes so soon after the last frames waits for what follows it: nobody sees the difference,
and a frame of its own costs more to send than most events to make."""
_DROPPABLE = EventType.TEXT_MESSAGE_CONTENT


class EventLog:
    """Append-only and bounded.

    Beyond four megabytes pieces of prose are left out; the run's last event holds the whole text.
    """

    def __init__(
        self,
        first_number: int = 1,
        earlier: Sequence[RunFrame] = (),
        publish: Callable[[int, bytes], None] | None = None,
    ) -> None:
        """`earlier` events were told by another worker; `publish` shows new ones to others."""
        self._frames = [one.frame for one in earlier]
        self._numbers = [one.number for one in earlier]
        self._next_number = max([first_number, *(number + 1 for number in self._numbers[-1:])])
        self._publish = publish
        self._bytes = sum(map(len, self._frames))
        self._readers: set[asyncio.Future[None]] = set()
        self._gathering: set[asyncio.Future[None]] = set()
        self._is_closed = False

    @property
    def is_closed(self) -> bool:
        """True after the run's last event."""
        return self._is_closed

    def append(self, event: WireEvent) -> None:
        """Numbers an event and shows it to every reader."""
        if self._bytes > _MAXIMUM_BYTES and event["type"] == _DROPPABLE:
            return
        number = self._next_number
        # Not orjson: it refuses integers of more than 64 bits, which a sum may have.
        data = to_json(event, inf_nan_mode="null")
        frame = b"id: %d\ndata: %b\n\n" % (number, data)
        self._add(number, frame)
        if self._publish is not None:
            self._publish(number, frame)

    def stop_publishing(self) -> None:
        """Keeps what comes from readers at other workers."""
        self._publish = None

    def _add(self, number: int, frame: bytes) -> None:
        self._next_number = number + 1
        self._bytes += len(frame)
        self._numbers.append(number)
        self._frames.append(frame)
        _wake(self._readers)

    def close(self) -> None:
        """Ends every reader after the last event."""
        self._is_closed = True
        _wake(self._readers)
        _wake(self._gathering)

    async def follow(self, after: int = 0) -> AsyncIterator[bytes]:
        """Yields the frames that come after a number, those to come included."""
        position, sent_at = bisect_right(self._numbers, after), -_PACE_SECONDS
        clock = asyncio.get_running_loop().time
        while True:
            if position < len(self._frames):
                await self._gather(sent_at + _PACE_SECONDS - clock())
                ready = b"".join(self._frames[position:])
                position, sent_at = len(self._frames), clock()
                yield ready
            elif self._is_closed:
                return
            else:
                await _woken(self._readers)

    async def _gather(self, seconds: float) -> None:
        """Waits so long, or until the last event is there."""
        if seconds <= 0 or self._is_closed:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await _woken(self._gathering)


async def _woken(waiting: set[asyncio.Future[None]]) -> None:
    waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    waiting.add(waiter)
    try:
        await waiter
    finally:
        waiting.discard(waiter)


def _wake(waiting: set[asyncio.Future[None]]) -> None:
    for waiter in waiting:
        if not waiter.done():
            waiter.set_result(None)
    waiting.clear()
