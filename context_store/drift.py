"""What changed in the data between two versions, and which lines and queries it touches."""

from collections.abc import Iterator, Sequence
from typing import Literal

import sqlglot
from pydantic import BaseModel, ConfigDict
from sqlglot import exp
from sqlglot.errors import SqlglotError

from context_store.lines import Line, lines_of_table
from domain.dictionary import ColumnEntry, Dictionary, TableEntry

_ALL_VALUES = 50
_ROWS_CHANGED, _NULLS_CHANGED = 0.5, 0.1
_CODES_NAMED = 10


class Change(BaseModel):
    """One change of the data."""

    model_config = ConfigDict(frozen=True)

    kind: Literal[
        "table_added", "table_gone", "column_added", "column_gone", "type", "new_codes",
        "gone_codes", "range", "nulls", "rows", "format", "key", "personal_data",
    ]  # fmt: skip
    table: str
    column: str = ""
    before: str = ""
    after: str = ""
    reviewed_lines: tuple[str, ...] = ()
    """Lines on it that a person stands for: they may not hold any more."""
    queries: tuple[str, ...] = ()
    """Questions of verified queries that read it."""


class DriftReport(BaseModel):
    """All changes between two versions."""

    model_config = ConfigDict(frozen=True)

    before: str
    after: str
    changes: tuple[Change, ...] = ()


def find_drift(old: Dictionary, new: Dictionary) -> DriftReport:
    """Returns what changed in the data, in the order of tables and columns."""
    readers = _readers(old)
    changes = [_with_touched(change, old, readers) for change in _changes(old, new)]
    return DriftReport(before=old.version, after=new.version, changes=tuple(changes))


def _changes(old: Dictionary, new: Dictionary) -> Iterator[Change]:
    known = {name.lower() for name in old.table_names}
    for before in old.tables:
        after = new.table(before.name)
        if after is None:
            yield Change(kind="table_gone", table=before.name)
        else:
            yield from _table_changes(before, after)
    for name in new.table_names:
        if name.lower() not in known:
            yield Change(kind="table_added", table=name)


def _table_changes(before: TableEntry, after: TableEntry) -> Iterator[Change]:
    table = after.name
    if abs(after.row_count - before.row_count) > _ROWS_CHANGED * max(1, before.row_count):
        yield Change(
            kind="rows", table=table, before=f"{before.row_count:,}", after=f"{after.row_count:,}"
        )
    if before.format != after.format:
        yield Change(kind="format", table=table, before=before.format, after=after.format)
    if before.primary_key != after.primary_key:
        keys = (", ".join(key) or "none" for key in (before.primary_key, after.primary_key))
        yield Change(kind="key", table=table, before=next(keys), after=next(keys))
    for column in before.columns:
        other = after.column(column.name)
        if other is None:
            yield Change(kind="column_gone", table=table, column=column.name, before=column.type)
        else:
            yield from _column_changes(table, column, other)
    for column in after.columns:
        if before.column(column.name) is None:
            yield Change(kind="column_added", table=table, column=column.name, after=column.type)


def _column_changes(table: str, before: ColumnEntry, after: ColumnEntry) -> Iterator[Change]:
    name = after.name
    if before.type != after.type:
        yield Change(kind="type", table=table, column=name, before=before.type, after=after.type)
    if before.pii != after.pii:
        kinds = (str(kind or "none") for kind in (before.pii, after.pii))
        yield Change(
            kind="personal_data", table=table, column=name, before=next(kinds), after=next(kinds)
        )
        return
    if abs(before.null_share - after.null_share) > _NULLS_CHANGED:
        yield Change(
            kind="nulls",
            table=table,
            column=name,
            before=f"{before.null_share:.0%}",
            after=f"{after.null_share:.0%}",
        )
    yield from _value_changes(table, before, after)


def _value_changes(table: str, before: ColumnEntry, after: ColumnEntry) -> Iterator[Change]:
    if _has_all_values(before) and _has_all_values(after):
        old, new = _values(before), _values(after)
        if new - old:
            yield Change(kind="new_codes", table=table, column=after.name, after=_listed(new - old))
        if old - new:
            yield Change(
                kind="gone_codes", table=table, column=after.name, before=_listed(old - new)
            )
    elif (before.minimum, before.maximum) != (after.minimum, after.maximum):
        yield Change(
            kind="range",
            table=table,
            column=after.name,
            before=f"{before.minimum} to {before.maximum}",
            after=f"{after.minimum} to {after.maximum}",
        )


def _has_all_values(column: ColumnEntry) -> bool:
    return bool(column.top_values) and column.distinct_count <= _ALL_VALUES


def _values(column: ColumnEntry) -> set[str]:
    return {str(entry.value) for entry in column.top_values}


def _listed(values: set[str]) -> str:
    more = len(values) - _CODES_NAMED
    named = ", ".join(sorted(values)[:_CODES_NAMED])
    return f"{named} and {more} more" if more > 0 else named


def _readers(dictionary: Dictionary) -> list[tuple[str, set[str], set[str]]]:
    """Returns, a verified query: its question, and the tables and columns that its SQL names."""
    found = []
    for query in dictionary.verified_queries:
        try:
            tree = sqlglot.parse_one(query.sql, read="athena")
        except SqlglotError:
            continue
        tables = {table.name.lower() for table in tree.find_all(exp.Table)}
        columns = {column.name.lower() for column in tree.find_all(exp.Column)}
        found.append((query.question, tables, columns))
    return found


def _with_touched(
    change: Change, old: Dictionary, readers: Sequence[tuple[str, set[str], set[str]]]
) -> Change:
    table, column = change.table.lower(), change.column.lower()
    questions = tuple(
        question
        for question, tables, columns in readers
        if table in tables and (not column or column in columns)
    )
    entry = old.table(change.table)
    lines = tuple(
        str(line.key)
        for line in (lines_of_table(entry) if entry is not None else ())
        if line.provenance.is_reviewed and _is_about(line, column)
    )
    return change.model_copy(update={"queries": questions, "reviewed_lines": lines})


def _is_about(line: Line, column: str) -> bool:
    return not column or line.key.column.lower() == column
