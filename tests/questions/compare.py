"""Execution match: the same values, whatever the order of rows or columns."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations

Row = Sequence[object]


def same_values(expected: Sequence[Row], actual: Sequence[Row]) -> bool:
    """True where some choice of the actual columns holds exactly the expected rows.

    The answer may carry a column more, such as the measure that it ranked by.
    """
    if len(expected) != len(actual):
        return False
    if not expected:
        return True
    wanted = _table(expected)
    width = len(expected[0])
    return any(
        _table([[row[index] for index in chosen] for row in actual]) == wanted
        for chosen in permutations(range(len(actual[0])), width)
    )


def _table(rows: Sequence[Row]) -> list[str]:
    return sorted(repr([_cell(value) for value in row]) for row in rows)


def _cell(value: object) -> object:
    match value:
        case bool() | None:
            return value
        case int() | float() | Decimal():
            return f"{float(value):.6g}"
        case datetime.datetime():
            return value.date().isoformat() if value.time() == datetime.time() else str(value)
        case datetime.date():
            return value.isoformat()
        case _:
            return str(value).strip()
