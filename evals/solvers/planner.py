"""The embedded planner alone: question to SQL, with no guard, no warehouse and no prose."""

import time
from datetime import UTC, date, datetime

from domain.draft import Clarification, DraftRequest, SqlDraft, Turn
from evals.sample import Sample
from evals.sample import Turn as Step
from evals.solution import Solution, StepSolution
from evals.solvers.choice import option_chosen, unreachable
from evals.source import EvalSource
from planner.drafter import EmbeddedDrafter


class PlannerSolver:
    """Drafts SQL by grammar. What it drafts is run by the scorers."""

    name = "planner"

    def __init__(self, source: EvalSource, *, with_ranking: bool = False) -> None:
        self._source = source
        self._drafter = EmbeddedDrafter(with_ranking=with_ranking)

    async def solve(self, sample: Sample) -> Solution:
        """Returns the outcome of each step. A crash of the planner is raised."""
        steps: list[StepSolution] = []
        turns: tuple[Turn, ...] = ()
        today = self._source.today or datetime.now(UTC).date()
        for step in sample.steps:
            before = steps[-1] if steps else None
            found, turn = await self._step(step, before, turns, today)
            steps.append(found)
            turns = (*turns, turn) if turn else turns
        return Solution(sample_id=sample.id, steps=tuple(steps))

    async def _step(
        self, step: Step, before: StepSolution | None, turns: tuple[Turn, ...], today: date
    ) -> tuple[StepSolution, Turn | None]:
        choice = option_chosen(step, before)
        if step.choose and choice is None:
            return unreachable(step), None
        question = before.question if before is not None and choice is not None else step.question
        context = self._source.context
        request = DraftRequest.model_construct(
            question=question,
            dictionary=context.dictionary,
            evidence=context.retriever.retrieve(question),
            today=today,
            turns=turns,
            failed_attempts=(),
            chosen_option=choice,
        )
        started = time.perf_counter()
        outcome = await self._drafter.draft(request)
        spent = (time.perf_counter() - started) * 1000
        timings = {"draft_sql": spent}
        if isinstance(outcome, SqlDraft):
            found = StepSolution(
                question=question,
                status="answered",
                sql=outcome.sql,
                assumptions=outcome.assumptions,
                confidence=outcome.confidence,
                timings_ms=timings,
                duration_ms=spent,
            )
            return found, Turn(question=question, sql=outcome.sql, plan=outcome.plan)
        is_clarification = isinstance(outcome, Clarification)
        found = StepSolution(
            question=question,
            status="clarify" if is_clarification else "refused",
            text=outcome.question if isinstance(outcome, Clarification) else outcome.reason,
            options=outcome.options if isinstance(outcome, Clarification) else (),
            timings_ms=timings,
            duration_ms=spent,
        )
        return found, None
