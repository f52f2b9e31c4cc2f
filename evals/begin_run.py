"""Begins a run, or finds the one to go on with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from domain.errors import OperatorError
from evals.code_version import code_version
from evals.run_folder import Manifest, RunFolder, SuiteUsed
from evals.runner import Task, remaining, tasks_of
from evals.suite_file import LoadedSuite, load_suite, shipped_suites


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a new run is to be."""

    suites: Sequence[str] = ()
    """Names, files or folders; all that are shipped where empty."""
    solver: str = "graph"
    llm: str = ""
    url: str = ""
    prompt_versions: dict[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    repeats: int = 1
    judge: str = ""


@dataclass(frozen=True, slots=True)
class BegunRun:
    """A run with what is still to do."""

    folder: RunFolder
    manifest: Manifest
    suites: list[LoadedSuite]
    tasks: list[Task]
    done: int


def begin_run(options: RunOptions, out: Path | None, runs: Path) -> BegunRun:
    """Begins a run in `out`, or in a new folder of `runs`."""
    suites = [load_suite(name) for name in options.suites or shipped_suites()]
    now = datetime.now(UTC)
    folder = RunFolder(out or runs / f"{now:%Y%m%d-%H%M%S}-{options.solver}")
    manifest = Manifest(
        name=folder.folder.name,
        suites=tuple(map(_used, suites)),
        solver=options.solver,
        llm=options.llm,
        url=options.url,
        prompt_versions=options.prompt_versions,
        tags=options.tags,
        repeats=options.repeats,
        judge=options.judge,
        code_version=code_version(),
        started_at=now,
    )
    tasks = tasks_of(suites, options.repeats, options.tags)
    if not tasks:
        raise OperatorError("No sample has one of these tags.")
    folder.begin(manifest)
    return BegunRun(folder, manifest, suites, tasks, 0)


def resume_run(place: Path) -> BegunRun:
    """Finds what a run has not asked yet.

    Raises OperatorError where suites or code have changed since: the halves would not belong
    together.
    """
    folder = RunFolder(place)
    manifest = folder.manifest()
    suites = [load_suite(used.path) for used in manifest.suites]
    for used, loaded in zip(manifest.suites, suites, strict=True):
        if used.digest != loaded.digest:
            raise OperatorError(f"The suite {used.name} has changed since the run began.", _ANEW)
    if manifest.code_version != code_version():
        raise OperatorError(
            f"The run began with code {manifest.code_version}, this is {code_version()}.", _ANEW
        )
    every = tasks_of(suites, manifest.repeats, manifest.tags)
    tasks = remaining(every, folder)
    return BegunRun(folder, manifest, suites, tasks, len(every) - len(tasks))


_ANEW = "Begin a new run."


def _used(loaded: LoadedSuite) -> SuiteUsed:
    return SuiteUsed(
        name=loaded.suite.name,
        path=str(loaded.path.resolve()),
        digest=loaded.digest,
        samples=len(loaded.suite.samples),
    )
