"""Which values a sentence may state: cells, totals, and what is worked out of those it names.

What can be derived is kept narrow. With every pair of cells in play almost any percentage could
be explained; so shares, differences and changes are taken only of values that the sentence names
and of the first, last, largest and smallest.
"""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

from aggregation.figure_series import Point, Series

_MOST_NAMED = 5
"""Values named in a sentence that are compared with each other."""
_LONGEST_LEAD = 5
"""Leaders whose common sum or share may be stated."""


@dataclass(frozen=True, slots=True)
class Focus:
    """The values of a series that a sentence is about."""

    series: Series
    named: tuple[Point, ...]

    @property
    def salient(self) -> list[float]:
        """First, last, largest, second largest and smallest value."""
        values = self.series.values
        if not values:
            return []
        ranked = sorted(values, reverse=True)
        return [values[0], values[-1], *ranked[:2], ranked[-1]]

    @property
    def picked(self) -> list[float]:
        """Values that a share or a quotient may be taken of."""
        return [point.value for point in self.named] + self.salient


def focus(series: Series, text: str) -> Focus:
    """Returns what a sentence, with the one before it, says of a series."""
    lowered = text.casefold()
    named = [point for point in series.points if point.is_named_in(lowered)]
    return Focus(series, tuple(named[:_MOST_NAMED]))


def stated_values(about: Focus) -> Iterator[float]:
    """Yields values that may be stated as they are: cells, sums, means and differences."""
    series = about.series
    values = series.values
    yield from values
    if values:
        yield from (statistics.fmean(values), statistics.median(values))
    if series.total is not None:
        yield from (series.total, sum(values))
        yield from _parts(about, series.total)
    yield from (first - second for first, second in _pairs(about))


def percentages(about: Focus) -> Iterator[float]:
    """Yields percentages that may be stated: of a percent column, shares and changes."""
    series = about.series
    if series.is_percent:
        yield from stated_values(about)
    elif not series.is_additive and all(0 <= value <= 1 for value in series.values):
        yield from (100 * value for value in stated_values(about))
    total = series.total
    if total:
        parts = [*about.picked, *_parts(about, total)]
        yield from (100 * part / total for part in parts)
        yield from (100 - 100 * value / total for value in about.picked)
    yield from (100 * (new - old) / old for old, new in _pairs(about) if old)


def ratios(about: Focus) -> Iterator[float]:
    """Yields how many times as large one value is as another."""
    yield from (first / second for first, second in _pairs(about) if second)


def quotients(above: Focus, below: Focus) -> Iterator[float]:
    """Yields one measure divided by another: row by row, and over the totals."""
    if len(above.series.points) != len(below.series.points):
        return
    picked = set(above.picked)
    for over, under in zip(above.series.values, below.series.values, strict=True):
        if under and over in picked:
            yield over / under
    if above.series.total is not None and below.series.total:
        yield above.series.total / below.series.total


def _parts(about: Focus, total: float) -> Iterator[float]:
    """Yields sums over what is named and over the leaders, and what remains of the whole."""
    values = about.series.values
    ranked = sorted(values, reverse=True)
    leads = [sum(ranked[:count]) for count in range(2, min(_LONGEST_LEAD, len(ranked)) + 1)]
    named = [point.value for point in about.named]
    sums = [*leads, sum(named)] if named else leads
    yield from sums
    yield from (total - part for part in (*sums, *about.salient))


def _pairs(about: Focus) -> list[tuple[float, float]]:
    """Returns ordered pairs that a sentence may compare."""
    values = about.series.values
    if len(values) < 2:
        return []
    first, last, largest, second, smallest = about.salient
    named = [point.value for point in about.named]
    pairs = [(one, other) for one, other in permutations(named, 2)]
    pairs += [(largest, smallest), (smallest, largest), (first, last), (values[-2], last)]
    pairs += [(largest, second), (second, largest), *_neighbours(about)]
    mean = statistics.fmean(values)
    pairs += [(mean, value) for value in (*named, largest)]
    return pairs


def _neighbours(about: Focus) -> Sequence[tuple[float, float]]:
    """Returns each named value with the one before it: the change from row to row."""
    points = about.series.points
    return [
        (before.value, point.value) for before, point in pairwise(points) if point in about.named
    ]
