"""Execution match: two results hold the same values, whatever the order of rows or columns."""

import datetime
import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TypeAlias

Row: TypeAlias = Sequence[object]
Cell: TypeAlias = float | str | None
Column: TypeAlias = tuple[Cell, ...]

RELATIVE_TOLERANCE = 1e-6
_ABSOLUTE_TOLERANCE = 1e-9


def same_result(
    expected: Sequence[Row],
    actual: Sequence[Row],
    *,
    ordered: bool = False,
    extra_columns: bool = False,
) -> bool:
    """True where some choice of the actual columns holds exactly the expected rows.

    Rows are compared as a list where `ordered`, else as a multiset; numbers to 1e-6 relative.
    With `extra_columns` the answer may carry a column more, such as the measure it ranked by.
    """
    if len(expected) != len(actual):
        return False
    if not expected:
        return True
    surplus = len(actual[0]) - len(expected[0])
    if surplus < 0 or (surplus and not extra_columns):
        return False
    return _can_match(_columns(expected), _columns(actual), ordered=ordered)


def _can_match(wanted: list[Column], found: list[Column], *, ordered: bool) -> bool:
    fits = [list(_fitting(column, found, ordered=ordered)) for column in wanted]
    # Columns with the fewest candidates first: a wrong choice shows before it has branched.
    order = sorted(range(len(wanted)), key=lambda index: (len(fits[index]), index))
    if ordered:
        return _has_assignment([fits[index] for index in order])
    return _extend([], [], order, fits, wanted, found)


def _fitting(column: Column, found: list[Column], *, ordered: bool) -> Iterator[int]:
    wanted = column if ordered else sorted(column, key=_sort_key)
    for index, candidate in enumerate(found):
        values = candidate if ordered else sorted(candidate, key=_sort_key)
        if all(map(_same_cell, wanted, values)):
            yield index


def _has_assignment(fits: list[list[int]], taken: frozenset[int] = frozenset()) -> bool:
    if not fits:
        return True
    free = [index for index in fits[0] if index not in taken]
    return any(_has_assignment(fits[1:], taken | {index}) for index in free)


def _extend(
    left: list[Column],
    right: list[Column],
    order: list[int],
    fits: list[list[int]],
    wanted: list[Column],
    found: list[Column],
    taken: frozenset[int] = frozenset(),
) -> bool:
    """Pairs one column more, as long as the rows of the paired columns are the same multiset."""
    if not order:
        return True
    index, rest = order[0], order[1:]
    left = [*left, wanted[index]]
    for candidate in fits[index]:
        if candidate in taken:
            continue
        pair = [*right, found[candidate]]
        if _same_rows(left, pair) and _extend(
            left, pair, rest, fits, wanted, found, taken | {candidate}
        ):
            return True
    return False


def _same_rows(left: list[Column], right: list[Column]) -> bool:
    # Exact columns lead the sort, so that noise in a float cannot pull equal rows apart.
    leading = sorted(range(len(left)), key=lambda index: not _is_exact(left[index]))
    return all(
        all(map(_same_cell, one, other))
        for one, other in zip(
            _sorted_rows(left, leading), _sorted_rows(right, leading), strict=True
        )
    )


def _sorted_rows(columns: list[Column], leading: list[int]) -> list[tuple[Cell, ...]]:
    rows = zip(*(columns[index] for index in leading), strict=True)
    return sorted(rows, key=lambda row: tuple(map(_sort_key, row)))


def _is_exact(column: Column) -> bool:
    return all(not isinstance(cell, float) or cell.is_integer() for cell in column)


def _sort_key(cell: Cell) -> tuple[int, float, str]:
    if cell is None:
        return 0, 0.0, ""
    return (1, cell, "") if isinstance(cell, float) else (2, 0.0, cell)


def _same_cell(one: Cell, other: Cell) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=RELATIVE_TOLERANCE, abs_tol=_ABSOLUTE_TOLERANCE)
    return one == other


def _columns(rows: Sequence[Row]) -> list[Column]:
    return [tuple(map(_cell, column)) for column in zip(*rows, strict=True)]


def _cell(value: object) -> Cell:
    match value:
        case None:
            return None
        case bool() | int() | float() | Decimal():
            number = float(value)
            return "NaN" if math.isnan(number) else number
        case datetime.datetime():
            return value.date().isoformat() if value.time() == datetime.time() else str(value)
        case list() | tuple():
            return repr([_cell(item) for item in value])
        case _:
            return str(value)
