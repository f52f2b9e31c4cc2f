"""Tells whether two statements gave the same result, whatever the names and order of columns."""

from collections.abc import Sequence
from datetime import datetime, time
from decimal import Decimal

from domain.result_table import Value

_DIGITS = 9
"""Engines add floats in any order: figures are the same to so many significant digits."""

Rows = Sequence[Sequence[Value]]
_Column = tuple[str, ...]


def same_reading(one: Rows, other: Rows) -> bool:
    """True where both hold the same rows, or one does with a column more, such as a ranking's."""
    if len(one) != len(other):
        return False
    if one is other or not one:
        return True
    narrow, wide = sorted((_columns(one), _columns(other)), key=len)
    return _rows(narrow, narrow) == _rows(wide, narrow)


def _rows(columns: list[_Column], wanted: list[_Column]) -> list[tuple[str, ...]] | None:
    """Returns the rows, sorted, of the columns that hold the wanted values; None without them."""
    left = sorted(columns, key=sorted)
    chosen: list[_Column] = []
    for column in sorted(wanted, key=sorted):
        same = next((c for c in left if sorted(c) == sorted(column)), None)
        if same is None:
            return None
        left.remove(same)
        chosen.append(same)
    return sorted(zip(*chosen, strict=True))


def _columns(rows: Rows) -> list[_Column]:
    return [tuple(_cell(value) for value in column) for column in zip(*rows, strict=True)]


def _cell(value: Value) -> str:
    match value:
        case bool():
            return str(value)
        case int() | float() | Decimal():
            return f"{float(value):.{_DIGITS}g}"
        case datetime() if value.time() == time():
            # A day is the same day as a date and as its first moment.
            return value.date().isoformat()
        case _:
            return str(value)
