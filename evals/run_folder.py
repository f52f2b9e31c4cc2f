"""A run on disk: `run.json` says what it is, `results.jsonl` grows by a line a sample."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.errors import OperatorError
from evals.result import SampleResult

_MANIFEST = "run.json"
_RESULTS = "results.jsonl"


class SuiteUsed(BaseModel):
    """A suite as it was when the run began."""

    model_config = ConfigDict(frozen=True)

    name: str
    path: str
    digest: str
    samples: int


class Manifest(BaseModel):
    """What a run is: everything that a resumed part has to share with the first."""

    model_config = ConfigDict(frozen=True)

    name: str
    suites: tuple[SuiteUsed, ...]
    solver: str
    llm: str = ""
    """The string that selects the model; empty: as the settings say."""
    url: str = ""
    """The server that `http` asks."""
    judge: str = ""
    """The model that judges the prose; empty where none does."""
    prompt_versions: dict[str, str] = Field(default_factory=dict)
    tags: tuple[str, ...] = ()
    """Only samples with one of these tags; empty: all."""
    repeats: int = 1
    code_version: str
    started_at: datetime


class RunFolder:
    """Reads and writes one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def exists(self) -> bool:
        """True where a run was begun here."""
        return (self.folder / _MANIFEST).is_file()

    @property
    def results_file(self) -> Path:
        """Where the results are, a line a sample."""
        return self.folder / _RESULTS

    def begin(self, manifest: Manifest) -> None:
        """Writes the manifest of a new run."""
        if self.exists:
            raise OperatorError(
                f"{self.folder} holds a run already.", "Name another --out, or use --resume."
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        text = orjson.dumps(manifest.model_dump(mode="json"), option=orjson.OPT_INDENT_2)
        (self.folder / _MANIFEST).write_bytes(text)

    def manifest(self) -> Manifest:
        """Returns what the run is. Raises OperatorError where there is none."""
        try:
            return Manifest.model_validate_json((self.folder / _MANIFEST).read_bytes())
        except (OSError, ValidationError) as error:
            raise OperatorError(f"{self.folder} holds no run: {error}") from error

    def results(self) -> Iterator[SampleResult]:
        """Yields the results so far; a torn line that a kill left at the end is none."""
        path = self.results_file
        if not path.is_file():
            return
        lines = path.read_bytes().split(b"\n")
        for number, line in enumerate(lines[:-1], start=1):
            try:
                yield SampleResult.model_validate_json(line)
            except ValidationError as error:
                raise OperatorError(f"{path}:{number} is no result: {error}") from error

    def writer(self) -> "ResultWriter":
        """Opens the results for more, without a torn line."""
        return ResultWriter(self.results_file)


class ResultWriter:
    """Appends results, each on disk before the next."""

    def __init__(self, path: Path) -> None:
        path.touch()
        _cut_torn_line(path)
        self._stream = path.open("ab")

    def add(self, result: SampleResult) -> None:
        """Writes one line."""
        content = result.model_dump(mode="json", exclude_defaults=True)
        self._stream.write(orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE))
        self._stream.flush()
        os.fsync(self._stream.fileno())

    def close(self) -> None:
        """Closes the file."""
        self._stream.close()


def _cut_torn_line(path: Path) -> None:
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole != len(content):
        os.truncate(path, whole)
