"""Which days the rows of a table are of."""

from datetime import date

from domain.dictionary import Cell, TableEntry
from planner.language.period_words import day_words


def days_covered(table: TableEntry) -> tuple[date, date] | None:
    """Returns the first and the last day, which is not to come; None where it has no such time."""
    column = table.column(table.time_column) if table.time_column is not None else None
    first, last = _day(column.minimum if column else None), _day(table.fresh_until)
    return (first, last) if first is not None and last is not None else None


def told_days(days: tuple[date, date]) -> str:
    """Says `from 1 April 2026 to 30 September 2026`."""
    first, last = days
    return f"from {day_words(first)} to {day_words(last)}"


def _day(value: Cell) -> date | None:
    """Reads the day of a profiled date or time, which may be text."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
