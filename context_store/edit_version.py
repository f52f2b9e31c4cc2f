"""A version that differs from another in a few lines: only what they touch is made anew."""

from collections.abc import Callable, Iterator

from context_store.search_index import searched_of
from context_store.value_index import without_personal
from context_store.version_files import (
    Manifest,
    VersionFiles,
    read_values,
    seal,
    write_version,
)
from domain.dictionary import Dictionary, StoredTables, TableEntry
from domain.errors import NotFoundError


def edited_files(
    old: Dictionary, new: Dictionary, manifest: Manifest, read: Callable[[str], bytes]
) -> VersionFiles:
    """Returns the files of the new version. `manifest` and `read` give those of the old one.

    An approval or a verified query changes nothing that is searched, so values and index stay as
    they are; of a corrected text the index is made anew.
    """
    packed = read("values.json")
    values = read_values(packed, manifest)
    if all(searched_of(before) == searched_of(after) for before, after in _changed(old, new)):
        try:
            return seal(new, packed, read("index"))
        except NotFoundError:
            # The old version was indexed in another layout.
            return write_version(new, values)
    return write_version(new, without_personal(values, new))


def _changed(old: Dictionary, new: Dictionary) -> Iterator[tuple[TableEntry, TableEntry]]:
    """Yields the tables that differ, before and after; edits neither add nor remove one."""
    before, after = old.tables, new.tables
    if not (isinstance(before, StoredTables) and isinstance(after, StoredTables)):
        yield from zip(before, after, strict=True)
        return
    for number, (line, other) in enumerate(zip(before.lines, after.lines, strict=True)):
        if line != other:
            yield before[number], after[number]
