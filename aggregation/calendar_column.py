"""Recognises stored numbers that are parts of the calendar, such as a column of months."""

from domain.column_type import TypeFamily
from domain.dictionary import ColumnEntry, ColumnRole
from domain.plan import CalendarPart

_PARTS = {
    "month": (CalendarPart.MONTH_OF_YEAR, 1, 12),
    "hour": (CalendarPart.HOUR_OF_DAY, 0, 23),
}


def stored_part(column: ColumnEntry) -> CalendarPart | None:
    """Returns what an integer column named for months or hours holds, where all values fit.

    Days of the week are left alone: nothing tells on which day such a column begins to count.
    """
    if column.family is not TypeFamily.INTEGER or column.role is ColumnRole.MEASURE:
        return None
    part, first, last = _PARTS.get(column.name.lower().split("_")[-1], (None, 0, 0))
    low, high = column.minimum, column.maximum
    fits = isinstance(low, int) and isinstance(high, int) and first <= low <= high <= last
    return part if fits else None
