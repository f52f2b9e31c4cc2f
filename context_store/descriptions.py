"""Plain words for tables and columns, from their names alone."""

from context_store.column_roles import is_clock_time, unit_of
from context_store.names import (
    entity_words_of,
    expanded_words_of,
    phrase_of,
    plural_of,
    row_name_of,
    words_of,
)
from context_store.profile import ColumnProfile, TableProfile
from domain.dictionary import ColumnRole


def table_synonyms(table: str) -> list[str]:
    """Returns other ways to say a table's name: singular, plural and its last word."""
    words = entity_words_of(table)
    names = [" ".join(words), " ".join((*words[:-1], plural_of(words[-1]))), phrase_of(table)]
    if len(words) > 1:
        names.append(plural_of(words[-1]))
    return _distinct(names, table)


def column_synonyms(column: str, table: str) -> list[str]:
    """Returns other ways to say a column's name: written out, without table and unit words."""
    words = expanded_words_of(column)
    entity = entity_words_of(table)
    names = [" ".join(words_of(column)), " ".join(words)]
    if unit_of(column):
        names.append(" ".join(words[:-1]))
    if len(words) > len(entity) and words[: len(entity)] == entity:
        names.append(" ".join(words[len(entity) :]))
    return _distinct(names, column)


def _distinct(names: list[str], own: str) -> list[str]:
    seen = {own.lower()}
    kept = []
    for name in names:
        if name and name.lower() not in seen:
            seen.add(name.lower())
            kept.append(name)
    return kept


def describe_table(table: TableProfile) -> str:
    """Returns a sentence on what the table holds."""
    row = row_name_of(table.name)
    article = "an" if row[:1] in tuple("aeiou") else "a"
    return f"One row is {article} {row}."


def describe_column(column: ColumnProfile, role: ColumnRole, parent: str | None) -> str:
    """Returns a phrase on what the column holds. `parent` is the table it refers to."""
    phrase = phrase_of(column.name) or column.name
    text = phrase[0].upper() + phrase[1:]
    unit = unit_of(column.name)
    if unit and expanded_words_of(column.name)[-1].rstrip("s") != unit:
        text += f", in {unit}"
    if is_clock_time(column):
        text += ", a time of day written as hhmm"
    if parent is not None:
        text += f", refers to {parent}"
    elif role is ColumnRole.KEY and column.distinct_count == column.non_null_count:
        text += ", one a row"
    return text + "."
