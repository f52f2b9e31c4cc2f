"""Columns whose values are ranges of numbers: `25-34`, `45+`, `under 18`."""

import math
import re
from dataclasses import dataclass

from domain.column_type import TypeFamily
from domain.dictionary import ColumnEntry
from domain.plan import Operator

_NUMBER = r"[^\d\w]{0,2}(\d+(?:[.,]\d+)*)\s*(?:k|years?|yrs?)?"
_RANGE = re.compile(rf"{_NUMBER}\s*(?:-|\u2013|\u2014|to)\s*{_NUMBER}\Z", re.IGNORECASE)
_OPEN = re.compile(
    rf"(?:{_NUMBER}\s*(?:\+|and (?:over|above|older|more)|or (?:over|above|older|more))"
    rf"|(?:>=|over|above)\s*{_NUMBER})\Z",
    re.IGNORECASE,
)
_BELOW = re.compile(rf"(?:<|under|below|less than)\s*{_NUMBER}\Z", re.IGNORECASE)
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Band:
    """One value of such a column, and the numbers that it stands for, both ends included."""

    value: str
    low: float
    high: float


def bands_of(column: ColumnEntry) -> tuple[Band, ...]:
    """Returns the bands of a column, lowest first; none where a value is no range, or unknown."""
    values = [v.value for v in column.top_values]
    if column.family is not TypeFamily.TEXT or len(values) < max(column.distinct_count, _FEWEST):
        return ()
    found = [_band(value) for value in values if isinstance(value, str)]
    bands = [band for band in found if band is not None]
    if len(bands) < len(values):
        return ()
    return tuple(sorted(bands, key=lambda band: band.low))


def bands_within(
    bands: tuple[Band, ...], operator: Operator, numbers: tuple[float, ...]
) -> tuple[str, ...] | None:
    """Returns the bands that pass a comparison; None where a number splits one of them.

    `over 35` takes the band that begins at 35: people say it of the band.
    """
    cuts = {band.low for band in bands} | {band.high + 1 for band in bands}
    cuts |= {-math.inf, math.inf}
    lowers, upper = _ends(operator, numbers)
    lower = next((cut for cut in lowers if cut in cuts or cut < bands[0].low), None)
    if lower is None or upper not in cuts:
        return None
    return tuple(b.value for b in bands if b.low >= lower and (b.high < upper or upper == math.inf))


def _ends(operator: Operator, numbers: tuple[float, ...]) -> tuple[tuple[float, ...], float]:
    """Where the numbers that pass may begin, the likeliest first, and where they have ended."""
    first = numbers[0]
    if operator is Operator.GREATER:
        return (first, first + 1), math.inf
    if operator is Operator.GREATER_OR_EQUAL:
        return (first,), math.inf
    if operator is Operator.LESS:
        return (-math.inf,), first
    if operator is Operator.LESS_OR_EQUAL:
        return (-math.inf,), first + 1
    return (first,), numbers[-1] + 1


def _band(value: str) -> Band | None:
    text = value.strip()
    if found := _RANGE.match(text):
        low, high = (_number(group) for group in found.groups())
        return Band(value, low, high) if low <= high else None
    if found := _OPEN.match(text):
        return Band(value, _number(found.group(1) or found.group(2)), math.inf)
    if found := _BELOW.match(text):
        return Band(value, -math.inf, _number(found.group(1)) - 1)
    return None


def _number(text: str) -> float:
    return float(text.replace(",", ""))
