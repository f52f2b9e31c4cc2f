"""Outcome: answered, refused or asked back, as it should be."""

from evals.sample import Expectation
from evals.score import Score
from evals.solution import StepSolution


def score_outcome(step: Expectation, found: StepSolution) -> Score:
    """Passes any of the expected outcomes; a clarification must offer the expected options."""
    if found.status not in step.expect:
        why = found.error or found.text
        expected = " or ".join(step.expect)
        return Score(
            scorer="outcome", passed=False, detail=f"{found.status}, not {expected}: {why}"
        )
    offered = [f"{option.label} {option.effect}".lower() for option in found.options]
    missing = [
        words for words in step.options if not any(words.lower() in each for each in offered)
    ]
    if missing and found.status == "clarify":
        return Score(
            scorer="outcome", passed=False, detail=f"no option on offer holds {missing[0]!r}"
        )
    return Score(scorer="outcome", passed=True)
