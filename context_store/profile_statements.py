"""Athena SQL of the profiler. Identifiers are always quoted, values never come from outside."""

from collections.abc import Sequence

from context_store.pii_shapes import NUMBER_RANGES, TEXT_SHAPES
from domain.catalog import ColumnSchema
from domain.column_type import TypeFamily

AGGREGATES_PER_COLUMN = 5


def quoted(identifier: str) -> str:
    """Returns an identifier in double quotes."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Returns text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def count_rows(table: str) -> str:
    """Counts every row of a table."""
    return f"SELECT count(*) FROM {quoted(table)}"


def source_of(table: str, row_count: int, maximum_rows: int) -> str:
    """Returns the table, or a sample of it where it holds more rows than the bound."""
    if row_count <= maximum_rows:
        return quoted(table)
    percent = max(0.001, 100 * maximum_rows / row_count)
    return f"{quoted(table)} TABLESAMPLE BERNOULLI ({percent:.3f})"


def first_rows(table: str, columns: Sequence[str], limit: int) -> str:
    """Returns a derived table of a bounded number of rows."""
    names = ", ".join(quoted(column) for column in columns)
    return f"(SELECT {names} FROM {quoted(table)} LIMIT {limit}) AS s"


def first_present_rows(table: str, column: str, limit: int) -> str:
    """Returns a derived table of a bounded number of a column's values, nulls left out."""
    name = quoted(column)
    return f"(SELECT {name} FROM {quoted(table)} WHERE {name} IS NOT NULL LIMIT {limit}) AS s"


def aggregate_pass(
    source: str, columns: Sequence[ColumnSchema], exact: bool, hidden: frozenset[str]
) -> str:
    """One pass over a table: rows, then five aggregates a column.

    They are non-null count, distinct count, minimum, maximum and mean length. `hidden` columns
    give neither minimum nor maximum; nor does a whole number that looks like a phone number.
    """
    parts = ["count(*)"]
    for column in columns:
        parts.extend(_column_aggregates(column, exact, column.name in hidden))
    return f"SELECT {', '.join(parts)} FROM {source}"


def _column_aggregates(column: ColumnSchema, exact: bool, is_hidden: bool) -> list[str]:
    name = quoted(column.name)
    low, high = _extremes(name, column.family, is_hidden)
    length = f"avg(length({name}))" if column.family is TypeFamily.TEXT else "NULL"
    return [f"count({name})", _distinct(name, column.family, exact), low, high, length]


def _distinct(name: str, family: TypeFamily, exact: bool) -> str:
    if family is TypeFamily.OTHER:
        return "0"
    return f"count(DISTINCT {name})" if exact else f"approx_distinct({name})"


def _extremes(name: str, family: TypeFamily, is_hidden: bool) -> tuple[str, str]:
    if is_hidden or not (family.is_numeric or family.is_temporal):
        return "NULL", "NULL"
    low, high = f"min({name})", f"max({name})"
    if family.is_temporal:
        return f"CAST({low} AS varchar)", f"CAST({high} AS varchar)"
    if family is TypeFamily.INTEGER:
        personal = f"{_count_in_personal_ranges(name)} * 2 >= count({name})"
        return f"CASE WHEN {personal} THEN NULL ELSE {low} END", (
            f"CASE WHEN {personal} THEN NULL ELSE {high} END"
        )
    return low, high


def _count_in_personal_ranges(name: str) -> str:
    ranges = " OR ".join(f"{name} BETWEEN {r.low} AND {r.high}" for r in NUMBER_RANGES)
    return f"count_if({ranges})"


def exact_distinct_pass(source: str, columns: Sequence[str]) -> str:
    """Counts rows, then distinct values of each column, exactly."""
    counts = [f"count(DISTINCT {quoted(column)})" for column in columns]
    return f"SELECT {', '.join(['count(*)', *counts])} FROM {source}"


def distinct_combinations(source: str, columns: Sequence[str]) -> str:
    """Counts the distinct combinations of columns, those with a null left out."""
    names = ", ".join(quoted(column) for column in columns)
    present = " AND ".join(f"{quoted(column)} IS NOT NULL" for column in columns)
    return f"SELECT count(*) FROM (SELECT DISTINCT {names} FROM {source} WHERE {present}) AS d"


def text_shape_counts(source: str, columns: Sequence[str]) -> str:
    """Counts, a column: non-null values, their mean length, then the values of each shape."""
    counts = []
    for column in columns:
        name = quoted(column)
        counts.extend([f"count({name})", f"avg(length({name}))"])
        counts.extend(
            f"count_if(regexp_like({name}, {literal(shape.pattern)}))" for shape in TEXT_SHAPES
        )
    return f"SELECT {', '.join(counts)} FROM {source}"


def number_range_counts(source: str, columns: Sequence[str]) -> str:
    """Counts, a column: non-null values, then the values of each range."""
    counts = []
    for column in columns:
        name = quoted(column)
        counts.append(f"count({name})")
        counts.extend(
            f"count_if({name} BETWEEN {bounds.low} AND {bounds.high})" for bounds in NUMBER_RANGES
        )
    return f"SELECT {', '.join(counts)} FROM {source}"


def frequent_values(source: str, columns: Sequence[tuple[str, int]]) -> str:
    """Lists the most frequent values of several columns: position, value as text, rows.

    `columns` gives each column with the most values to return.
    """
    return " UNION ALL ".join(
        f"SELECT * FROM (SELECT {position} AS c, CAST({quoted(name)} AS varchar) AS v, "
        f"count(*) AS n FROM {source} WHERE {quoted(name)} IS NOT NULL "
        f"GROUP BY {quoted(name)} ORDER BY n DESC, v LIMIT {limit}) AS t{position}"
        for position, (name, limit) in enumerate(columns)
    )


def inclusion(child: tuple[str, str], parent: tuple[str, str], as_text: bool, limit: int) -> str:
    """Counts a child column's distinct values, and those of them that the parent column holds."""
    child_key, parent_key = (
        f"CAST({quoted(column)} AS varchar)" if as_text else quoted(column)
        for _, column in (child, parent)
    )
    return (
        f"SELECT count(*), count(p.k) FROM (SELECT DISTINCT {child_key} AS k "
        f"FROM {quoted(child[0])} WHERE {quoted(child[1])} IS NOT NULL LIMIT {limit}) AS c "
        f"LEFT JOIN (SELECT DISTINCT {parent_key} AS k FROM {quoted(parent[0])}) AS p ON c.k = p.k"
    )
