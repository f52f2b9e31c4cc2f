"""A version that differs from another in a few lines: only what they touch is made anew."""

from collections.abc import Callable, Iterator, Sequence

from context_store.search_index import values_of_table, with_other_words, words_of_table
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
    they are; a corrected text changes what is found by words, and no more.
    """
    packed = read("values.json")
    values = read_values(packed, manifest)
    changed = list(_changed(old, new))
    if not _are_alike(values_of_table, changed):
        return write_version(new, without_personal(values, new))
    try:
        index = read("index")
    except NotFoundError:
        # The old version was indexed in another layout.
        return write_version(new, values)
    is_same = _are_alike(words_of_table, changed)
    return seal(new, packed, index if is_same else with_other_words(index, new))


def _are_alike(
    of_table: Callable[[TableEntry], object], changed: Sequence[tuple[TableEntry, TableEntry]]
) -> bool:
    return all(of_table(before) == of_table(after) for before, after in changed)


def _changed(old: Dictionary, new: Dictionary) -> Iterator[tuple[TableEntry, TableEntry]]:
    """Yields the tables that differ, before and after; edits neither add nor remove one."""
    before, after = old.tables, new.tables
    if not (isinstance(before, StoredTables) and isinstance(after, StoredTables)):
        yield from zip(before, after, strict=True)
        return
    for number, (line, other) in enumerate(zip(before.lines, after.lines, strict=True)):
        if line != other:
            yield before[number], after[number]
