"""The summary as named series of numbers: what figures of prose can be about."""

import calendar
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregation.calendar_bucket import as_moment
from aggregation.merging import is_number
from domain.dictionary import Cell
from domain.summary import Additivity, Summary, SummaryColumn

NOT_RECORDED = "not recorded"
"""How prose names the group of nulls."""


@dataclass(frozen=True, slots=True)
class Point:
    """One number, and for each dimension the ways in which prose may name its value."""

    value: float
    names: tuple[frozenset[str], ...]

    def is_named_in(self, text: str) -> bool:
        """True where the text, in lower case, names the point in all its dimensions."""
        return bool(self.names) and all(
            any(_stands_in(name, text) for name in names) for names in self.names
        )


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one measure in the order of the summary."""

    column: SummaryColumn
    points: tuple[Point, ...]

    @property
    def is_additive(self) -> bool:
        """True where the values are parts of a whole."""
        return self.column.additivity is Additivity.SUM

    @property
    def is_percent(self) -> bool:
        """True where the values are percentages as they stand."""
        return self.column.unit in ("%", "percent")

    @property
    def total(self) -> float | None:
        """The whole that the values are parts of; None where there is none."""
        if not self.is_additive:
            return None
        return self.column.total if self.column.total is not None else sum(self.values)

    @property
    def values(self) -> list[float]:
        """The bare numbers."""
        return [point.value for point in self.points]


def series_of(summary: Summary) -> list[Series]:
    """Returns each numeric measure as a series, and its sums over each of several dimensions."""
    dimensions = [i for i, c in enumerate(summary.columns) if c.role == "dimension"]
    series = []
    for index, column in enumerate(summary.columns):
        if column.role != "measure" or not column.family.is_numeric:
            continue
        series.append(Series(column, _points(summary, index, dimensions)))
        if len(dimensions) > 1 and column.additivity is Additivity.SUM:
            series += [_summed_over(summary, index, by) for by in dimensions]
    return series


def _points(summary: Summary, index: int, dimensions: Sequence[int]) -> tuple[Point, ...]:
    return tuple(
        Point(float(value), tuple(_names(summary.columns[d], row[d]) for d in dimensions))
        for row in summary.rows
        if is_number(value := row[index])
    )


def _summed_over(summary: Summary, index: int, by: int) -> Series:
    sums: dict[Cell, float] = defaultdict(float)
    for row in summary.rows:
        value = row[index]
        if is_number(value):
            sums[row[by]] += float(value)
    column = summary.columns[by]
    points = tuple(Point(value, (_names(column, cell),)) for cell, value in sums.items())
    return Series(summary.columns[index], points)


def _names(column: SummaryColumn, cell: Cell) -> frozenset[str]:
    if cell is None:
        return frozenset({NOT_RECORDED})
    text = str(cell).casefold()
    moment = as_moment(cell)
    return frozenset({text} if moment is None else {text, *_calendar_names(moment)})


def _calendar_names(moment: datetime) -> set[str]:
    month = calendar.month_name[moment.month].lower()
    short = calendar.month_abbr[moment.month].lower()
    year, day = moment.year, moment.day
    names = {f"{day} {m} {year}" for m in (month, short)}
    names |= {f"{m} {day}, {year}" for m in (month, short)}
    names |= {moment.date().isoformat()}
    if day == 1:
        names |= {f"{month} {year}", f"{short} {year}", f"{year}-{moment.month:02}", month}
        names |= {f"q{(moment.month + 2) // 3} {year}"} if moment.month % 3 == 1 else set()
        names |= {str(year)} if moment.month == 1 else set()
    return names


def _stands_in(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
