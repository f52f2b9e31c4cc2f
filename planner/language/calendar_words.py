"""Dates in words: `last month`, `in March 2013`, `Q2`, `since 2019`, `on weekends`."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.plan import TimeGrain
from planner.language.lexicon import load_lexicon
from planner.language.tokenizer import Token

_PAST = ("last", "past", "previous", "prior", "recent")
_THIS = ("this", "current")
_LATEST_YEAR = 2100
_EARLIEST_YEAR = 1900
_QUARTERS = {f"q{number}": number for number in range(1, 5)}
_NAMED_HOURS = {"midnight": 0, "noon": 12, "midday": 12}
_HALVES_OF_DAY = ("am", "pm")
_HOUR = re.compile(r"(\d{1,2})(am|pm)")
_HALVES = {"h1": 1, "h2": 2}
NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_PARTS = {"quarter": 3, "half": 6}
_WEEKS = (["week", "of"], ["week", "beginning"], ["week", "starting"])
_ROLLING = ("last", "past", "recent")


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `start` up to, not including, `end`; None is open."""

    start: date | None
    end: date | None
    label: str
    precise: bool = True
    """False for a bare year, which may be a number rather than a time."""
    hour: int | None = None
    """Set for a time of the clock, such as `11 pm`, which lies on no day."""


def add_months(day: date, months: int) -> date:
    """Returns the first day of the month that lies `months` after the month of `day`."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def start_of(unit: str, day: date) -> date:
    """Returns the first day of the unit that `day` lies in. Weeks begin on Monday."""
    starts = {
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "quarter": date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
        "year": date(day.year, 1, 1),
    }
    return starts[unit]


def shift(unit: str, day: date, count: int) -> date:
    """Moves the start of a unit by a number of units."""
    if unit in ("day", "week"):
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    return add_months(day, months * count)


def unit_of(span: Span) -> TimeGrain | None:
    """The calendar unit that a period is one of; None for any other."""
    if span.start is None or span.end is None:
        return None
    for unit in (TimeGrain.YEAR, TimeGrain.QUARTER, TimeGrain.MONTH, TimeGrain.WEEK, TimeGrain.DAY):
        if start_of(unit, span.start) == span.start and shift(unit, span.start, 1) == span.end:
            return unit
    return None


def read_span(tokens: list[Token], position: int, today: date) -> tuple[Span, int] | None:
    """Reads a period that begins at a token; returns it with the position after it."""
    for reader in (
        _clock,
        _relative,
        _rolling,
        _week_of,
        _day,
        _month,
        _quarter,
        _part_of_year,
        _iso,
    ):
        found = reader(tokens, position, today)
        if found is not None:
            span, after = found
            label = " ".join(t.text for t in tokens[position:after])
            return replace(span, label=label), after
    return None


def year_of(token: Token | None) -> int | None:
    """Returns the year that a four-digit number stands for, or None."""
    if token is None or token.kind != "number" or not isinstance(token.number, int):
        return None
    looks = len(token.text) == 4 and _EARLIEST_YEAR <= token.number <= _LATEST_YEAR
    return token.number if looks else None


def _at(tokens: list[Token], position: int) -> Token | None:
    return tokens[position] if 0 <= position < len(tokens) else None


def _lower(tokens: list[Token], position: int) -> str:
    token = _at(tokens, position)
    return token.lower if token else ""


def _relative(tokens: list[Token], position: int, today: date) -> tuple[Span, int] | None:
    word = _lower(tokens, position)
    if word in ("today", "yesterday"):
        day = today - timedelta(days=word == "yesterday")
        return Span(day, day + timedelta(days=1), ""), position + 1
    unit = load_lexicon().calendar.units.get(_lower(tokens, position + 1))
    if unit in (None, "hour") or unit is None:
        return None
    start = start_of(unit, today)
    if word in _THIS:
        return Span(start, shift(unit, start, 1), ""), position + 2
    if word in _PAST:
        return Span(shift(unit, start, -1), start, ""), position + 2
    return None


def _rolling(tokens: list[Token], position: int, today: date) -> tuple[Span, int] | None:
    number = _at(tokens, position + 1)
    unit = load_lexicon().calendar.units.get(_lower(tokens, position + 2))
    if _lower(tokens, position) not in _ROLLING or number is None or unit in (None, "hour"):
        return None
    if not isinstance(number.number, int) or unit is None:
        return None
    if unit in ("day", "week"):
        days = number.number * (7 if unit == "week" else 1)
        return Span(today - timedelta(days=days), today, ""), position + 3
    start = start_of(unit, today)
    return Span(shift(unit, start, -number.number), start, ""), position + 3


def _month(tokens: list[Token], position: int, today: date) -> tuple[Span, int] | None:
    token = _at(tokens, position)
    month = load_lexicon().calendar.months.get(_lower(tokens, position))
    if token is None or month is None or not token.is_capitalised:
        return None
    after = position + 1
    if _lower(tokens, after) in ("of", ","):
        after += 1
    year = year_of(_at(tokens, after))
    if year is not None:
        start = date(year, month, 1)
        return Span(start, add_months(start, 1), ""), after + 1
    latest = date(today.year, month, 1)
    start = latest if latest <= today else date(today.year - 1, month, 1)
    return Span(start, add_months(start, 1), ""), position + 1


def _day(tokens: list[Token], position: int, today: date) -> tuple[Span, int] | None:
    """Reads `March 5, 2013`, `5 March 2013` and `March 5th`."""
    months = load_lexicon().calendar.months
    for month_at, day_at in ((position, position + 1), (position + 1, position)):
        month = months.get(_lower(tokens, month_at))
        day = _day_number(_lower(tokens, day_at))
        if month is None or day is None:
            continue
        after = position + 2
        if _lower(tokens, after) in (",", "of"):
            after += 1
        year = year_of(_at(tokens, after))
        return _one_day(year or today.year, month, day, after + 1 if year else position + 2)
    return None


def _day_number(text: str) -> int | None:
    digits = text.removesuffix("th").removesuffix("st").removesuffix("nd").removesuffix("rd")
    return int(digits) if digits.isdecimal() and 1 <= int(digits) <= 31 else None


def _one_day(year: int, month: int, day: int, after: int) -> tuple[Span, int] | None:
    try:
        start = date(year, month, day)
    except ValueError:
        return None
    return Span(start, start + timedelta(days=1), ""), after


def _clock(tokens: list[Token], position: int, today: date) -> tuple[Span, int] | None:
    """Reads whole hours: `11 pm`, `6am`, `midnight`, `22:00`."""
    del today
    word = _lower(tokens, position)
    if word in _NAMED_HOURS:
        return Span(None, None, "", hour=_NAMED_HOURS[word]), position + 1
    half = _lower(tokens, position + 1).replace(".", "")
    text = word if half not in _HALVES_OF_DAY else word + half
    match = _HOUR.fullmatch(text)
    if match is not None and 1 <= int(match[1]) <= 12:
        hour = int(match[1]) % 12 + (12 if match[2] == "pm" else 0)
        return Span(None, None, "", hour=hour), position + (1 if text == word else 2)
    is_full = _lower(tokens, position + 1) == ":" and _lower(tokens, position + 2) == "00"
    if is_full and word.isdecimal() and int(word) <= 24:
        return Span(None, None, "", hour=int(word) % 24), position + 3
    return None


def _week_of(tokens: list[Token], position: int, today: date) -> tuple[Span, int] | None:
    """Reads `week of 7 September 2026`: from the Monday before."""
    if [_lower(tokens, position), _lower(tokens, position + 1)] not in _WEEKS:
        return None
    begin = position + 2 + (_lower(tokens, position + 2) == "the")
    found = _day(tokens, begin, today) or _iso(tokens, begin, today)
    if found is None or found[0].start is None:
        return None
    start = start_of("week", found[0].start)
    return Span(start, start + timedelta(days=7), ""), found[1]


def _part_of_year(tokens: list[Token], position: int, today: date) -> tuple[Span, int] | None:
    """Reads `second quarter of 2026`, `first half of the year`, `H1 2026`."""
    part, months = NTH.get(_lower(tokens, position)), _PARTS.get(_lower(tokens, position + 1))
    after = position + 2
    if _lower(tokens, position) in _HALVES:
        part, months, after = _HALVES[_lower(tokens, position)], 6, position + 1
    if part is None or months is None or part * months > 12:
        return None
    year, end = _year_behind(tokens, after, today)
    start = date(year, (part - 1) * months + 1, 1)
    return Span(start, add_months(start, months), ""), end


def _year_behind(tokens: list[Token], after: int, today: date) -> tuple[int, int]:
    """The year said behind a part of it, and the position after; this year where none is."""
    place = after
    while _lower(tokens, place) in ("of", "in", ",", "the", "year"):
        place += 1
    year = year_of(_at(tokens, place))
    if year is not None:
        return year, place + 1
    said = [t.lower for t in tokens[after : after + 3]]
    for words, years_ago in ((["of", "last", "year"], 1), (["of", "this", "year"], 0)):
        if said == words:
            return today.year - years_ago, after + 3
    return today.year, after + 3 if said == ["of", "the", "year"] else after


def _quarter(tokens: list[Token], position: int, today: date) -> tuple[Span, int] | None:
    quarter = _QUARTERS.get(_lower(tokens, position))
    if quarter is None:
        return None
    after = position + 1
    if _lower(tokens, after) == "of":
        after += 1
    year = year_of(_at(tokens, after))
    start = date(year or today.year, quarter * 3 - 2, 1)
    return Span(start, add_months(start, 3), ""), after + 1 if year else position + 1


def _iso(tokens: list[Token], position: int, today: date) -> tuple[Span, int] | None:
    del today
    token = _at(tokens, position)
    if token is None or len(token.text) != 10:
        return None
    try:
        start = date.fromisoformat(token.text)
    except ValueError:
        return None
    return Span(start, start + timedelta(days=1), ""), position + 1


def year_span(year: int) -> Span:
    """Returns a calendar year."""
    return Span(date(year, 1, 1), date(year + 1, 1, 1), str(year), precise=False)
