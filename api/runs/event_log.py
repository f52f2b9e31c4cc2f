"""A run's events, encoded and numbered: written once, followed by any number of readers."""

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Sequence

from ag_ui.core import EventType
from pydantic_core import to_json

from api.agui_stream import WireEvent
from run_store.run_events import RunFrame

_MAXIMUM_BYTES = 4 * 1024 * 1024
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
        self._wake()

    def close(self) -> None:
        """Ends every reader after the last event."""
        self._is_closed = True
        self._wake()

    async def follow(self, after: int = 0) -> AsyncIterator[bytes]:
        """Yields the frames that come after a number, those to come included."""
        position = bisect_right(self._numbers, after)
        while True:
            if position < len(self._frames):
                ready = b"".join(self._frames[position:])
                position = len(self._frames)
                yield ready
            elif self._is_closed:
                return
            else:
                await self._changed()

    async def _changed(self) -> None:
        reader: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._readers.add(reader)
        try:
            await reader
        finally:
            self._readers.discard(reader)

    def _wake(self) -> None:
        for reader in self._readers:
            if not reader.done():
                reader.set_result(None)
        self._readers.clear()
