"""What people do with a stored context, by CLI or API: look, approve, correct, reject, import."""

import codecs
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from context_store.drift import DriftReport, find_drift
from context_store.exchange import import_yaml
from context_store.lines import (
    Line,
    LineError,
    LineKey,
    LineValue,
    line,
    lines_of,
    with_lines,
    written_by,
)
from context_store.loaded_context import LoadedContext
from context_store.sheet import import_sheet
from context_store.store import ContextStore
from domain.dictionary import Dictionary
from domain.errors import NotFoundError

_EMPTY: dict[str, LineValue] = {
    "synonyms": [],
    "business_rules": [],
    "example_questions": [],
    "value_labels": {},
    "additive": False,
    "time_column": None,
    "pii": None,
}


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Which lines to list: of one table, or those that nobody has looked at."""

    table: str = ""
    only_unreviewed: bool = False
    only_filled: bool = True

    def passes(self, one: Line) -> bool:
        """True for a line to be shown."""
        if self.table and one.key.table.lower() != self.table.lower():
            return False
        if self.only_unreviewed and one.provenance.is_reviewed:
            return False
        return bool(one.value) or not self.only_filled or one.provenance.is_reviewed


class ContextReview:
    """Changes lines of the version that serves. Each change is a new version, or none at all."""

    def __init__(self, store: ContextStore, today: Callable[[], date]) -> None:
        self._store = store
        self._today = today

    def list_lines(self, wanted: LineFilter, offset: int = 0, limit: int = 200) -> list[Line]:
        """Returns lines with their source, confidence, reviewer and date."""
        found = (one for one in lines_of(self._dictionary()) if wanted.passes(one))
        return [one for number, one in enumerate(found) if offset <= number < offset + limit]

    def approve(self, keys: Sequence[LineKey], reviewer: str) -> str:
        """Puts a person's name to lines as they stand. Returns the new version."""
        by = written_by(_named(reviewer), self._today())
        return self._change(
            lambda d: [Line(key, line(d, key).value, by) for key in keys], "approved", reviewer
        )

    def correct(self, key: LineKey, value: LineValue, reviewer: str) -> str:
        """Replaces a line with what a person says. Returns the new version."""
        by = written_by(_named(reviewer), self._today())
        return self._change(lambda _: [Line(key, value, by)], "corrected", reviewer)

    def reject(self, keys: Sequence[LineKey], reviewer: str) -> str:
        """Empties lines; no later build fills them again. Returns the new version."""
        by = written_by(_named(reviewer), self._today())
        return self._change(
            lambda _: [Line(key, _EMPTY.get(key.field, ""), by) for key in keys],
            "rejected",
            reviewer,
        )

    def import_file(self, name: str, text: str, reviewer: str) -> tuple[str, list[Line]]:
        """Takes over what differs in an edited export. Returns the version and the lines taken."""
        read = import_sheet if name.lower().endswith(".csv") else import_yaml
        on = self._today()
        taken: list[Line] = []

        def lines(dictionary: Dictionary) -> list[Line]:
            taken[:] = read(text, dictionary, _named(reviewer), on)
            return taken

        return self._change(lines, f"imported {name}", reviewer), taken

    def drift(self, before: str = "", after: str = "") -> DriftReport:
        """Returns what changed in the data between two versions; by default at the last build.

        Raises NotFoundError where there is no earlier version.
        """
        new = self._version(after) if after else self._store.current()
        old = before or (
            self._store.previous_of(after) if after else self._store.before_last_build()
        )
        if not old or (not before and old not in self._store.versions()):
            raise NotFoundError("There is no earlier version to compare with.")
        return find_drift(self._version(old).dictionary, new.dictionary)

    def _version(self, version: str) -> LoadedContext:
        return self._store.version(version)

    def _dictionary(self) -> Dictionary:
        return self._store.current().dictionary

    def _change(
        self, lines: Callable[[Dictionary], Sequence[Line]], what: str, reviewer: str
    ) -> str:
        def change(dictionary: Dictionary) -> Dictionary:
            wanted = lines(dictionary)
            return with_lines(dictionary, wanted) if wanted else dictionary

        return self._store.edit(change, what, reviewer)


def read_export(content: bytes) -> str:
    """Returns the text of an edited export: UTF-8, or UTF-16 as spreadsheets' “Unicode text” is.

    Raises LineError for any other.
    """
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise LineError("The file is no UTF-8: save it as “CSV UTF-8”.") from error


def _named(reviewer: str) -> str:
    if not reviewer.strip():
        raise LineError("Say who reviews: a line that nobody stands for is no reviewed line.")
    return reviewer.strip()
