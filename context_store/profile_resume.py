"""Keeps each table's measurements until the whole profile is done: a killed build goes on."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import structlog
from pydantic import ValidationError

from context_store.profile import TableProfile
from domain.catalog import TableSchema
from domain.dictionary import PiiKind

_log = structlog.get_logger()


class ProfileNotes(Protocol):
    """Where measurements wait."""

    def get(self, key: str) -> TableProfile | None:
        """Returns the table that was measured under this key, or None."""

    def put(self, key: str, profile: TableProfile) -> None:
        """Keeps a table."""


class NoNotes:
    """Nothing is kept."""

    def get(self, _: str) -> TableProfile | None:
        """Returns None."""
        return None

    def put(self, _: str, __: TableProfile) -> None:
        """Does nothing."""


class FolderNotes:
    """A file a table in a folder of one build's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> TableProfile | None:
        """Returns the table that was measured under this key; a torn file is measured again."""
        try:
            return TableProfile.model_validate_json((self._folder / key).read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    def put(self, key: str, profile: TableProfile) -> None:
        """Keeps a table."""
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._folder / f"{key}.part"
        part.write_text(profile.model_dump_json(), encoding="utf-8")
        part.replace(self._folder / key)

    def clear(self) -> None:
        """Forgets everything: the build is done."""
        for file in self._folder.glob("*"):
            file.unlink(missing_ok=True)


def notes_key(
    schema: TableSchema, row_count: int, decisions: Mapping[tuple[str, str], PiiKind | None]
) -> str:
    """Returns what changes when a table has to be measured again."""
    decided = sorted(
        f"{table}.{column}={kind}"
        for (table, column), kind in decisions.items()
        if table == schema.name.lower()
    )
    text = f"{schema.model_dump_json()} {row_count} {decided}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
