"""Compares our answers with those recorded from Trino: text as Trino prints it, cell by cell."""

import math
import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from enum import IntEnum
from typing import TypeAlias

Row: TypeAlias = Sequence[str | None]
Json: TypeAlias = "bool | int | float | str | list[Json] | None"

_CLOSE = 1e-9
_SINGLE = 1e-6
_TIME_OF_DAY = re.compile(r"(\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?")
_FIELD_NAME = re.compile(r"(?<=[{ ])\w+=")


class Match(IntEnum):
    """How near an answer is; higher is farther."""

    EXACT = 0
    AT_SCALE = 1
    """Equal when rounded to the digits that Trino prints."""
    CLOSE = 2
    """Within 1e-9, relative."""
    DIFFERENT = 3


def compare_rows(ours: Sequence[Row], theirs: Sequence[Row], *, ordered: bool) -> Match:
    """Returns the farthest cell's match. Trailing spaces (CHAR columns) do not count."""
    if len(ours) != len(theirs):
        return Match.DIFFERENT
    in_order = _compare_in_order(ours, theirs)
    if ordered or in_order is Match.EXACT:
        return in_order
    return min(in_order, _compare_in_order(sorted(ours, key=_rank), sorted(theirs, key=_rank)))


def matches_value(text: str | None, value: Json, sql: str) -> bool:
    """True where the text stands for the value that a unit test expects."""
    if isinstance(value, str):
        return text == value or (text is not None and _short(text) == _short(value))
    if isinstance(value, list):
        return text is not None and _leaves(text) == _leaves(_nested_text(value))
    if value is None or isinstance(value, bool):
        return text == (None if value is None else str(value).lower())
    tolerance = _SINGLE if "real" in sql.lower() else 1e-15
    return text is not None and _numbers_match(text, value, tolerance)


def same_text(ours: str | None, theirs: str | None) -> bool:
    """True where two texts print the same value, whatever the digits of its type."""
    if ours is None or theirs is None:
        return ours is theirs
    if ours.rstrip() == theirs.rstrip() or _short(ours) == _short(theirs):
        return True
    if ours[:1] in "[{" and ours[:1] == theirs[:1]:
        return (
            sorted(_leaves(ours)) == sorted(_leaves(theirs))
            if ours[0] == "{"
            else (_leaves(ours) == _leaves(theirs))
        )
    number = _number(theirs)
    return number is not None and _numbers_match(ours, float(number), 1e-15)


def same_rows(ours: Sequence[Row], theirs: Sequence[Row], *, ordered: bool) -> bool:
    """True where both results hold the same values."""
    if len(ours) != len(theirs):
        return False
    pairs = [(ours, theirs)]
    if not ordered:
        pairs.append((sorted(ours, key=_rank), sorted(theirs, key=_rank)))
    return any(
        all(
            len(a) == len(b) and all(map(same_text, a, b)) for a, b in zip(left, right, strict=True)
        )
        for left, right in pairs
    )


def _compare_in_order(ours: Sequence[Row], theirs: Sequence[Row]) -> Match:
    worst = Match.EXACT
    for our_row, their_row in zip(ours, theirs, strict=True):
        if len(our_row) != len(their_row):
            return Match.DIFFERENT
        worst = max([worst, *map(_compare_cells, our_row, their_row)])
        if worst is Match.DIFFERENT:
            break
    return worst


def _compare_cells(ours: str | None, theirs: str | None) -> Match:
    if ours is None or theirs is None:
        return Match.EXACT if ours is theirs else Match.DIFFERENT
    if ours.rstrip() == theirs.rstrip():
        return Match.EXACT
    left, right = _number(ours), _number(theirs)
    if left is None or right is None or not (left.is_finite() and right.is_finite()):
        return Match.DIFFERENT
    if left == right:
        return Match.EXACT
    if round(left, -int(right.as_tuple().exponent)) == right:
        return Match.AT_SCALE
    is_close = math.isclose(left, right, rel_tol=_CLOSE, abs_tol=_CLOSE)
    return Match.CLOSE if is_close else Match.DIFFERENT


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _numbers_match(text: str, value: float, tolerance: float) -> bool:
    number = _number(text)
    if number is None:
        return False
    if math.isnan(value):
        return number.is_nan()
    if isinstance(value, int):
        return number == value
    return math.isclose(float(number), value, rel_tol=tolerance, abs_tol=0.0)


def _short(text: str) -> str:
    """Drops the zeros at the end of a second's fraction: its type, not its value."""
    return _TIME_OF_DAY.sub(_without_zeros, text)


def _without_zeros(match: re.Match[str]) -> str:
    fraction = (match[2] or "").rstrip("0")
    return f"{match[1]}.{fraction}" if fraction else match[1]


def _nested_text(value: Json) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_nested_text, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return "null" if value is None else str(value)


def _leaves(text: str) -> list[str]:
    """Returns brackets and values in order; rows and arrays alike, numbers by their value."""
    plain = _FIELD_NAME.sub("", _short(text)).replace("{", "[").replace("}", "]")
    parts = re.split(r"(\[|\])|, ", plain)
    return [_canonical(part) for part in parts if part]


def _canonical(part: str) -> str:
    number = _number(part)
    return part if number is None else repr(float(number))


_rank: Callable[[Row], tuple[str, ...]] = lambda row: tuple(  # noqa: E731
    "" if cell is None else _canonical(cell.rstrip()) for cell in row
)
