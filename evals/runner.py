"""Runs suites: several samples at once, a line a result, on from where it was killed."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from typing import Protocol

from evals.judge_sample import judge_sample
from evals.result import SampleResult
from evals.run_folder import RunFolder
from evals.sample import Sample
from evals.scorers.judge import Judge
from evals.solvers.protocol import Solver
from evals.source import EvalSource, open_eval_source
from evals.suite_file import LoadedSuite
from settings.settings import Settings


class OpenSolver(Protocol):
    """Opens a solver on a source."""

    def __call__(self, source: EvalSource) -> AbstractAsyncContextManager[Solver]:
        """Returns the solver; it is closed with the source."""


@dataclass(frozen=True, slots=True)
class Task:
    """One sample of one suite."""

    suite: str
    source: str
    sample: Sample
    repeat: int

    @property
    def key(self) -> tuple[str, str, int]:
        """What a finished task is known by."""
        return self.suite, self.sample.id, self.repeat


def tasks_of(
    suites: Iterable[LoadedSuite], repeats: int = 1, tags: tuple[str, ...] = ()
) -> list[Task]:
    """Returns every sample to ask, source by source, so that few sources are open at once."""
    found = [
        Task(loaded.suite.name, sample.source or loaded.suite.source, sample, repeat)
        for loaded in suites
        for sample in loaded.suite.samples
        if not tags or set(tags) & set(sample.tags)
        for repeat in range(repeats)
    ]
    return sorted(found, key=lambda task: task.source)


def remaining(tasks: list[Task], folder: RunFolder) -> list[Task]:
    """Returns the tasks without a result yet."""
    done = {(r.suite, r.sample_id, r.repeat) for r in folder.results()}
    return [task for task in tasks if task.key not in done]


async def run_tasks(
    tasks: list[Task],
    folder: RunFolder,
    sources: Mapping[str, Settings],
    open_solver: OpenSolver,
    *,
    concurrency: int,
    on_result: Callable[[SampleResult], None],
    judge: Judge | None = None,
) -> None:
    """Asks and scores every task, and adds each result to the folder as it comes.

    Raises OperatorError where nothing can be asked at all, such as a server that does not answer.
    """
    writer = folder.writer()
    try:
        for name in dict.fromkeys(task.source for task in tasks):
            some = [task for task in tasks if task.source == name]
            async with AsyncExitStack() as stack:
                source = await stack.enter_async_context(open_eval_source(name, sources[name]))
                solver = await stack.enter_async_context(open_solver(source))
                await _run_source(some, source, solver, judge, concurrency, writer.add, on_result)
    finally:
        writer.close()


async def _run_source(
    tasks: list[Task],
    source: EvalSource,
    solver: Solver,
    judge: Judge | None,
    concurrency: int,
    *keep: Callable[[SampleResult], None],
) -> None:
    waiting = iter(tasks)

    async def work() -> None:
        for task in waiting:
            result = await judge_sample(task.suite, task.sample, task.repeat, solver, source, judge)
            for each in keep:
                each(result)

    async with asyncio.TaskGroup() as group:
        for _ in range(min(concurrency, len(tasks))):
            group.create_task(work())
