"""Names recurring parts of the calendar, so that readers need no code table."""

import calendar
from collections.abc import Sequence

from domain.column_type import TypeFamily
from domain.dictionary import Cell
from domain.plan import CalendarPart
from domain.summary import Summary

_NAMES: dict[CalendarPart, Sequence[str]] = {
    CalendarPart.DAY_OF_WEEK: ("", *calendar.day_name),
    CalendarPart.MONTH_OF_YEAR: (*calendar.month_name,),
}


def name_parts(summary: Summary) -> Summary:
    """Replaces ISO numbers of week days (1 is Monday) and months by their English names."""
    columns, by_column = [], [list(cells) for cells in zip(*summary.rows, strict=True)]
    for index, column in enumerate(summary.columns):
        names = _NAMES.get(column.part) if column.part else None
        cells = by_column[index] if by_column else []
        if names is None or not all(_has_name(cell, names) for cell in cells):
            columns.append(column)
            continue
        columns.append(column.model_copy(update={"family": TypeFamily.TEXT}))
        if by_column:
            by_column[index] = [names[cell] if isinstance(cell, int) else None for cell in cells]
    rows = tuple(zip(*by_column, strict=True))
    return summary.model_copy(update={"columns": tuple(columns), "rows": rows})


def _has_name(cell: Cell, names: Sequence[str]) -> bool:
    return cell is None or (isinstance(cell, int) and 1 <= cell < len(names))
