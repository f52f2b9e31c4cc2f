"""Value match: the result holds the rows that are known by heart."""

from evals.answer_result import AnswerResult
from evals.execution_match import same_result
from evals.sample import Expectation
from evals.score import Score


def score_values(step: Expectation, answer: AnswerResult) -> Score | None:
    """Passes where the result is exactly the expected rows; a column more may stand there."""
    if not step.values:
        return None
    rows = answer.table.rows if answer.table else ()
    is_match = same_result(
        step.values, rows, ordered=step.ordered, extra_columns=step.extra_columns
    )
    detail = "" if is_match else answer.error or f"the result has {len(rows)} rows, others"
    return Score(scorer="values", passed=is_match, detail=detail)
