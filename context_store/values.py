"""Turns cells of a result into values that survive JSON."""

import math
from datetime import date, datetime, time
from decimal import Decimal

from domain.column_type import TypeFamily
from domain.dictionary import Cell
from domain.errors import OperatorError
from domain.result_table import Value


def as_integer(value: Value) -> int:
    """Returns a count. Anything but a number is an OperatorError."""
    if isinstance(value, int | float | Decimal):
        return int(value)
    raise OperatorError(f"The warehouse gave {type(value).__name__} where a count was expected.")


def as_cell(value: Value) -> Cell:
    """Returns a value as text or number: dates in ISO form, decimals as int or float."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, bytes | list):
        return None
    return value


def cell_from_text(text: str, family: TypeFamily) -> Cell:
    """Returns the value that was cast to text inside the warehouse."""
    if family is TypeFamily.INTEGER:
        return int(text)
    if family is TypeFamily.BOOLEAN:
        return text.lower() == "true"
    return text
