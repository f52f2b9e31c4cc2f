"""One sample: asked, scored, and written down."""

from collections.abc import Sequence

from domain.dictionary import Cell
from domain.errors import OperatorError, VtionError
from evals.code_version import code_version
from evals.execution_match import Row
from evals.result import SampleResult, ShownRows, StepResult, Versions
from evals.sample import Sample, Turn
from evals.score import Score
from evals.scorers.judge import Judge
from evals.scorers.score_step import ScoredStep, score_step
from evals.solution import Solution, StepSolution
from evals.solvers.protocol import Solver
from evals.source import EvalSource

_SHOWN_ROWS = 20


async def judge_sample(
    suite: str,
    sample: Sample,
    repeat: int,
    solver: Solver,
    source: EvalSource,
    judge: Judge | None = None,
) -> SampleResult:
    """Returns the result. A crash of the solver is a failed sample; it does not end the run."""
    try:
        solution = await solver.solve(sample)
    except OperatorError:
        raise
    except Exception as error:  # noqa: BLE001 the edge: one sample must not end a run
        solution = _crashed(sample, error)
    pairs = zip(sample.steps, solution.steps, strict=False)
    steps = tuple([await _judge_step(step, found, source, judge) for step, found in pairs])
    return SampleResult(
        suite=suite,
        sample_id=sample.id,
        source=source.name,
        repeat=repeat,
        tags=sample.tags,
        passed=len(steps) == len(sample.steps) and all(step.passed for step in steps),
        steps=steps,
        versions=_versions(solution, source, solver.name),
    )


def _crashed(sample: Sample, error: Exception) -> Solution:
    step = StepSolution(
        question=sample.steps[0].question, status="failed", error=f"crash: {error!r}"
    )
    return Solution(sample_id=sample.id, steps=(step,))


async def _judge_step(
    step: Turn, found: StepSolution, source: EvalSource, judge: Judge | None
) -> StepResult:
    try:
        scored = await score_step(step, found, source, judge)
    except VtionError as error:
        gold = Score(scorer="gold", passed=False, detail=str(error))
        scored = ScoredStep((gold,), None, None)
    receipt, execution = found.receipt, scored.execution
    model_cost = (receipt.model_cost_usd or 0.0) if receipt else 0.0
    return StepResult(
        question=found.question,
        run_id=found.run_id,
        status=found.status,
        scores=scored.scores,
        sql=found.sql,
        gold=execution.gold if execution else next(iter(step.gold), ""),
        text=found.text,
        chart=found.chart,
        options=tuple(" - ".join(filter(None, (o.label, o.effect))) for o in found.options),
        attempts=found.attempts,
        expected=_shown(execution.expected) if execution else None,
        actual=_actual(scored),
        model_calls=found.model_calls,
        timings_ms={name: round(ms, 2) for name, ms in found.timings_ms.items()},
        duration_ms=round(found.duration_ms, 2),
        tokens_in=receipt.tokens_in if receipt else 0,
        tokens_out=receipt.tokens_out if receipt else 0,
        cost_usd=model_cost + ((receipt.cost_usd or 0.0) if receipt else 0.0),
        error=found.error,
    )


def _actual(scored: ScoredStep) -> ShownRows | None:
    if scored.answer is None or scored.answer.table is None:
        return None
    table = scored.answer.table
    return _shown(table.rows, tuple(column.name for column in table.columns))


def _shown(rows: Sequence[Row] | None, columns: tuple[str, ...] = ()) -> ShownRows | None:
    if rows is None:
        return None
    shown = tuple(tuple(map(_cell, row)) for row in rows[:_SHOWN_ROWS])
    return ShownRows(columns=columns, rows=shown, row_count=len(rows))


def _cell(value: object) -> Cell:
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _versions(solution: Solution, source: EvalSource, solver: str) -> Versions:
    receipts = [step.receipt for step in solution.steps if step.receipt]
    return Versions(
        code=code_version(),
        context=receipts[-1].context_version if receipts else source.context.dictionary.version,
        model=receipts[-1].drafter if receipts else solver,
        prompts={name: v for r in receipts for name, v in r.prompt_versions.items()},
    )
