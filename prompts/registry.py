"""The prompts in use: read again when they change, the last good ones while a file is broken."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from domain.errors import NotFoundError, OperatorError
from prompts.checksums import check_sealed
from prompts.labels import PRODUCTION, Labels, read_labels
from prompts.prompt import Prompt, parse_prompt

FOLDER = Path(__file__).parent
_LOOK_SECONDS = 1.0
_log = structlog.get_logger(__name__)

_Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class PromptBook:
    """Every version of every prompt, read at one moment."""

    prompts: Mapping[str, Mapping[str, Prompt]]
    labels: Labels = field(default_factory=dict)

    def version(self, name: str, version: str) -> Prompt:
        """Returns one version; raises NotFoundError that names those there are."""
        found = self.prompts.get(name, {}).get(version)
        if found is None:
            known = ", ".join(sorted(self.prompts.get(name, {}))) or "none"
            raise NotFoundError(f"The prompt {name} has no version {version}; there is: {known}.")
        return found

    def labelled(self, name: str, label: str) -> Prompt | None:
        """Returns the version that a label points to."""
        history = self.labels.get(name, {}).get(label)
        return self.version(name, history[-1]) if history else None


class PromptRegistry:
    """Gives prompts by label or version."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self.problem = ""
        """Why the files as they are now cannot be used; empty where they can."""
        self._stamp: _Stamp = ()
        self._looked_at = 0.0
        self._book: PromptBook | None = None

    @property
    def book(self) -> PromptBook:
        """The present prompts; the last good ones while a file is broken."""
        now = time.monotonic()
        if self._book is None or now - self._looked_at >= _LOOK_SECONDS:
            self._looked_at = now
            self._follow_files()
        if self._book is None:
            raise OperatorError(self.problem)
        return self._book

    def prompt(self, name: str, label: str = PRODUCTION) -> Prompt:
        """Returns the version that `label` points to."""
        found = self.book.labelled(name, label)
        if found is None:
            raise OperatorError(f"prompt {name} has no label {label}")
        return found

    def choose(self, name: str, versions: Mapping[str, str], label: str = "") -> Prompt:
        """Returns the version asked for, else that of `label`, else that in production."""
        if name in versions:
            return self.book.version(name, versions[name])
        preferred = self.book.labelled(name, label) if label else None
        return preferred or self.prompt(name)

    def version(self, name: str, version: str) -> Prompt:
        """Returns one version by name, such as `v1`."""
        return self.book.version(name, version)

    def _follow_files(self) -> None:
        stamp = _stamp(self.folder)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._book, self.problem = read_book(self.folder), ""
        except OperatorError as error:
            self.problem = error.message
            _log.error("prompts_broken", problem=error.message, remedy=error.remedy)


def read_book(folder: Path) -> PromptBook:
    """Reads every prompt; raises OperatorError for the first that is broken."""
    check_sealed(folder)
    prompts: dict[str, dict[str, Prompt]] = {}
    for path in sorted(folder.glob("*/*.md")):
        name, version = path.parent.name, path.stem
        text = path.read_text(encoding="utf-8")
        prompts.setdefault(name, {})[version] = parse_prompt(name, version, text)
    book = PromptBook(prompts, read_labels(folder))
    for name, labels in book.labels.items():
        for label, history in labels.items():
            if history[-1] not in prompts.get(name, {}):
                raise OperatorError(
                    f"label {label} of {name} points to {history[-1]}, which is not there"
                )
    return book


def _stamp(folder: Path) -> _Stamp:
    """Returns what changes when a file does."""
    files = sorted([*folder.glob("*/*.md"), *folder.glob("*.yaml"), *folder.glob("*.txt")])
    stats = ((str(file), file.stat()) for file in files)
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)
