"""Puts dates and times into calendar buckets, from hours to spans of years."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.plan import TimeGrain
from domain.result_table import Value

_ISO_TEXT = re.compile(r"\d{4}-\d{2}(-\d{2})?")
_YEAR_SPANS = (2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A way to bucket times: `start_of` gives the first moment of a moment's bucket."""

    grain: TimeGrain
    words: str
    """What a bucket is, such as `month` or `span of 5 years`."""
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


def _parse(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text if len(text) > len("2013-01") else f"{text}-01")
    except ValueError:
        return None


def coarsest_needed(moments: Collection[datetime], known: TimeGrain | None, limit: int) -> Calendar:
    """Returns the finest calendar, not finer than `known`, with at most `limit` buckets.

    Raises ValueError for a limit below 10, which spans of a thousand years may exceed.
    """
    grains = list(TimeGrain)
    start = grains.index(known) if known else 0
    calendars = [_of_grain(grain) for grain in grains[start:]]
    calendars += [_of_years(span) for span in _YEAR_SPANS]
    for calendar in calendars:
        if len({calendar.start_of(moment) for moment in moments}) <= limit:
            return calendar
    raise ValueError(f"no calendar has at most {limit} buckets")


def _of_grain(grain: TimeGrain) -> Calendar:
    return Calendar(grain, grain.value, lambda moment: _start(moment, grain))


def _of_years(span: int) -> Calendar:
    def start_of(moment: datetime) -> datetime:
        return datetime(max(moment.year // span * span, 1), 1, 1)  # noqa: DTZ001 - as the data

    return Calendar(TimeGrain.YEAR, f"span of {span} years", start_of)


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
