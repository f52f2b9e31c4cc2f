"""Athena SQL of the profiler. Identifiers are always quoted, values never come from outside."""

from collections.abc import Sequence

from context_store.checksums import Checksum, has_length, is_right, read_digits
from context_store.names import is_code_name, is_identifier_name
from context_store.pii_shapes import NUMBER_RANGES, PERSON_NAME, TEXT_SHAPES
from domain.catalog import ColumnSchema
from domain.column_type import TypeFamily

AGGREGATES_PER_COLUMN = 8
_DISTINCT_ERROR = 0.05
"""Standard error that a count of distinct values may have: what may be a key is counted again."""
_QUANTILES = "ARRAY[0.05, 0.25, 0.5, 0.75, 0.95]"


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
    """One pass over a table: rows, then eight aggregates a column.

    They are non-null count, distinct count, minimum, maximum, mean length, quantiles, and of times
    their grain and the latest that is not to come. `hidden` columns give neither minimum nor
    maximum nor quantiles; nor does a whole number that looks like a phone number.
    """
    parts = ["count(*)"]
    for column in columns:
        parts.extend(_column_aggregates(column, exact, column.name in hidden))
    return f"SELECT {', '.join(parts)} FROM {source}"


def _column_aggregates(column: ColumnSchema, exact: bool, is_hidden: bool) -> list[str]:
    name = quoted(column.name)
    low, high = _extremes(name, column.family, is_hidden)
    length = f"avg(length({name}))" if column.family is TypeFamily.TEXT else "NULL"
    distinct = _distinct(name, column.family, exact)
    quantiles = "NULL" if is_hidden else _quantiles(name, column)
    grain = _grain(name, column.family)
    latest = "NULL" if is_hidden else _latest(name, column.family)
    return [f"count({name})", distinct, low, high, length, quantiles, grain, latest]


def _quantiles(name: str, column: ColumnSchema) -> str:
    """Of quantities only: of a key or a code they say nothing."""
    is_number = column.family.is_numeric
    if not is_number or is_identifier_name(column.name) or is_code_name(column.name):
        return "NULL"
    quantiles = f"approx_percentile(CAST({name} AS double), {_QUANTILES})"
    if column.family is not TypeFamily.INTEGER:
        return quantiles
    return f"CASE WHEN {_is_personal(name)} THEN NULL ELSE {quantiles} END"


def _grain(name: str, family: TypeFamily) -> str:
    """Names the coarsest unit on which every value lies."""
    if not family.is_temporal:
        return "NULL"
    at = [f"day({name}) = 1", "'month'"], [f"{name} = date_trunc('day', {name})", "'day'"]
    if family is TypeFamily.DATE:
        tests = [at[0], ["true", "'day'"]]
    else:
        day = at[1][0]
        finer = [
            [f"{name} = date_trunc('{unit}', {name})", f"'{unit}'"] for unit in ("hour", "minute")
        ]
        tests = [[f"{at[0][0]} AND {day}", "'month'"], at[1], *finer, ["true", "'second'"]]
    cases = " ".join(f"WHEN count_if({test}) = count({name}) THEN {unit}" for test, unit in tests)
    return f"CASE WHEN count({name}) = 0 THEN NULL {cases} END"


def _latest(name: str, family: TypeFamily) -> str:
    """A planned date in 2030 does not make the data fresh until then."""
    if not family.is_temporal:
        return "NULL"
    past = f"CASE WHEN CAST({name} AS date) <= current_date THEN {name} END"
    return f"CAST(max({past}) AS varchar)"


def _distinct(name: str, family: TypeFamily, exact: bool) -> str:
    if family is TypeFamily.OTHER:
        return "0"
    return f"count(DISTINCT {name})" if exact else f"approx_distinct({name}, {_DISTINCT_ERROR})"


def _extremes(name: str, family: TypeFamily, is_hidden: bool) -> tuple[str, str]:
    if is_hidden or not (family.is_numeric or family.is_temporal):
        return "NULL", "NULL"
    low, high = f"min({name})", f"max({name})"
    if family.is_temporal:
        return f"CAST({low} AS varchar)", f"CAST({high} AS varchar)"
    if family is TypeFamily.INTEGER:
        personal = _is_personal(name)
        return f"CASE WHEN {personal} THEN NULL ELSE {low} END", (
            f"CASE WHEN {personal} THEN NULL ELSE {high} END"
        )
    return low, high


def _is_personal(name: str) -> str:
    return f"{_count_in_personal_ranges(name)} * 2 >= count({name})"


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


def text_shape_counts(source: str, columns: Sequence[str], *, with_names: bool) -> str:
    """Counts, a column: non-null values, mean length, values of each shape, names of people.

    Names are looked for in tables about people only.
    """
    counts = []
    for column in columns:
        name = quoted(column)
        counts.extend([f"count({name})", f"avg(length({name}))"])
        counts.extend(
            f"count_if(regexp_like({name}, {literal(shape.pattern)}))" for shape in TEXT_SHAPES
        )
        names = f"count_if(regexp_like({name}, {literal(PERSON_NAME.pattern)}))"
        counts.append(names if with_names else "0")
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


def checksum_counts(table: str, columns: Sequence[tuple[str, Checksum]], limit: int) -> str:
    """Counts, a column: non-null values, and those whose check digit is right."""
    digits, parts, counts = [], [], []
    for n, (name, checksum) in enumerate(columns):
        text = f"regexp_replace(CAST({quoted(name)} AS varchar), '[^0-9]', '')"
        digits.append(f"{text} AS d{n}")
        parts += [f"d{n}", *read_digits(f"d{n}", checksum, f"p{n}")]
        right = f"{has_length(f'd{n}', checksum)} AND {is_right(checksum, f'p{n}')}"
        counts.append(f"count(d{n}), count_if({right})")
    source = first_rows(table, [name for name, _ in columns], limit)
    return (
        f"SELECT {', '.join(counts)} FROM (SELECT {', '.join(parts)} FROM "
        f"(SELECT {', '.join(digits)} FROM {source}) AS n) AS c"
    )


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


def frequent_shapes(source: str, columns: Sequence[str], limit: int) -> str:
    """Lists the most frequent forms of text columns: position, form, rows."""
    return " UNION ALL ".join(
        f"SELECT * FROM (SELECT {position} AS c, {_shape(quoted(name))} AS v, count(*) AS n "
        f"FROM {source} WHERE {quoted(name)} IS NOT NULL "
        f"GROUP BY 2 ORDER BY n DESC, v LIMIT {limit}) AS t{position}"
        for position, name in enumerate(columns)
    )


def _shape(name: str) -> str:
    """Every letter becomes `A` and every digit `9`: no value can be read from it."""
    letters = f"regexp_replace({name}, '\\p{{L}}', 'A')"
    return f"regexp_replace({letters}, '\\p{{N}}', '9')"


def inclusion_of_several(
    child: tuple[str, Sequence[str]], parent: tuple[str, Sequence[str]], limit: int
) -> str:
    """Counts a child's distinct combinations, and those of them that the parent holds."""
    ours = ", ".join(f"{quoted(name)} AS k{n}" for n, name in enumerate(child[1]))
    theirs = ", ".join(f"{quoted(name)} AS k{n}" for n, name in enumerate(parent[1]))
    present = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in child[1])
    same = " AND ".join(f"c.k{n} = p.k{n}" for n in range(len(child[1])))
    return (
        f"SELECT count(*), count(p.k0) FROM (SELECT DISTINCT {ours} FROM {quoted(child[0])} "
        f"WHERE {present} LIMIT {limit}) AS c LEFT JOIN "
        f"(SELECT DISTINCT {theirs} FROM {quoted(parent[0])}) AS p ON {same}"
    )


def inclusion(
    child: tuple[str, str], parent: tuple[str, str], *, as_text: bool, is_unique: bool, limit: int
) -> str:
    """Counts a child column's distinct values, and those of them that the parent column holds."""
    child_key, parent_key = (
        f"CAST({quoted(column)} AS varchar)" if as_text else quoted(column)
        for _, column in (child, parent)
    )
    distinct = "" if is_unique else "DISTINCT "
    return (
        f"SELECT count(*), count(p.k) FROM (SELECT DISTINCT {child_key} AS k "
        f"FROM {quoted(child[0])} WHERE {quoted(child[1])} IS NOT NULL LIMIT {limit}) AS c "
        f"LEFT JOIN (SELECT {distinct}{parent_key} AS k FROM {quoted(parent[0])}) AS p ON c.k = p.k"
    )
