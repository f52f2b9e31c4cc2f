"""Says which time an answer is of: `last month`, `in September 2026`, `1 to 30 September 2026`."""

import re
from datetime import date, timedelta

from domain.plan import Period, Plan

_NEEDS_NO_PREPOSITION = re.compile(
    r"(last|this|next|previous|past|current|today|yesterday|since|from|between|before|after|until"
    r"|during|in|on|over|within|up|by|through|the)\b",
    re.IGNORECASE,
)
_HAS_PLACES = re.compile(r"(first|second|third|fourth|last \d+|past \d+|last \w+ of)\b", re.I)
"""`last 30 days`, `first week of July`."""
_IS_DAY = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}(st|nd|rd|th)?\s+[a-z]|[a-z]+ \d{1,2}\b(?!\d)", re.I
)


def period_phrase(period: Period) -> str:
    """Returns the period as it stands in a sentence, such as `in September 2026`."""
    if _HAS_PLACES.match(period.label):
        return f"in the {period.label}"
    if _NEEDS_NO_PREPOSITION.match(period.label):
        return period.label
    return f"{'on' if _IS_DAY.match(period.label) else 'in'} {period.label}"


def within_period(plan: Plan | None) -> str:
    """Returns ` last month` where the plan keeps to a period, else nothing."""
    return f" {period_phrase(plan.period)}" if plan is not None and plan.period is not None else ""


def dates_of(period: Period) -> str:
    """Returns first and last day of a period, such as `1 to 30 September 2026`."""
    last = period.end - timedelta(days=1) if period.end is not None else None
    if period.start is None:
        return f"until {day_words(last)}" if last is not None else "all dates"
    if last is None:
        return f"from {day_words(period.start)}"
    if period.start == last:
        return day_words(last)
    return f"{_opening(period.start, last)} to {day_words(last)}"


def _opening(first: date, last: date) -> str:
    """Leaves out what the last day says as well."""
    if first.year != last.year:
        return day_words(first)
    return str(first.day) if first.month == last.month else f"{first.day} {first:%B}"


def day_words(day: date) -> str:
    """Returns a day such as `30 September 2026`."""
    return f"{day.day} {day:%B %Y}"
