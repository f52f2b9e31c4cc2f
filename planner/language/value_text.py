"""Names the values that a result is split by: dates by their grain, nulls, codes, text."""

import calendar
import re
from collections.abc import Sequence
from datetime import datetime

from domain.dictionary import Cell
from domain.plan import CalendarPart, TimeGrain
from domain.summary import SummaryColumn

NOT_RECORDED = "(not recorded)"
_ISO = re.compile(r"\d{4}-\d{2}(-\d{2})?([T ].*)?")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")
_LONGEST = 80


def value_text(cell: Cell, column: SummaryColumn) -> str:
    """Returns how prose names one value, such as `January 2013`; Markdown in it is made plain."""
    return escaped(value_name(cell, column)) if cell is not None else NOT_RECORDED


def escaped(text: str) -> str:
    """Returns text in which nothing acts as Markdown."""
    return _MARKDOWN.sub(r"\\\1", text)


def listed(texts: Sequence[str]) -> str:
    """Returns texts as a sentence lists them: `North, South and West`."""
    if len(texts) <= 1:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} and {texts[-1]}"


def value_name(cell: Cell, column: SummaryColumn) -> str:
    """Returns the name of one value as plain text, for charts."""
    if cell is None:
        return NOT_RECORDED
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if column.part is CalendarPart.HOUR_OF_DAY and isinstance(cell, int):
        return f"{cell:02}:00"
    moment = moment_of(cell)
    if moment is not None:
        return _moment_text(moment, column.grain)
    text = str(cell)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def part_rank(cell: Cell) -> tuple[bool, float]:
    """Returns what parts of a calendar sort by: hours, names of months and of days of the week."""
    if isinstance(cell, int):
        return (False, cell)
    names = (*calendar.month_name, *calendar.day_name)
    return (cell not in names, names.index(cell) if cell in names else 0)


def moment_of(cell: Cell) -> datetime | None:
    """Returns ISO text (a month, a date or a time) as a moment; None for anything else."""
    if not isinstance(cell, str) or not _ISO.fullmatch(cell):
        return None
    try:
        return datetime.fromisoformat(cell if len(cell) > len("2013-01") else f"{cell}-01")
    except ValueError:
        return None


def preposition(column: SummaryColumn) -> str:
    """Returns `on` for days, `at` for hours and `in` for longer spans."""
    if column.part is CalendarPart.HOUR_OF_DAY or column.grain is TimeGrain.HOUR:
        return "at"
    is_day = column.grain in (None, TimeGrain.DAY) and column.part is None
    return "on" if is_day or column.part is CalendarPart.DAY_OF_WEEK else "in"


def _moment_text(moment: datetime, grain: TimeGrain | None) -> str:
    month = f"{calendar.month_name[moment.month]} {moment.year}"
    day = f"{moment.day} {month}"
    if grain is TimeGrain.YEAR:
        return str(moment.year)
    if grain is TimeGrain.QUARTER:
        return f"Q{(moment.month + 2) // 3} {moment.year}"
    if grain is TimeGrain.MONTH:
        return month
    if grain is TimeGrain.WEEK:
        return f"the week of {day}"
    has_time = grain is TimeGrain.HOUR or (moment.hour, moment.minute) != (0, 0)
    return f"{day}, {moment:%H:%M}" if has_time else day
