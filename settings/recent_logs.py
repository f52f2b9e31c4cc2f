"""The latest log lines of this process, for the admin console: what the log itself holds."""

from collections import deque
from collections.abc import Mapping
from threading import Lock

from structlog.typing import EventDict, WrappedLogger

_KEPT = 5_000


class RecentLogs:
    """A bounded memory of log lines, read by correlation id or run id."""

    def __init__(self) -> None:
        self._lines: deque[Mapping[str, object]] = deque(maxlen=_KEPT)
        self._lock = Lock()

    def remember(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        """A structlog processor: keeps a copy and passes the line on."""
        kept = {name: _plain(value) for name, value in event.items() if not name.startswith("_")}
        with self._lock:
            self._lines.append(kept)
        return event

    def find(self, limit: int, **wanted: str | None) -> list[dict[str, object]]:
        """Returns lines whose fields are as wanted, the newest first; None is not asked for."""
        asked = {name: value for name, value in wanted.items() if value is not None}
        with self._lock:
            lines = list(self._lines)
        found = (
            dict(line)
            for line in reversed(lines)
            if all(line.get(name) == value for name, value in asked.items())
        )
        return [line for line, _ in zip(found, range(limit), strict=False)]


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
