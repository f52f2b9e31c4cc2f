"""Turns values of the warehouse into cells that survive JSON."""

import math
from datetime import date, datetime, time
from decimal import Decimal

from domain.dictionary import Cell
from domain.result_table import Value

_DIGITS = 12
_DECIMALS = 2


def cell_of(value: Value) -> Cell:
    """Returns the value as JSON has it: dates as ISO text, decimals as int or float, NaN as null.

    A float keeps 12 significant digits, and never less than two decimals. A timestamp at midnight
    keeps its time: only a whole column tells whether it is a date.
    """
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, float):
        return _steady(value) if math.isfinite(value) else None
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list):
        return ", ".join(str(cell_of(item)) for item in value)
    return value


def _steady(value: float) -> float:
    """Engines add floats as their threads finish: the last digits differ from run to run."""
    if value.is_integer():
        return value
    whole_digits = math.floor(math.log10(abs(value))) + 1
    return round(value, max(_DECIMALS, _DIGITS - whole_digits))


def _number(value: Decimal) -> int | float | None:
    if not value.is_finite():
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def column_cells(values: list[Value]) -> list[Cell]:
    """Returns a column's cells; timestamps that all lie at midnight become plain dates."""
    stamps = [value for value in values if isinstance(value, datetime)]
    if stamps and all(stamp.time() == time.min for stamp in stamps):
        return [v.date().isoformat() if isinstance(v, datetime) else cell_of(v) for v in values]
    return [cell_of(value) for value in values]
