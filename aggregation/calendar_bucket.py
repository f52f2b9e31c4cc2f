"""Puts dates and times into calendar buckets, from hours to spans of years."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from domain.plan import TimeGrain
from domain.result_table import Value

_ISO_TEXT = re.compile(r"\d{4}-\d{2}(-\d{2})?")
_WEEK_SPANS = (1, 2, 4, 8, 13, 26, 52)
_YEAR_SPANS = (2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A way to bucket times: `start_of` gives the first moment of a moment's bucket."""

    grain: TimeGrain | None
    """None for spans of weeks, which no grain names."""
    span: str
    """What a bucket covers where that is no single unit, such as `5 years`; else empty."""
    start_of: Callable[[datetime], datetime]


def as_moment(value: Value) -> datetime | None:
    """Returns a date, timestamp or ISO text as a moment; None for anything else."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime.combine(value, time.min)
    if isinstance(value, str) and _ISO_TEXT.fullmatch(value):
        return _parse(value)
    return None


def calendar_rank(value: Value) -> tuple[bool, str, float]:
    """Returns what dates, times and numbers of a calendar's parts sort by; others come last."""
    moment = as_moment(value)
    number = float(value) if isinstance(value, int | float | Decimal) else 0.0
    return (value is None, moment.isoformat() if moment else "", number)


def are_months(values: Collection[Value]) -> bool:
    """True for text such as `2026-04` throughout, nulls aside."""
    present = [value for value in values if value is not None]
    return bool(present) and all(
        isinstance(value, str) and len(value) == len("2026-04") and as_moment(value) is not None
        for value in present
    )


def _parse(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text if len(text) > len("2013-01") else f"{text}-01")
    except ValueError:
        return None


def coarsest_needed(moments: Collection[datetime], known: TimeGrain | None, limit: int) -> Calendar:
    """Returns the finest calendar, not finer than `known`, with at most `limit` buckets.

    Raises ValueError for a limit below 10, which spans of a thousand years may exceed.
    """
    calendars = _week_spans(min(moments)) if known is TimeGrain.WEEK else _units(known)
    for calendar in [*calendars, *map(_of_years, _YEAR_SPANS)]:
        if len({calendar.start_of(moment) for moment in moments}) <= limit:
            return calendar
    raise ValueError(f"no calendar has at most {limit} buckets")


def _units(known: TimeGrain | None) -> list[Calendar]:
    grains = list(TimeGrain)
    return [_of_grain(grain) for grain in grains[grains.index(known) if known else 0 :]]


def _week_spans(first: datetime) -> list[Calendar]:
    """Weeks lie across months and years, so they are only merged into spans of whole weeks."""
    return [_of_weeks(count, _start(first, TimeGrain.WEEK)) for count in _WEEK_SPANS]


def _of_weeks(count: int, first: datetime) -> Calendar:
    width = timedelta(weeks=count)
    return Calendar(
        None, f"{count} weeks", lambda moment: first + (moment - first) // width * width
    )


def _of_grain(grain: TimeGrain) -> Calendar:
    return Calendar(grain, "", lambda moment: _start(moment, grain))


def _of_years(span: int) -> Calendar:
    def start_of(moment: datetime) -> datetime:
        return datetime(max(moment.year // span * span, 1), 1, 1)  # noqa: DTZ001 - as the data

    return Calendar(TimeGrain.YEAR, f"{span} years", start_of)


def _start(moment: datetime, grain: TimeGrain) -> datetime:
    if grain is TimeGrain.HOUR:
        return moment.replace(minute=0, second=0, microsecond=0)
    day = datetime.combine(moment.date(), time.min)
    if grain is TimeGrain.DAY:
        return day
    if grain is TimeGrain.WEEK:
        return day - timedelta(days=day.weekday())
    if grain is TimeGrain.MONTH:
        return day.replace(day=1)
    if grain is TimeGrain.QUARTER:
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1)
