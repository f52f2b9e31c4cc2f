"""A context in a local folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from context_store.blob_store import Pointer, PointerMovedError
from domain.errors import NotFoundError, OperatorError

_POINTER = "CURRENT"
_LOCK = "LOCK"


class FolderBlobs:
    """Files that are replaced in one step."""

    is_remote = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def location(self) -> str:
        """The folder."""
        return str(self._folder)

    def read(self, name: str) -> bytes:
        """Returns a file whole. Raises NotFoundError or OperatorError."""
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError as error:
            raise NotFoundError(f"There is no {name} in the context.") from error
        except OSError as error:
            raise OperatorError(f"{self._folder / name} cannot be read: {error}") from error

    def write(self, name: str, content: bytes) -> None:
        """Writes a file in one step: a reader sees all of it or the one before."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)

    def names(self, folder: str) -> list[str]:
        """Returns the names of the files in a folder, in order."""
        files = sorted((self._folder / folder).glob("*"))
        return [f"{folder}/{file.name}" for file in files if not file.name.startswith(".")]

    def tag(self) -> str | None:
        """Returns inode, time and size of the pointer, or None where there is none."""
        try:
            status = (self._folder / _POINTER).stat()
        except OSError:
            return None
        return f"{status.st_ino}-{status.st_mtime_ns}-{status.st_size}"

    def pointer(self) -> Pointer | None:
        """Returns the pointer. Raises OperatorError where it cannot be read."""
        tag = self.tag()
        if tag is None:
            return None
        try:
            return Pointer(self.read(_POINTER).decode("ascii").strip(), tag)
        except UnicodeDecodeError as error:
            raise OperatorError(f"{self._folder / _POINTER} is damaged.") from error

    def move_pointer(self, version: str, expected_tag: str | None) -> None:
        """Moves the pointer, or raises PointerMovedError where its tag is another one by now."""
        with self._locked():
            if self.tag() != expected_tag:
                raise PointerMovedError(
                    "The context was changed by someone else just now.", "changed_meanwhile"
                )
            self.write(_POINTER, version.encode())

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keeps other processes out between the look at the pointer and its move."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / _LOCK).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
