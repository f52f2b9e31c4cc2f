"""Suites stay green: a verified query that fails a sample which passed before is not approved."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from structlog.contextvars import bound_contextvars

from context_store.loaded_context import LoadedContext
from context_store.store import ContextStore
from domain.dictionary import Dictionary
from domain.errors import ConflictError
from evals.result import SampleResult
from evals.run_folder import RunFolder
from evals.runner import Task, run_tasks
from evals.solvers.open_solver import SolverChoice
from settings.settings import Settings

_CONCURRENCY = 2
_NAMED = 5


class SuitesNotGreenError(ConflictError):
    """With this query, samples fail that passed before."""

    code = "suites_not_green"
    title = "Samples would fail that pass now"


async def hold_suites(settings: Settings, tasks: Sequence[Task], candidate: Dictionary) -> int:
    """Asks the samples that the candidate would answer otherwise than the version it came from.

    The whole graph answers, with the embedded planner: without a model a query changes an answer
    only by being the answer, so no other sample can change. Returns how many were asked; raises
    SuitesNotGreenError for those that passed before and fail now.
    """
    store = ContextStore(settings.context)
    old = store.version(candidate.version)
    new = old.with_queries_of(candidate)
    touched = [task for task in tasks if _is_touched(task, old, new)]
    if touched:
        with TemporaryDirectory() as folder, bound_contextvars(asked_for="approval"):
            await _hold(settings, store, touched, candidate, Path(folder))
    return len(touched)


def _is_touched(task: Task, old: LoadedContext, new: LoadedContext) -> bool:
    return any(
        _direct_answer(step.question, old) != _direct_answer(step.question, new)
        for step in task.sample.steps
    )


def _direct_answer(question: str, context: LoadedContext) -> object:
    return context.retriever.retrieve(question).direct_answer


async def _hold(
    settings: Settings,
    store: ContextStore,
    tasks: Sequence[Task],
    candidate: Dictionary,
    folder: Path,
) -> None:
    old = settings.model_copy(update={"context": folder / "old"})
    new = settings.model_copy(update={"context": folder / "new"})
    store.copy_to(folder / "old", candidate.version)
    store.copy_to(folder / "new", candidate.version).edit(lambda _: candidate, "candidate", "")
    failed = {r.key for r in await _results(new, tasks) if not r.passed}
    doubtful = [task for task in tasks if f"{task.suite}/{task.sample.id}" in failed]
    if not doubtful:
        return
    lost = [r.key for r in await _results(old, doubtful) if r.passed]
    if lost:
        more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
        raise SuitesNotGreenError(
            f"With this query samples fail that pass without it: {', '.join(lost[:_NAMED])}{more}.",
            samples=", ".join(lost[:_NAMED]) + more,
        )


async def _results(settings: Settings, tasks: Sequence[Task]) -> list[SampleResult]:
    found: list[SampleResult] = []
    await run_tasks(
        list(tasks),
        RunFolder(Path(settings.context)),
        {task.source: settings for task in tasks},
        SolverChoice("graph", llm="embedded"),
        concurrency=_CONCURRENCY,
        on_result=found.append,
    )
    return found
