"""The graph on what was kept of each sample's run: no key, the same each time."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from domain.errors import OperatorError
from evals.kept_run import kept_run, settings_of_kept
from evals.production_suite import kept_folder
from evals.runner import Task
from evals.solvers.graph import open_graph_solver
from evals.solvers.protocol import Solver
from evals.source import EvalSource
from evals.suite_file import LoadedSuite
from settings.settings import Settings

KEPT = "kept"


@dataclass(frozen=True, slots=True)
class KeptRuns:
    """What was kept of the samples' runs; each sample is a source of its own."""

    folders: Mapping[str, Path]

    @asynccontextmanager
    async def __call__(self, source: EvalSource) -> AsyncIterator[Solver]:
        """Opens the graph as it was for the run."""
        versions = kept_run(self.folders[source.name]).prompt_versions
        async with open_graph_solver(source.settings, versions) as graph:
            yield graph

    def settings(self, settings: Settings) -> dict[str, Settings]:
        """Returns the settings of each sample, on the warehouse of these."""
        return {name: settings_of_kept(path, settings) for name, path in self.folders.items()}


def kept_runs(suite: LoadedSuite, tasks: list[Task]) -> tuple[KeptRuns, list[Task]]:
    """Returns what was kept, and the tasks with their own sources.

    Raises OperatorError for a suite that is no file: only such have runs kept beside them.
    """
    if not suite.path.is_file():
        raise OperatorError(f"{suite.path} is no suite of production.")
    folders = {task.sample.id: kept_folder(suite.path, task.sample.id) for task in tasks}
    return KeptRuns(folders), [replace(task, source=task.sample.id) for task in tasks]
