"""Conditions on a value that the column is known not to have."""

from collections.abc import Iterator

from rapidfuzz import fuzz, process
from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from aggregation.statement_scope import read_scope, sources_of, table_entry
from domain.dictionary import ColumnEntry, Dictionary
from domain.verdict import Violation

_SHOWN_VALUES = 8


def find_unknown_values(sql: str, dictionary: Dictionary) -> tuple[Violation, ...]:
    """Returns a warning for each text that Athena SQL looks for where every value is known."""
    # Without a text in it a statement need not be read.
    outermost = read_scope(sql, dictionary) if "'" in sql else None
    if outermost is None:
        return ()
    warnings = [
        _warning(text, column)
        for scope in outermost.traverse()
        for text, column in _equalities(scope, dictionary)
        if text not in _values(column)
    ]
    return tuple(dict.fromkeys(warnings))


def _equalities(scope: Scope, dictionary: Dictionary) -> Iterator[tuple[str, ColumnEntry]]:
    """Yields each text that a column of few known values is held against."""
    for node in scope.find_all(exp.EQ, exp.In):
        sides = list(node.iter_expressions())
        columns = [side for side in sides if isinstance(side, exp.Column)]
        if len(columns) != 1:
            continue
        entry = _entry(columns[0], scope, dictionary)
        if entry is None or not entry.top_values or len(entry.top_values) < entry.distinct_count:
            continue
        yield from (
            (side.name, entry) for side in sides if isinstance(side, exp.Literal) and side.is_string
        )


def _entry(column: exp.Column, scope: Scope, dictionary: Dictionary) -> ColumnEntry | None:
    source = sources_of(scope).get(column.table)
    table = None if source is None else table_entry(source, dictionary)
    entry = None if table is None else table.column(column.name)
    return entry if entry is not None and entry.type.startswith("varchar") else None


def _values(column: ColumnEntry) -> list[str]:
    return [str(top.value) for top in column.top_values]


def _warning(text: str, column: ColumnEntry) -> Violation:
    close = process.extract(
        text, sorted(_values(column)), scorer=fuzz.WRatio, limit=_SHOWN_VALUES, score_cutoff=0
    )
    listed = ", ".join(f"'{value}'" for value in sorted(value for value, _, _ in close))
    return Violation(
        rule="unknown_value",
        message=f"No row has '{text[:60]}' as {column.name}.",
        hint=f"{column.name} holds {listed}.",
    )
