"""The real thing in process: the whole graph, with guard, warehouse, prose and verifier."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from domain.draft import ClarificationOption
from domain.run_event import RunFailed
from evals.sample import Sample, Turn
from evals.solution import Solution, StepSolution
from evals.solvers.dialogue import ask_dialogue
from evals.solvers.transcript import StepTranscript
from graph.asked import Asked
from graph.question_runner import QuestionRunner
from graph.service import Service, open_service
from settings.recent_logs import RECENT_LOGS
from settings.settings import Settings


class GraphSolver:
    """Asks the graph."""

    name = "graph"

    def __init__(
        self, service: Service, runner: QuestionRunner, prompt_versions: Mapping[str, str]
    ) -> None:
        self._service = service
        self._runner = runner
        self._prompt_versions = prompt_versions

    async def solve(self, sample: Sample) -> Solution:
        """Returns the outcome of each step."""
        return await ask_dialogue(sample, self._step)

    async def _step(
        self, step: Turn, option: ClarificationOption | None, thread_id: str
    ) -> StepSolution:
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
        found = transcript.solution(duration_ms, record.model_calls if record else ())
        reason = _logged(transcript.failure)
        return found.model_copy(update={"error": f"internal: {reason}"}) if reason else found


def _logged(failure: RunFailed | None) -> str:
    """Returns what stands in the log for the operator: here the evaluator is one."""
    if failure is None or not failure.reference:
        return ""
    lines = [line for _, line in RECENT_LOGS.find(1, reference=failure.reference)]
    return str(lines[0].get("error", "")) if lines else ""


@asynccontextmanager
async def open_graph_solver(
    settings: Settings, prompt_versions: Mapping[str, str]
) -> AsyncIterator[GraphSolver]:
    """Opens the service on the settings; its conversations end with it."""
    own = settings.model_copy(update={"state": "sqlite:///:memory:"})
    async with open_service(own) as (service, runner):
        yield GraphSolver(service, runner, prompt_versions)
