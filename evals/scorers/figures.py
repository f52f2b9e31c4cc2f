"""Figure faithfulness: each number of the prose is in the result, or follows from it."""

from aggregation.figures import unsupported_figures
from evals.answer_result import AnswerResult
from evals.score import Score
from evals.scorers.answer_summary import answer_summary
from evals.solution import StepSolution
from evals.source import EvalSource

_REMOVED = "was taken out of this answer"


def score_figures(
    found: StepSolution, answer: AnswerResult | None, source: EvalSource
) -> Score | None:
    """Passes prose that the evaluator's own run of the SQL bears out, with nothing taken out."""
    if not found.text or answer is None or answer.table is None:
        return None
    if _REMOVED in found.text:
        return Score(scorer="figures", passed=False, detail="a figure had to be taken out")
    told = [assumption.text for assumption in found.assumptions]
    allowed = (found.question, *told, *found.notes)
    wrong = unsupported_figures(found.text, answer_summary(answer, answer.table, source), allowed)
    detail = f"the result does not bear out {', '.join(wrong)}" if wrong else ""
    return Score(scorer="figures", passed=not wrong, detail=detail)
