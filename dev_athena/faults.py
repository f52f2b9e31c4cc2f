"""Faults that can be switched on, to see what a client makes of them."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus

from dev_athena.service_error import ServiceError


class ConnectionCutError(Exception):
    """The connection is to be closed without an answer."""


@dataclass
class Faults:
    """Switches, all off. Counts are calls of an operation (such as `StartQueryExecution`)."""

    throttled: Counter[str] = field(default_factory=Counter)
    """Calls that are refused with ThrottlingException."""
    cut_before: Counter[str] = field(default_factory=Counter)
    """Calls whose connection is closed before anything is done."""
    cut_after: Counter[str] = field(default_factory=Counter)
    """Calls whose connection is closed after they took effect."""
    lost_pages: int = 0
    """Calls of GetQueryResults with a NextToken that fail as a service does."""
    expired_credentials: bool = False
    access_denied: bool = False
    slow_seconds: float = 0.0
    """Time that every statement runs for, at least; EXPLAIN is not slowed."""
    failures: list[tuple[str, bool]] = field(default_factory=list)
    """Reasons that the next statements fail for, each with whether a retry may help."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def clear(self) -> None:
        """Switches everything off."""
        vars(self).update(vars(Faults()))

    def before(self, operation: str, request: dict[str, object]) -> None:
        """Raises what the switches say of this call."""
        if self.expired_credentials:
            raise ServiceError(
                "ExpiredTokenException", "The security token included in the request is expired"
            )
        if self.access_denied:
            raise ServiceError(
                "AccessDeniedException",
                f"User: arn:aws:iam::123456789012:user/dev is not authorized to perform: "
                f"athena:{operation}",
            )
        if self._take(self.throttled, operation):
            raise ServiceError("ThrottlingException", "Rate exceeded")
        if self._take(self.cut_before, operation):
            raise ConnectionCutError(operation)
        if operation == "GetQueryResults" and request.get("NextToken") and self.lost_pages:
            self.lost_pages -= 1
            raise ServiceError(
                "InternalServerException",
                "The page cannot be read.",
                HTTPStatus.INTERNAL_SERVER_ERROR,
            )

    def after(self, operation: str) -> None:
        """Raises ConnectionCutError where the answer is to be lost."""
        if self._take(self.cut_after, operation):
            raise ConnectionCutError(operation)

    def next_failure(self) -> tuple[str, bool] | None:
        """Returns why the next statement fails, or None."""
        with self._lock:
            return self.failures.pop(0) if self.failures else None

    def _take(self, counts: Counter[str], operation: str) -> bool:
        with self._lock:
            if counts[operation] <= 0:
                return False
            counts[operation] -= 1
            return True
