"""Days at the edge of a period: `first week of July`, `last 10 days of Q2`, `2nd half of May`."""

from datetime import date, timedelta

from planner.language.calendar_words import NTH, Span, read_span
from planner.language.tokenizer import Token

_LENGTHS = {"day": 1, "days": 1, "week": 7, "weeks": 7}
_DAYS_OF_HALF = 15


def read_part_of_period(tokens: list[Token], position: int, today: date) -> tuple[Span, int] | None:
    """Reads a part of a period that begins at a token; returns it with the position after it.

    Weeks are runs of seven days from the first day of the period, or up to its last.
    """
    words = [token.lower for token in tokens]
    place = words[position]
    if place not in NTH and place != "last":
        return None
    at = position + 1
    number = tokens[at].number if at < len(tokens) else None
    many = number if isinstance(number, int) and number > 0 else 1
    at += number is not None
    if words[at + 1 : at + 2] not in (["of"], ["in"]):
        return None
    at_inner = at + 2 + (words[at + 2 : at + 3] == ["the"])
    found = read_span(tokens, at_inner, today) if at_inner < len(tokens) else None
    if found is None or found[0].start is None or found[0].end is None:
        return None
    days = _days(place, many, words[at], found[0].start, found[0].end)
    if days is None or not found[0].start <= days[0] < days[1] <= found[0].end:
        return None
    text = " ".join(token.text for token in tokens[position : found[1]])
    return Span(*days, text), found[1]


def _days(place: str, many: int, unit: str, start: date, end: date) -> tuple[date, date] | None:
    if unit == "half" and (end - start).days <= 2 * _DAYS_OF_HALF + 1:
        middle = start + timedelta(days=_DAYS_OF_HALF)
        halves = {"first": (start, middle), "1st": (start, middle)}
        return halves.get(place, (middle, end) if place in ("second", "2nd", "last") else None)
    length = _LENGTHS.get(unit)
    if length is None:
        return None
    whole = timedelta(days=many * length)
    if place == "last":
        return end - whole, end
    if many > 1 and NTH[place] > 1:
        return None
    begin = start + (NTH[place] - 1) * whole
    return begin, begin + whole
