"""Messages between the service and a worker: a kind, a length, and that many bytes."""

import json
import select
import socket
import struct
import threading
import time
from enum import IntEnum
from typing import Any, NamedTuple

_HEADER = struct.Struct("!BQ")
_MOST_HELD = 64 * 1024


class Kind(IntEnum):
    """What a frame holds."""

    RUN = 1
    """JSON: `sql` and its `number`. The answer is COLUMNS, BATCHes and END; or ERROR."""
    BIND = 2
    """JSON: `sql` and its `number`. The answer is END or ERROR."""
    INTERRUPT = 3
    """JSON: the number of the statement to stop. One that has ended is passed over."""
    COLUMNS = 4
    """JSON: a list of name and Athena type."""
    BATCH = 5
    """An Arrow IPC stream of one batch."""
    END = 6
    """JSON: `worn` is true where the worker should be replaced."""
    ERROR = 7
    """JSON of `wire_errors`."""
    READY = 8
    """Sent once, when the database is open and the limits are set."""


class Frame(NamedTuple):
    """One message."""

    kind: Kind
    payload: bytes | bytearray

    @property
    def content(self) -> Any:  # noqa: ANN401 - JSON
        """The payload as JSON."""
        return json.loads(self.payload)


class Channel:
    """One end of a connection. Any thread may send; one thread receives."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._sending = threading.Lock()
        self._held = bytearray()

    def send(self, kind: Kind, payload: bytes | memoryview = b"") -> None:
        """Sends one frame whole, after those held back. Raises OSError where nobody listens."""
        with self._sending:
            header = bytes(self._held) + _HEADER.pack(kind, len(payload))
            self._held.clear()
            sent = self._socket.sendmsg([header, payload])
            if sent < len(header):
                self._socket.sendall(header[sent:])
                sent = len(header)
            if sent < len(header) + len(payload):
                self._socket.sendall(memoryview(payload)[sent - len(header) :])

    def hold(self, kind: Kind, payload: bytes | memoryview) -> None:
        """Sends a small frame together with the next one, so that the other end wakes once."""
        if len(self._held) + len(payload) > _MOST_HELD:
            self.send(kind, payload)
            return
        with self._sending:
            self._held += _HEADER.pack(kind, len(payload)) + bytes(payload)

    def send_json(self, kind: Kind, content: object) -> None:
        """Sends one frame of JSON."""
        self.send(kind, json.dumps(content).encode())

    def receive(self, until: float | None = None) -> Frame | None:
        """Returns the next frame; None where the other end is gone.

        Raises TimeoutError where nothing has begun to come at `until`, by the monotonic clock.
        """
        if (
            until is not None
            and not select.select([self._socket], [], [], max(until - time.monotonic(), 0))[0]
        ):
            raise TimeoutError
        header = self._read(_HEADER.size)
        if header is None:
            return None
        kind, length = _HEADER.unpack(header)
        payload = self._read(length)
        return None if payload is None else Frame(Kind(kind), payload)

    @property
    def has_news(self) -> bool:
        """True where a frame has come, or the other end is gone."""
        try:
            self._await_readable(time.monotonic())
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        """Closes this end, also for a thread that receives."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
        finally:
            self._socket.close()

    def _await_readable(self, until: float) -> None:
        poll = select.poll()
        try:
            poll.register(self._socket, select.POLLIN)
        except ValueError:
            return
        if not poll.poll(max(until - time.monotonic(), 0) * 1000):
            raise TimeoutError

    def _read(self, length: int) -> bytearray | None:
        buffer = bytearray(length)
        view, filled = memoryview(buffer), 0
        while filled < length:
            try:
                count = self._socket.recv_into(view[filled:])
            except OSError:
                return None
            if count == 0:
                return None
            filled += count
        return buffer
