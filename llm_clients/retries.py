"""When a call is tried again, and when its time is up."""

import asyncio
import time
from collections.abc import AsyncIterable, Awaitable
from dataclasses import dataclass
from typing import TypeVar

import stamina

from domain.model_call import CallScope
from llm_clients.call_failure import CallFailedError, FailureKind

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call may take and how often it is tried."""

    timeout_seconds: float = 60.0
    """For a whole reply; for one that streams, for each piece."""
    attempts: int = 3
    first_wait_seconds: float = 0.5
    """Doubles with each try, with up to as much again by chance."""
    longest_wait_seconds: float = 10.0
    """A provider that asks for a longer pause is not waited for."""

    def tries(self, scope: CallScope) -> AsyncIterable[stamina.Attempt]:
        """Yields one context a try; an error in the last one leaves it."""
        return stamina.retry_context(
            on=lambda error: self._wait(error, scope),
            attempts=self.attempts,
            timeout=None,
            wait_initial=self.first_wait_seconds,
            wait_max=self.longest_wait_seconds,
            wait_jitter=self.first_wait_seconds,
        )

    async def within(self, scope: CallScope, work: Awaitable[Result]) -> Result:
        """Returns the result; raises CallFailedError where the call's or the run's time is up."""
        seconds = min(self.timeout_seconds, _seconds_left(scope))
        limit = asyncio.timeout(max(0.0, seconds))
        try:
            async with limit:
                return await work
        except TimeoutError as error:
            detail = f"no reply in {seconds:.1f} s"
            raise CallFailedError(FailureKind.TIMED_OUT, detail) from error

    def _wait(self, error: Exception, scope: CallScope) -> bool | float:
        """Returns the pause before the next try, True for the usual one, False for no more."""
        if not isinstance(error, CallFailedError) or not error.is_transient:
            return False
        left = _seconds_left(scope)
        if error.retry_after is None:
            return left > self.first_wait_seconds
        return (
            error.retry_after if error.retry_after < min(left, self.longest_wait_seconds) else False
        )


def _seconds_left(scope: CallScope) -> float:
    return float("inf") if scope.deadline is None else scope.deadline - time.monotonic()
