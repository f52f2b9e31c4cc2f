"""Every scorer on one step."""

from dataclasses import dataclass

from domain.errors import OperatorError, VtionError
from evals.answer_result import AnswerResult, run_answer
from evals.sample import Expectation
from evals.score import Score
from evals.scorers.chart import score_chart
from evals.scorers.execution import ExecutionScore, compare_execution
from evals.scorers.facts import score_facts
from evals.scorers.figures import score_figures
from evals.scorers.guard import score_columns, score_guard
from evals.scorers.judge import Judge
from evals.scorers.leaks import score_leaks
from evals.scorers.outcome import score_outcome
from evals.scorers.values import score_values
from evals.solution import StepSolution
from evals.source import EvalSource


@dataclass(frozen=True, slots=True)
class ScoredStep:
    """The scores, and the results that they rest on."""

    scores: tuple[Score, ...]
    answer: AnswerResult | None
    execution: ExecutionScore | None


async def score_step(
    step: Expectation, found: StepSolution, source: EvalSource, judge: Judge | None = None
) -> ScoredStep:
    """Scores what there is to score. Raises OperatorError where a gold does not run."""
    answer = await run_answer(found.sql, source.rows) if found.sql else None
    execution = await _execution(step, found, answer, source)
    scores = [
        score_outcome(step, found),
        _execution_score(execution),
        score_values(step, answer) if answer else None,
        score_facts(step, found),
        score_figures(found, answer, source),
        await score_leaks(found, source),
        score_guard(found, source),
        score_columns(step, found),
        score_chart(step, found, answer),
        await judge.score(found, answer, source) if judge else None,
    ]
    return ScoredStep(tuple(score for score in scores if score), answer, execution)


async def _execution(
    step: Expectation, found: StepSolution, answer: AnswerResult | None, source: EvalSource
) -> ExecutionScore | None:
    if not step.gold or answer is None or found.status != "answered":
        return None
    try:
        return await compare_execution(answer, step, source.rows)
    except VtionError as error:
        raise OperatorError(f"a gold statement does not run: {error}") from error


def _execution_score(execution: ExecutionScore | None) -> Score | None:
    if execution is None:
        return None
    detail = execution.difference
    if execution.error:
        detail = f"{execution.difference}: {execution.error}"  # type: ignore[assignment]
    return Score(scorer="execution", passed=execution.is_match, detail=detail)
