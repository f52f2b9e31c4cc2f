"""A version that a label has pointed to is never edited: its checksum is held against it."""

import hashlib
from pathlib import Path

from domain.errors import OperatorError

FILE = "checksums.txt"


def read_checksums(folder: Path) -> dict[str, str]:
    """Returns `name/version` -> sha256 of the file."""
    path = folder / FILE
    if not path.is_file():
        return {}
    lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return {place: checksum for checksum, place in lines}


def seal(folder: Path, name: str, version: str) -> None:
    """Keeps the checksum of a version from now on."""
    checksums = read_checksums(folder)
    checksums.setdefault(f"{name}/{version}", checksum_of(folder, name, version))
    lines = [f"{checksum}  {place}\n" for place, checksum in sorted(checksums.items())]
    (folder / FILE).write_text("".join(lines), encoding="utf-8")


def check_sealed(folder: Path) -> None:
    """Raises OperatorError for a sealed version that was edited or removed."""
    for place, checksum in read_checksums(folder).items():
        name, _, version = place.partition("/")
        if checksum_of(folder, name, version) != checksum:
            raise OperatorError(
                f"prompt file {place}.md was changed after a label had pointed to it.",
                "Restore it, and make a new version with `vtion prompts new`.",
            )


def checksum_of(folder: Path, name: str, version: str) -> str:
    """Returns the sha256 of a version's file, empty where there is none."""
    path = folder / name / f"{version}.md"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
