"""The real thing in process: the whole graph, with guard, warehouse, prose and verifier."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from uuid import uuid4

from evals.sample import Sample, Turn
from evals.solution import Solution, StepSolution
from evals.solvers.choice import option_chosen, unreachable
from evals.solvers.transcript import StepTranscript
from graph.asked import Asked
from graph.question_runner import QuestionRunner
from graph.service import Service, open_service
from settings.settings import Settings


class GraphSolver:
    """Asks the graph. Each sample is a conversation of its own."""

    name = "graph"

    def __init__(
        self, service: Service, runner: QuestionRunner, prompt_versions: Mapping[str, str]
    ) -> None:
        self._service = service
        self._runner = runner
        self._prompt_versions = prompt_versions

    async def solve(self, sample: Sample) -> Solution:
        """Returns the outcome of each step."""
        thread_id, steps = uuid4().hex, list[StepSolution]()
        for step in sample.steps:
            steps.append(await self._step(step, steps[-1] if steps else None, thread_id))
        return Solution(sample_id=sample.id, steps=tuple(steps))

    async def _step(self, step: Turn, before: StepSolution | None, thread_id: str) -> StepSolution:
        option = option_chosen(step, before)
        if step.choose and option is None:
            return unreachable(step)
        asked = Asked(
            question=step.question,
            thread_id=thread_id,
            option_id=option.id if option else None,
            prompt_versions=self._prompt_versions,
        )
        transcript = StepTranscript(step.question or step.choose)
        started = time.perf_counter()
        async for event in self._runner.run(asked):
            transcript.add(event)
        duration_ms = (time.perf_counter() - started) * 1000
        record = await self._service.run_store.record(transcript.run_id)
        return transcript.solution(duration_ms, record.model_calls if record else ())


@asynccontextmanager
async def open_graph_solver(
    settings: Settings, prompt_versions: Mapping[str, str]
) -> AsyncIterator[GraphSolver]:
    """Opens the service on the settings; its conversations end with it."""
    own = settings.model_copy(update={"state": "sqlite:///:memory:"})
    async with open_service(own) as (service, runner):
        yield GraphSolver(service, runner, prompt_versions)
