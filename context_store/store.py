"""Versions of a context in a folder, and a pointer to the one that serves.

A version is a JSON file named by the hash of its content: JSON because a dictionary of 100,000
columns loads in a second, where YAML takes minutes; `dictionary_yaml` gives people the same lines
as YAML. The pointer is replaced in one step, so a reader sees the old version or the new, whole.
"""

import hashlib
import os
import threading
from pathlib import Path
from tempfile import NamedTemporaryFile

import orjson
import structlog
import yaml
from pydantic import ValidationError

from context_store.loaded_context import LoadedContext, load_context
from context_store.value_index import ColumnValues
from domain.dictionary import Dictionary
from domain.errors import NotFoundError, OperatorError

POINTER = "CURRENT"
VERSIONS = "versions"
_VERSION_LENGTH = 12
_HEXADECIMAL = frozenset("0123456789abcdef")

_log = structlog.get_logger()


class ContextStore:
    """The versions in one folder. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._loaded: LoadedContext | None = None

    def current(self) -> LoadedContext:
        """Returns the version that serves, loaded again only where the pointer has changed.

        Where the new one cannot be read, the last good one goes on and the error is logged.
        Raises OperatorError where there has never been one.
        """
        stamp = self._stamp()
        if self._loaded is not None and stamp == self._seen:
            return self._loaded
        with self._lock:
            if self._loaded is None or stamp != self._seen:
                self._load_pointed(stamp)
            if self._loaded is None:
                raise OperatorError(f"There is no context in {self._folder}.", _REMEDY)
            return self._loaded

    def save(self, dictionary: Dictionary, values: ColumnValues) -> str:
        """Writes a version and points to it. Returns its name, the hash of its content."""
        unnamed = dictionary.model_copy(update={"version": ""}).model_dump(mode="json")
        text, value_text = orjson.dumps(unnamed, option=orjson.OPT_INDENT_2), orjson.dumps(values)
        version = _hash(text, value_text)
        folder = self._folder / VERSIONS
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / f"{version}.values.json", value_text)
        _write(folder / f"{version}.json", text)
        _write(self._folder / POINTER, version.encode())
        return version

    def version(self, version: str) -> LoadedContext:
        """Returns an older version, for replay. Raises NotFoundError where there is none."""
        if not set(version) <= _HEXADECIMAL or len(version) != _VERSION_LENGTH:
            raise NotFoundError(f"There is no context version {version[:40]!r}.")
        if not (self._folder / VERSIONS / f"{version}.json").is_file():
            raise NotFoundError(f"There is no context version {version!r}.")
        return self._read(version)

    def _stamp(self) -> tuple[int, int, int] | None:
        """Returns what changes when the pointer is replaced, or None where there is none."""
        try:
            status = (self._folder / POINTER).stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size

    def _load_pointed(self, stamp: tuple[int, int, int] | None) -> None:
        try:
            if stamp is not None:
                version = (self._folder / POINTER).read_text(encoding="utf-8").strip()
                self._loaded = self.version(version)
        except (OSError, UnicodeDecodeError, NotFoundError, OperatorError) as error:
            if self._loaded is None:
                raise OperatorError(
                    f"The context in {self._folder} cannot be read: {error}", _REMEDY
                ) from error
            _log.exception(
                "context_unreadable",
                folder=str(self._folder),
                serving=self._loaded.dictionary.version,
            )
        self._seen = stamp

    def _read(self, version: str) -> LoadedContext:
        folder = self._folder / VERSIONS
        try:
            text = (folder / f"{version}.json").read_bytes()
            value_text = (folder / f"{version}.values.json").read_bytes()
            if _hash(text, value_text) != version:
                raise OperatorError(f"Context version {version} is damaged.", _REMEDY)
            dictionary = Dictionary.model_validate_json(text)
            values = orjson.loads(value_text)
        except (OSError, ValidationError, orjson.JSONDecodeError) as error:
            raise OperatorError(f"Context version {version} cannot be read.", _REMEDY) from error
        return load_context(dictionary.model_copy(update={"version": version}), values)


_REMEDY = "Run `vtion context build`."


def dictionary_yaml(dictionary: Dictionary) -> str:
    """Returns a dictionary as YAML for people, empty fields left out."""
    content = dictionary.model_dump(mode="json", exclude_defaults=True)
    return yaml.dump(content, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)


def _hash(dictionary: bytes, values: bytes) -> str:
    return hashlib.sha256(dictionary + b"\0" + values).hexdigest()[:_VERSION_LENGTH]


def _write(path: Path, content: bytes) -> None:
    """Writes a file in one step: a reader sees all of it or the one before."""
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)
