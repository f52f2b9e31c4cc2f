"""The latest log lines of this process, for the admin console: what the log itself holds."""

from collections import deque
from collections.abc import Mapping
from itertools import islice
from threading import Lock

from structlog.typing import EventDict, WrappedLogger

_KEPT = 5_000


class RecentLogs:
    """A bounded memory of log lines, read by correlation id or run id."""

    def __init__(self) -> None:
        self._lines: deque[tuple[int, Mapping[str, object]]] = deque(maxlen=_KEPT)
        self._count = 0
        self._lock = Lock()

    def remember(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        """A structlog processor: keeps a copy and passes the line on."""
        kept = {name: _plain(value) for name, value in event.items() if not name.startswith("_")}
        with self._lock:
            self._count += 1
            self._lines.append((self._count, kept))
        return event

    def find(
        self, limit: int, before: int | None = None, **wanted: str | None
    ) -> list[tuple[int, dict[str, object]]]:
        """Returns lines whose fields are as wanted, with their numbers, the newest first.

        None is not asked for; `before` leaves out the line of that number and all later ones.
        """
        asked = {name: value for name, value in wanted.items() if value is not None}
        with self._lock:
            lines = list(self._lines)
        found = (
            (number, dict(line))
            for number, line in reversed(lines)
            if (before is None or number < before)
            and all(line.get(name) == value for name, value in asked.items())
        )
        return list(islice(found, limit))


def _plain(value: object) -> object:
    """Returns what JSON can hold; an exception only by its kind."""
    if isinstance(value, str | int | float | bool | None):
        return value
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return type(value).__name__ if isinstance(value, BaseException | tuple) else str(value)


RECENT_LOGS = RecentLogs()
"""The process's own: there is one log, so there is one memory of it."""
