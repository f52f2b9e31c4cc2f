"""Merges values of several rows into one, as far as the column's additivity allows."""

import math
from collections.abc import Iterable, Sequence
from decimal import Context, Decimal
from typing import TypeGuard

from domain.result_table import Value
from domain.summary import Additivity

Number = int | float | Decimal

_EXACT = Context(prec=200)
"""Wide enough that no sum of Athena decimals (38 digits) is ever rounded."""


def is_number(value: Value) -> TypeGuard[Number]:
    """True for finite numbers; booleans are no numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    return math.isfinite(value)


def exact_sum(values: Iterable[Value]) -> Number | None:
    """Returns the sum of the numbers, exact and in any order the same; None where there is none.

    Integers and decimals are added as they are; with a float among them the sum is the float
    nearest to the true one, or None where adding goes beyond every float.
    """
    numbers = [value for value in values if is_number(value)]
    if not numbers:
        return None
    if any(isinstance(number, float) for number in numbers):
        return _float_sum(numbers)
    decimals = [number for number in numbers if isinstance(number, Decimal)]
    whole = sum(number for number in numbers if isinstance(number, int))
    if not decimals:
        return whole
    total = Decimal(whole)
    for number in decimals:
        total = _EXACT.add(total, number)
    return total


def mean(values: Iterable[Value]) -> float | None:
    """Returns the plain mean of the numbers; None where there is none."""
    numbers = [value for value in values if is_number(value)]
    if not numbers:
        return None
    total = _float_sum(numbers)
    if total is None:
        return math.fsum(number / len(numbers) for number in numbers)
    return total / len(numbers)


def _float_sum(numbers: Sequence[Number]) -> float | None:
    try:
        return math.fsum(numbers)
    except OverflowError:
        return None


def merge(values: Sequence[Value], additivity: Additivity) -> Value:
    """Returns one value for all: a sum, an extreme, or for NONE the mean of several rows."""
    present = [value for value in values if value is not None]
    if additivity is Additivity.SUM:
        return exact_sum(present)
    if not present or len(values) == 1:
        return present[0] if present else None
    if additivity is Additivity.NONE:
        return mean(present)
    extreme = min if additivity is Additivity.MINIMUM else max
    return extreme(present)
