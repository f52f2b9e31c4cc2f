"""How much a question and a user may read, held against what statements would and did read."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

from domain.errors import UserError
from domain.verdict import Violation
from warehouse.byte_text import byte_text
from warehouse.protocol import ScanEstimate


class ScanBudgetSpentError(UserError):
    """The user has read today what one user may."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "scan_budget_spent"
    title = "The day's data budget is spent"


async def _no_bound() -> int | None:
    return None


def _ignore(taken: int) -> None:
    del taken


class ScanBudget:
    """One run's: all its drafts, repairs and readings share it."""

    def __init__(
        self,
        question_bytes: int | None = None,
        user_left: Callable[[], Awaitable[int | None]] = _no_bound,
        take: Callable[[int], None] = _ignore,
    ) -> None:
        """`user_left` tells what the user's day has left beside all runs in flight.

        `take` tells the day what this run takes of it; less than nothing gives back. None as a
        bound is no bound.
        """
        self._question_bytes = question_bytes
        self._user_left = user_left
        self._take = take
        self._taken = 0

    async def require(self, estimate: ScanEstimate, cutoff_bytes: int | None) -> Violation | None:
        """Returns why another draft is needed, or None where the statement may run.

        `cutoff_bytes` is where the warehouse itself would stop the statement. Raises
        ScanBudgetSpentError where the statement would take the user past the day's budget.
        """
        if estimate.bytes is None:
            return None
        left = None if self._question_bytes is None else self._question_bytes - self._taken
        bounds = [bound for bound in (left, cutoff_bytes) if bound is not None]
        if bounds and estimate.bytes > min(bounds):
            return _too_much(estimate, max(min(bounds), 0), is_rest=self._taken > 0)
        await self._require_of_the_day(estimate.bytes)
        return None

    @asynccontextmanager
    async def reserved(
        self, bytes_estimated: int | None
    ) -> AsyncIterator[Callable[[int | None], None]]:
        """Holds what a statement may read while it runs; yields what takes the true figure.

        Where nobody tells the figure, the estimate stays taken. Raises ScanBudgetSpentError where
        other runs have taken the rest of the user's day meanwhile.
        """
        reserved = bytes_estimated or 0
        if reserved:
            await self._require_of_the_day(reserved)
        self._change(reserved)

        def settle(bytes_scanned: int | None) -> None:
            if bytes_scanned is not None:
                self._change(bytes_scanned - reserved)

        yield settle

    async def _require_of_the_day(self, wanted: int) -> None:
        left = await self._user_left()
        if left is not None and wanted > left:
            raise ScanBudgetSpentError(
                f"This question may read up to {byte_text(wanted)}, and "
                f"{byte_text(max(left, 0))} is left of what you may read today.",
                wanted_bytes=wanted,
                left_bytes=max(left, 0),
            )

    def _change(self, taken: int) -> None:
        self._taken += taken
        self._take(taken)


def _too_much(estimate: ScanEstimate, bound: int, *, is_rest: bool) -> Violation:
    reasons = " ".join(lint.message for lint in estimate.lints)
    size = byte_text(estimate.bytes or 0)
    allowed = f"{byte_text(bound)} more" if is_rest else byte_text(bound)
    message = f"The query may read up to {size}; a question may read {allowed}. {reasons}"
    hints = " ".join(lint.hint for lint in estimate.lints)
    return Violation(
        rule="scan_budget", message=message.strip(), hint=hints or "Read a shorter period."
    )
