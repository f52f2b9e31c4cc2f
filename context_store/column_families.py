"""Columns that are one quantity spread over several: `sales_2024`, `sales_2025`, `q1` to `q4`."""

from collections import defaultdict
from collections.abc import Sequence

from context_store.names import word_set, words_of
from domain.column_type import TypeFamily

_FEWEST = 3
_MONTHS = word_set(
    "jan feb mar apr may jun jul aug sep oct nov dec january february march april june july august "
    "september october november december"
)
_DAYS = word_set("mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday "
                 "sunday")  # fmt: skip
_ANY = "#"


def column_families(columns: Sequence[tuple[str, TypeFamily]]) -> list[list[str]]:
    """Returns the groups of three and more columns whose names differ in a number, month or day."""
    groups: dict[tuple[TypeFamily, tuple[str, ...]], list[str]] = defaultdict(list)
    for name, family in columns:
        words = words_of(name)
        form = tuple(_ANY if _varies(word) else word for word in words)
        if form.count(_ANY) == 1:
            groups[(family, form)].append(name)
    return [names for names in groups.values() if len(names) >= _FEWEST]


def _varies(word: str) -> bool:
    return word.isdigit() or word in _MONTHS or word in _DAYS
