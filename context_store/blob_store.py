"""Where the files of a context lie: named blobs, and one pointer that is moved atomically."""

from dataclasses import dataclass
from typing import Protocol

from domain.errors import ConflictError


class PointerMovedError(ConflictError):
    """Another build or edit moved the pointer in the meantime."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """Names the version that serves. `tag` changes with every move."""

    version: str
    tag: str


class BlobStore(Protocol):
    """A folder or a bucket. Safe to share between threads."""

    @property
    def location(self) -> str:
        """Where it is, for messages."""

    @property
    def is_remote(self) -> bool:
        """True where a look at the pointer takes a network call."""

    def read(self, name: str) -> bytes:
        """Returns a blob whole. Raises NotFoundError, or OperatorError where it cannot be read."""

    def write(self, name: str, content: bytes) -> None:
        """Writes a blob: readers see all of it, or what was there before."""

    def names(self, folder: str) -> list[str]:
        """Returns the names of the blobs in a folder, in order."""

    def tag(self) -> str | None:
        """Returns what changes when the pointer is moved; None where there is no pointer."""

    def pointer(self) -> Pointer | None:
        """Returns the pointer. Raises OperatorError where it cannot be read."""

    def move_pointer(self, version: str, expected_tag: str | None) -> None:
        """Moves the pointer, or raises PointerMovedError where its tag is another one by now."""
