"""Which of the offered options a step of a dialogue means."""

from domain.draft import ClarificationOption
from evals.sample import Turn
from evals.solution import StepSolution


def option_chosen(step: Turn, before: StepSolution | None) -> ClarificationOption | None:
    """Returns the offered option that holds the words of the choice, or None."""
    if not step.choose or before is None:
        return None
    words = step.choose.lower()
    return next((o for o in before.options if words in f"{o.label} {o.effect}".lower()), None)


def unreachable(step: Turn) -> StepSolution:
    """Returns the outcome of a choice that was not on offer."""
    return StepSolution(
        question=step.choose, status="failed", error=f"no option holds the words {step.choose!r}"
    )
