"""Values that are known before the statement runs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import floor
from typing import TypeAlias

from sqlglot import exp

Constant: TypeAlias = int | datetime | timedelta
"""A whole number, a moment, or a span; months count as 28 days, so that lengths are bounds."""

_SPANS = {
    "SECOND": timedelta(seconds=1),
    "MINUTE": timedelta(minutes=1),
    "HOUR": timedelta(hours=1),
    "DAY": timedelta(days=1),
    "WEEK": timedelta(days=7),
    "MONTH": timedelta(days=28),
    "QUARTER": timedelta(days=84),
    "YEAR": timedelta(days=365),
}


def series_length(arguments: Sequence[exp.Expr]) -> int | None:
    """Returns how many values sequence(start, stop, step) has at most; None where unknown."""
    values = [constant_value(argument) for argument in arguments]
    if len(values) < 2:
        return None
    start, stop = values[0], values[1]
    if isinstance(start, int) and isinstance(stop, int):
        step = values[2] if len(values) > 2 else 1
        return _steps(stop - start, step) if isinstance(step, int) else None
    if isinstance(start, datetime) and isinstance(stop, datetime):
        span = values[2] if len(values) > 2 else timedelta(days=1)
        if not isinstance(span, timedelta) or not span:
            return None
        return floor(abs(stop - start) / abs(span)) + 1
    return None


def _steps(distance: int, step: int) -> int | None:
    return abs(distance) // abs(step) + 1 if step else None


def constant_value(node: exp.Expr | None) -> Constant | None:
    """Returns the value of literals, dates, intervals and sums of them; None for anything else."""
    if node is None:
        return None
    node = node.unnest()
    if isinstance(node, exp.Literal):
        return int(node.name) if node.is_int and len(node.name) < 19 else None
    if isinstance(node, exp.Neg):
        inner = constant_value(node.this)
        return -inner if isinstance(inner, int | timedelta) else None
    if isinstance(node, exp.CurrentDate | exp.CurrentTimestamp | exp.Localtimestamp):
        return datetime(2020, 1, 1)  # noqa: DTZ001 - only distances count
    if isinstance(node, exp.Cast | exp.Date | exp.Timestamp | exp.TsOrDsToDate):
        return _moment(node.this)
    if isinstance(node, exp.Interval):
        return _span(node)
    if isinstance(node, exp.Add | exp.Sub):
        return _sum(node)
    return None


def _moment(node: exp.Expr) -> datetime | None:
    if isinstance(node, exp.Literal) and node.is_string:
        try:
            return datetime.fromisoformat(node.name.strip()).replace(tzinfo=None)
        except ValueError:
            return None
    value = constant_value(node)
    return value if isinstance(value, datetime) else None


def _span(node: exp.Interval) -> timedelta | None:
    unit = _SPANS.get(str(node.args.get("unit") or "").upper().rstrip("S"))
    amount = node.this.name if isinstance(node.this, exp.Literal) else ""
    sign = -1 if amount.startswith("-") else 1
    digits = amount.lstrip("+-")
    if unit is None or not digits.isdecimal() or len(digits) > 6:
        return None
    try:
        return sign * int(digits) * unit
    except OverflowError:
        return None


def _sum(node: exp.Binary) -> Constant | None:
    left, right = constant_value(node.this), constant_value(node.expression)
    if isinstance(node, exp.Sub) and isinstance(right, int | timedelta):
        right = -right
    try:
        if isinstance(left, int) and isinstance(right, int):
            return left + right
        if isinstance(left, datetime) and isinstance(right, timedelta):
            return left + right
        if isinstance(left, timedelta) and isinstance(right, timedelta):
            return left + right
    except OverflowError:
        return None
    return None
