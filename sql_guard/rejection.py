"""How a step of the guard says no."""

from domain.verdict import Violation


class Rejection(Exception):  # noqa: N818 - a decision, not an error
    """Carries the broken rules from a step to the verdict."""

    def __init__(self, *violations: Violation) -> None:
        super().__init__(", ".join(violation.rule for violation in violations))
        self.violations = violations


def reject(rule: str, message: str, hint: str = "") -> Rejection:
    """Returns a rejection by one rule."""
    return Rejection(Violation(rule=rule, message=message, hint=hint))
