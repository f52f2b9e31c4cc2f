"""Reads functions of time: spans that times are cut down to, and parts of the calendar."""

from dataclasses import replace

from sqlglot import exp

from aggregation.meaning import DIMENSION, ExpressionMeaning, plain_words
from domain.plan import CalendarPart, TimeGrain

_PARTS: dict[type[exp.Expr], CalendarPart] = {
    exp.Hour: CalendarPart.HOUR_OF_DAY,
    exp.DayOfWeekIso: CalendarPart.DAY_OF_WEEK,
    exp.DayOfWeek: CalendarPart.DAY_OF_WEEK,
    exp.Month: CalendarPart.MONTH_OF_YEAR,
}
_PART_NAMES = {
    "HOUR": CalendarPart.HOUR_OF_DAY,
    "DOW": CalendarPart.DAY_OF_WEEK,
    "DAY_OF_WEEK": CalendarPart.DAY_OF_WEEK,
    "MONTH": CalendarPart.MONTH_OF_YEAR,
}


def read_truncation(expression: exp.Expr) -> ExpressionMeaning:
    """Returns the span that `DATE_TRUNC` names."""
    unit = expression.text("unit").lower().split("(")[0]
    grain = TimeGrain(unit) if unit in set(TimeGrain) else None
    return replace(DIMENSION, grain=grain, words=unit)


def read_part(expression: exp.Expr) -> ExpressionMeaning:
    """Returns the calendar part behind functions such as `HOUR`."""
    part = _PARTS[type(expression)]
    return replace(DIMENSION, part=part, words=plain_words(part.value))


def read_extract(expression: exp.Expr) -> ExpressionMeaning:
    """Returns the calendar part that `EXTRACT` names."""
    part = _PART_NAMES.get(expression.name.upper())
    return replace(DIMENSION, part=part, words=plain_words(part or expression.name.lower()))
