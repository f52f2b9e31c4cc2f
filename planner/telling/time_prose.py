"""Says how a figure developed: from where to where, its peak, its low, its sum."""

import statistics

from domain.dictionary import Cell
from domain.plan import TimeGrain
from planner.language.number_text import percent
from planner.language.value_text import preposition, value_text
from planner.telling.measure_words import amount, subject
from planner.telling.result_shape import ResultShape

Dated = list[tuple[tuple[Cell, ...], float]]
"""Rows with their value, from early to late."""

_WHOLE_SPANS = (TimeGrain.WEEK, TimeGrain.MONTH, TimeGrain.QUARTER, TimeGrain.YEAR)
_PARTIAL = 0.5
"""An outer span with less than this part of the median may not be whole."""
_LEVEL = 0.5
"""Changes of fewer percent than this are none to speak of."""
_SERIES_TOLD = 3


def time_sentences(shape: ResultShape, measure: int, dated: Dated, kept: str) -> list[str]:
    """Returns sentences on at least two dated values; `kept` is what they are limited to."""
    told = _Course(shape, measure, dated)
    about = f"{_capital(subject(shape.column(measure)))}{kept}"
    if told.is_level:
        return [f"{about} is the same throughout: {told.value(dated[0])}.", *told.sums()]
    partial = told.partial_end()
    if shape.summary.roll_up or partial:
        opening = f"{about} {told.extremes()}."
        return [opening, *told.sums(), *([partial] if partial else [])]
    inner = told.inner_extremes()
    return [f"{about} {told.change()}.", *([inner] if inner else []), *told.sums()]


def series_sentences(shape: ResultShape, measure: int, by: int) -> list[str]:
    """Says how the largest of several courses developed, one after the other."""
    courses: dict[Cell, Dated] = {}
    for row, value in shape.values(measure):
        if shape.time is not None and row[shape.time] is not None:
            courses.setdefault(row[by], []).append((row, value))
    ranked = sorted(courses.items(), key=lambda item: -item[1][-1][1])
    told = [
        f"**{value_text(cell, shape.column(by))}** {_Course(shape, measure, dated).change()}"
        for cell, dated in ranked[:_SERIES_TOLD]
        if len(dated) > 1
    ]
    return [f"{sentence}." for sentence in told]


class _Course:
    """One figure over time."""

    def __init__(self, shape: ResultShape, measure: int, dated: Dated) -> None:
        self._shape, self._dated = shape, dated
        self._column = shape.column(measure)
        self._is_sum = shape.is_additive(measure)
        self._time = shape.dimensions[0]
        self._highest = max(dated, key=lambda pair: pair[1])
        self._lowest = min(dated, key=lambda pair: pair[1])

    @property
    def is_level(self) -> bool:
        """True where every value is the same."""
        return self._highest[1] == self._lowest[1]

    def value(self, pair: tuple[tuple[Cell, ...], float]) -> str:
        """Returns one value in words."""
        return amount(pair[1], self._column)

    def change(self) -> str:
        """Returns `rose by 12% from 5 in April to 6 in May`."""
        (_, old), (_, new) = first, last = self._dated[0], self._dated[-1]
        span = f"from {self._at(first)} to {self._at(last, bold=True)}"
        if old == new:
            return f"was the same at the start and the end: {self._at(first)} and {self._at(last)}"
        share = 100 * abs(new - old) / abs(old) if old else 0.0
        if 0 < share < _LEVEL:
            return f"stayed level, {span}"
        by = f" by {percent(share)}" if old > 0 and new > 0 else ""
        return f"{'rose' if new > old else 'fell'}{by} {span}"

    def extremes(self) -> str:
        """Returns `peaks in May at 6 and is lowest in April at 5`."""
        return f"peaks {self._when(self._highest)} and is lowest {self._when(self._lowest)}"

    def inner_extremes(self) -> str:
        """Returns a sentence on the peak and the low, where the ends are not both of them."""
        ends = (self._dated[0], self._dated[-1])
        if len(self._dated) <= len(ends):
            return ""
        peak = "" if self._highest in ends else f"peaked {self._when(self._highest)}"
        low = "" if self._lowest in ends else f"was lowest {self._when(self._lowest)}"
        told = " and ".join(part for part in (peak, low) if part)
        return f"It {told}." if told else ""

    def sums(self) -> list[str]:
        """Says what parts of a whole add up to, and their mean a span."""
        total = self._column.total
        if not self._is_sum or total is None:
            return []
        mean, grain = self._mean(), self._shape.column(self._time).grain
        average = f", on average {mean} a{'n' if grain is TimeGrain.HOUR else ''} {grain}"
        return [f"In all it is **{amount(total, self._column)}**{average if mean else ''}."]

    def partial_end(self) -> str:
        """Says that the first or last span may not be whole, where it lies far below the rest."""
        grain = self._shape.column(self._time).grain
        is_merged = bool(self._shape.summary.roll_up) and grain is None
        is_span = grain in _WHOLE_SPANS or is_merged
        if not self._is_sum or not is_span or len(self._dated) <= 3:
            return ""
        middle = statistics.median(value for _, value in self._dated[1:-1])
        for pair, which in ((self._dated[0], "first"), (self._dated[-1], "last")):
            if pair[1] < _PARTIAL * middle:
                return (
                    f"The {which} {grain or 'span'} is far below the others and may not be whole."
                )
        return ""

    def _mean(self) -> str:
        is_whole = len(self._dated) == len(self._shape.summary.rows)
        if self._shape.column(self._time).grain is None or not is_whole:
            return ""
        return amount(statistics.fmean(value for _, value in self._dated), self._column)

    def _at(self, pair: tuple[tuple[Cell, ...], float], *, bold: bool = False) -> str:
        figure = f"**{self.value(pair)}**" if bold else self.value(pair)
        return f"{figure} {self._moment(pair)}"

    def _when(self, pair: tuple[tuple[Cell, ...], float]) -> str:
        bold = "**" if pair is self._highest else ""
        return f"{self._moment(pair)} at {bold}{self.value(pair)}{bold}"

    def _moment(self, pair: tuple[tuple[Cell, ...], float]) -> str:
        column = self._shape.column(self._time)
        return f"{preposition(column)} {value_text(pair[0][self._time], column)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
