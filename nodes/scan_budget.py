"""How much a question and a user may read, held against what a statement would read."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class ScanBudget:
    """Bytes; None: no bound."""

    question_bytes: int | None = None
    user_bytes_left: int | None = None

    def require(self, estimate: ScanEstimate, cutoff_bytes: int | None) -> Violation | None:
        """Returns why another draft is needed, or None where the statement may run.

        `cutoff_bytes` is where the warehouse itself would stop the statement. Raises
        ScanBudgetSpentError where the statement would take the user past the day's budget.
        """
        if estimate.bytes is None:
            return None
        bounds = [bound for bound in (self.question_bytes, cutoff_bytes) if bound is not None]
        if bounds and estimate.bytes > min(bounds):
            return _too_much(estimate, min(bounds))
        left = self.user_bytes_left
        if left is not None and estimate.bytes > left:
            raise ScanBudgetSpentError(
                f"This question may read up to {byte_text(estimate.bytes)}, and "
                f"{byte_text(max(left, 0))} is left of what you may read today."
            )
        return None


async def no_budget() -> ScanBudget:
    """Returns a budget without bounds."""
    return ScanBudget()


def _too_much(estimate: ScanEstimate, bound: int) -> Violation:
    reasons = " ".join(lint.message for lint in estimate.lints)
    size = byte_text(estimate.bytes or 0)
    message = f"The query may read up to {size}; a question may read {byte_text(bound)}. {reasons}"
    hints = " ".join(lint.hint for lint in estimate.lints)
    return Violation(
        rule="scan_budget", message=message.strip(), hint=hints or "Read a shorter period."
    )
