"""Versions of a context, and the one that serves.

A version is written whole before the pointer is moved to it, so a reader sees the old version or
the new. Where the new one cannot be read, the last good one goes on serving, with an alarm.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from context_store.blob_store import BlobStore, Pointer, PointerMovedError
from context_store.folder_blobs import FolderBlobs
from context_store.loaded_context import LoadedContext
from context_store.s3_blobs import open_s3_blobs
from context_store.value_index import ColumnValues
from context_store.version_files import VersionFiles, write_version
from context_store.versions import REMEDY, Versions
from domain.dictionary import Dictionary
from domain.errors import NotFoundError, OperatorError

HISTORY = "history"
BUILT = "built"
_BUILT_FROM = "BUILT_FROM"
_EDITS = 5
"""How often an edit is tried that others overtake."""
_SECONDS_BETWEEN_LOOKS = 5.0
"""How old a look at a remote pointer may be, or at one that names a version that cannot be read;
a folder's pointer is looked at every time."""

Read = TypeVar("Read")
_log = structlog.get_logger()


class HistoryEntry(BaseModel):
    """One move of the pointer."""

    model_config = ConfigDict(frozen=True)

    version: str
    previous: str
    at: datetime
    what: str
    by: str

    @classmethod
    def now(cls, version: str, before: Pointer | None, what: str, by: str) -> "HistoryEntry":
        """Returns an entry of this moment."""
        previous = before.version if before is not None else ""
        return cls(version=version, previous=previous, at=datetime.now(UTC), what=what, by=by)


class ContextStore:
    """The versions in one folder or bucket. Safe to share between threads."""

    def __init__(self, location: Path | str) -> None:
        self._blobs = open_blobs(location)
        self._versions = Versions(self._blobs)
        self._lock = threading.Lock()
        self._seen: str | None = None
        self._looked_at = 0.0
        self._loaded: LoadedContext | None = None
        self.alarm: str | None = None
        """Why the version that the pointer names does not serve; None where it does."""

    def current(self) -> LoadedContext:
        """Returns the version that serves, loaded again only where the pointer has changed.

        A remote pointer is looked at in the background, every few seconds at most. Raises
        OperatorError where there has never been a version that could be read.
        """
        if self._loaded is None:
            self._follow_pointer()
        elif self._is_time_to_look():
            self._looked_at = time.monotonic()
            if self._blobs.is_remote:
                threading.Thread(target=self._follow_pointer, daemon=True).start()
            elif self._blobs.tag() != self._seen:
                self._follow_pointer()
        if self._loaded is None:
            raise OperatorError(f"There is no context in {self._blobs.location}.", REMEDY)
        return self._loaded

    def save(
        self,
        dictionary: Dictionary,
        values: ColumnValues,
        *,
        expected: Pointer | None = None,
        what: str = BUILT,
        by: str = "",
    ) -> str:
        """Writes a version and points to it. Returns its name, the hash of its content.

        With `expected` the pointer is moved only from there; PointerMovedError says that someone
        else was first. Without it the last one wins. `what` and `by` stand in the history.
        """
        return self._move(write_version(dictionary, values), expected, what, by)

    def _move(self, files: VersionFiles, expected: Pointer | None, what: str, by: str) -> str:
        """Writes the files and points to them, from where the pointer is expected to be."""
        self._versions.write(files)
        version = files.manifest.version
        before = expected or self.pointer_or_none()
        try:
            tag = before.tag if before is not None else self._blobs.tag()
            self._blobs.move_pointer(version, tag)
        except PointerMovedError:
            if expected is not None:
                raise
            return self._move(files, None, what, by)
        if before is None or before.version != version:
            self._note(HistoryEntry.now(version, before, what, by))
        return version

    def edit(self, change: Callable[[Dictionary], Dictionary], what: str, by: str) -> str:
        """Applies a change to the newest version; again where someone else was first.

        Returns the new version, or the present one where the change gives back what it was given.
        Raises PointerMovedError where others were faster each time.
        """
        for attempt in range(_EDITS):
            pointer = self.pointer()
            old = self._versions.dictionary(pointer.version)
            new = change(old)
            if new is old:
                return pointer.version
            try:
                return self._move(self._versions.edited(old, new), pointer, what, by)
            except PointerMovedError:
                if attempt + 1 == _EDITS:
                    raise
        raise AssertionError("unreachable")

    def copy_to(self, folder: Path, version: str) -> "ContextStore":
        """Returns a store of its own in a folder, with one version in it."""
        copy, dictionary = ContextStore(folder), self._versions.dictionary(version)
        copy._move(self._versions.edited(dictionary, dictionary), None, "copied", "")
        return copy

    def history(self) -> list[HistoryEntry]:
        """Returns every move of the pointer that can be read, the oldest first."""
        entries = (self._move_of(name) for name in self._blobs.names(HISTORY))
        return [entry for entry in entries if entry is not None]

    def _move_of(self, name: str) -> HistoryEntry | None:
        try:
            return HistoryEntry.model_validate_json(self._blobs.read(name))
        except ValidationError:
            _log.warning("context_history_unreadable", entry=name)
            return None

    def previous_of(self, version: str) -> str:
        """Returns the version that served before a version; empty where there was none."""
        moves = [entry for entry in self.history() if entry.version == version]
        return moves[-1].previous if moves else ""

    def before_last_build(self) -> str:
        """Returns the version that the last build took the place of; empty where there was none.

        Edits since then change no data.
        """
        builds = [entry.previous for entry in self.history() if entry.what == BUILT]
        return builds[-1] if builds else ""

    def _note(self, entry: HistoryEntry) -> None:
        name = f"{HISTORY}/{entry.at:%Y%m%dT%H%M%S%f}-{entry.version}.json"
        self._blobs.write(name, entry.model_dump_json().encode())

    def pointer_or_none(self) -> Pointer | None:
        """Returns the pointer, or None where there is none that can be read."""
        try:
            return self._blobs.pointer()
        except OperatorError:
            return None

    def version(self, version: str) -> LoadedContext:
        """Returns an older version, for replay. Raises NotFoundError where there is none."""
        return self._versions.load(version)

    def values(self, version: str) -> ColumnValues:
        """Returns the values of a version: with them a changed dictionary can be saved."""
        return self._versions.values(version)

    def newest_dictionary(self) -> Dictionary | None:
        """Returns what the pointer's version says, or else the last one that can be read."""
        return self._newest(self._versions.dictionary)

    def _newest(self, read: Callable[[str], Read]) -> Read | None:
        past = [entry.version for entry in reversed(self.history())]
        for version in dict.fromkeys([self.newest_version(), *past]):
            try:
                return read(version)
            except (NotFoundError, OperatorError):
                continue
        return None

    def pointer(self) -> Pointer:
        """Returns the pointer. Raises OperatorError where there is none."""
        pointer = self._blobs.pointer()
        if pointer is None:
            raise OperatorError(f"There is no context in {self._blobs.location}.", REMEDY)
        return pointer

    @property
    def location(self) -> str:
        """Where the versions are."""
        return self._blobs.location

    def newest_version(self) -> str:
        """Returns the version that the pointer names; empty where there is none."""
        pointer = self.pointer_or_none()
        return pointer.version if pointer is not None else ""

    def versions(self) -> list[str]:
        """Returns the names of all versions that are whole."""
        return self._versions.names()

    def built_from(self) -> str:
        """Returns what the last build was made from; empty where that is not known."""
        try:
            return self._blobs.read(_BUILT_FROM).decode()
        except NotFoundError:
            return ""

    def remember_built_from(self, built_from: str) -> None:
        """Keeps what the last build was made from."""
        self._blobs.write(_BUILT_FROM, built_from.encode())

    def _is_time_to_look(self) -> bool:
        is_patient = self._blobs.is_remote or self.alarm is not None
        return not is_patient or time.monotonic() - self._looked_at > _SECONDS_BETWEEN_LOOKS

    def _follow_pointer(self) -> None:
        with self._lock:
            try:
                pointer = self._blobs.pointer()
                if pointer is not None and self._is_news(pointer):
                    self._loaded = self._versions.load(pointer.version)
                if pointer is None and self._loaded is not None:
                    raise OperatorError(f"The pointer in {self._blobs.location} is gone.", REMEDY)
                self._seen = pointer.tag if pointer is not None else None
                self.alarm = None
            except (NotFoundError, OperatorError) as error:
                self._sound_alarm(error)

    def _is_news(self, pointer: Pointer) -> bool:
        return self._loaded is None or pointer.version != self._loaded.dictionary.version

    def _sound_alarm(self, error: NotFoundError | OperatorError) -> None:
        """Keeps the last good version serving; a process that has none looks for it in history."""
        self._loaded = self._loaded or self._newest(self._versions.load)
        if self._loaded is None:
            message = f"The context in {self._blobs.location} cannot be read: {error}"
            raise OperatorError(message, REMEDY) from error
        self.alarm = str(error)
        _log.exception(
            "context_unreadable",
            location=self._blobs.location,
            serving=self._loaded.dictionary.version,
        )


def open_blobs(location: Path | str) -> BlobStore:
    """Returns the store of a folder, or of an `s3://` address."""
    if str(location).startswith("s3://"):
        return open_s3_blobs(str(location))
    return FolderBlobs(Path(location))
