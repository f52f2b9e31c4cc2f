"""Finds which columns, or pairs or triples of columns, identify a row."""

from itertools import combinations
from math import prod

from context_store.names import entity_words_of, is_code_name, is_identifier_name, words_of
from context_store.profile import ColumnProfile, TableProfile
from context_store.profile_statements import distinct_combinations, exact_distinct_pass
from context_store.statement_runner import StatementRunner
from context_store.values import as_integer
from domain.column_type import TypeFamily

_NEARLY_ALL = 0.85
"""Approximate distinct counts are off by some percent: so near to all rows is worth a count."""
_MOST_TRIED = {2: 10, 3: 4}
_MOST_PARTS = 12
_LINK_TABLE_COLUMNS = 3
_KEY_FAMILIES = frozenset({TypeFamily.INTEGER, TypeFamily.TEXT})


async def find_unique_columns(
    run: StatementRunner, source: str, table: TableProfile
) -> TableProfile:
    """Returns the table with its unique columns set, and their distinct counts made exact."""
    unsure = [column for column in table.columns if _may_be_unique(column, table)]
    inexact = [column.name for column in unsure if not column.is_distinct_exact]
    exact: dict[str, int] = {}
    if inexact:
        row = await run.row(exact_distinct_pass(source, inexact))
        exact = {name: as_integer(n) for name, n in zip(inexact, row[1:], strict=True)}
    columns = [_with_exact_count(column, exact) for column in table.columns]
    unique = [
        column.name
        for column in columns
        if _may_be_unique(column, table) and column.distinct_count == column.non_null_count
    ]
    return table.model_copy(update={"columns": columns, "unique_columns": unique})


def may_hold_keys(column: ColumnProfile) -> bool:
    """True for text and whole numbers, and for ids that a tool stored as decimals."""
    return column.family in _KEY_FAMILIES or (
        column.family.is_numeric and is_identifier_name(column.name)
    )


def _may_be_unique(column: ColumnProfile, table: TableProfile) -> bool:
    has_no_null = 0 < table.profiled_rows == column.non_null_count
    return (
        has_no_null
        and may_hold_keys(column)
        and column.distinct_count >= _NEARLY_ALL * column.non_null_count
    )


def _with_exact_count(column: ColumnProfile, exact: dict[str, int]) -> ColumnProfile:
    if column.name not in exact:
        return column
    return column.model_copy(
        update={"distinct_count": exact[column.name], "is_distinct_exact": True}
    )


async def find_primary_key(run: StatementRunner, source: str, table: TableProfile) -> TableProfile:
    """Returns the table with the columns set that identify a row, if any were found."""
    single = _best_single(table)
    if single is not None:
        return table.model_copy(update={"primary_key": [single]})
    for columns in (*_candidates(table, 2), *_candidates(table, 3)):
        count = as_integer((await run.row(distinct_combinations(source, columns)))[0])
        if count == table.profiled_rows:
            return table.model_copy(update={"primary_key": list(columns)})
    return table


def _best_single(table: TableProfile) -> str | None:
    """Returns the unique column that reads most like a key; of a tie the first in the table."""
    ranked = [(_likeness(name, table), -_position(table, name), name) for name in _unique(table)]
    best = max(ranked, default=None)
    return best[2] if best is not None and best[0] > 0 else None


def _unique(table: TableProfile) -> list[str]:
    return [name for name in table.unique_columns if table.column(name).pii is None]


def _position(table: TableProfile, name: str) -> int:
    return [column.name for column in table.columns].index(name)


def _likeness(name: str, table: TableProfile) -> int:
    """Ranks a unique column: 0 where it is unique by chance only, as a price may be."""
    words = set(words_of(name))
    about_the_table = bool(words & set(entity_words_of(table.name)))
    if is_identifier_name(name):
        return 6 if about_the_table or words == {"id"} else 5
    if is_code_name(name):
        return 4
    if _position(table, name) == 0:
        return 3
    is_text = table.column(name).family is TypeFamily.TEXT
    return 2 if is_text and (about_the_table or "name" in words or "title" in words) else 0


def _candidates(table: TableProfile, size: int) -> list[tuple[str, ...]]:
    """Returns id-like columns or dates whose combinations could tell rows apart."""
    parts = [column for column in table.columns if _may_be_part_of_a_key(column, table)]
    found = [
        columns
        for columns in combinations(parts[:_MOST_PARTS], size)
        if prod(column.distinct_count for column in columns) >= table.profiled_rows > 0
    ]
    found.sort(key=lambda columns: sum(column.family.is_temporal for column in columns))
    return [tuple(column.name for column in columns) for columns in found[: _MOST_TRIED[size]]]


def _may_be_part_of_a_key(column: ColumnProfile, table: TableProfile) -> bool:
    if column.pii is not None or column.non_null_count != table.profiled_rows:
        return False
    if column.family.is_temporal:
        return True
    is_first = table.columns[0].name == column.name
    is_named = is_identifier_name(column.name) or is_code_name(column.name)
    links_two = len(table.columns) <= _LINK_TABLE_COLUMNS and column.family is TypeFamily.TEXT
    return may_hold_keys(column) and (is_named or is_first or links_two)
