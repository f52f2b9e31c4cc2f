"""The runs of a folder, for a list."""

from datetime import datetime
from pathlib import Path

import orjson
from pydantic import BaseModel, ConfigDict

from domain.errors import NotFoundError, OperatorError
from evals.run_folder import Manifest, RunFolder


class RunSummary(BaseModel):
    """One line of a list of runs."""

    model_config = ConfigDict(frozen=True)

    name: str
    started_at: datetime
    suites: tuple[str, ...]
    solver: str
    llm: str
    code_version: str
    done: int
    """Samples that were asked so far, repeats counted."""
    passed: int


def list_runs(folder: Path, limit: int) -> list[RunSummary]:
    """Returns the newest runs first; a folder that holds none that can be read is passed over."""
    found = [(_manifest(RunFolder(path)), path) for path in folder.glob("*/")]
    runs = [(manifest, path) for manifest, path in found if manifest is not None]
    runs.sort(key=lambda run: run[0].started_at, reverse=True)
    return [_summary(manifest, path) for manifest, path in runs[:limit]]


def find_run(folder: Path, name: str) -> RunFolder:
    """Returns a run by its name. Raises NotFoundError where there is none."""
    run = RunFolder(folder / name)
    if Path(name).name != name or not run.exists:
        raise NotFoundError(f"There is no evaluation {name}.", "no_such_evaluation")
    return run


def _manifest(run: RunFolder) -> Manifest | None:
    try:
        return run.manifest()
    except OperatorError:
        return None


def _summary(manifest: Manifest, path: Path) -> RunSummary:
    outcomes = _outcomes(path)
    return RunSummary(
        name=path.name,
        started_at=manifest.started_at,
        suites=tuple(used.name for used in manifest.suites),
        solver=manifest.solver,
        llm=manifest.llm,
        code_version=manifest.code_version,
        done=len(outcomes),
        passed=sum(outcomes),
    )


def _outcomes(path: Path) -> list[bool]:
    """Reads no more of a result than whether it passed: a list opens thousands of them."""
    results = RunFolder(path).results_file
    if not results.is_file():
        return []
    lines = results.read_bytes().split(b"\n")
    return [bool(orjson.loads(line)["passed"]) for line in lines[:-1]]
