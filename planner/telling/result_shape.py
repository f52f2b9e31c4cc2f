"""What a summary looks like: which columns split it, which count, and its rows by name."""

from dataclasses import dataclass

from domain.dictionary import Cell
from domain.summary import Additivity, Summary, SummaryColumn
from planner.language.value_text import moment_of

_OTHER = "Other ("


@dataclass(frozen=True, slots=True)
class ResultShape:
    """Positions of a summary's columns by what they are for."""

    summary: Summary
    time: int | None
    """The dimension that lies on the calendar."""
    categories: tuple[int, ...]
    """Every other dimension."""
    measures: tuple[int, ...]
    """Measures that are numbers."""

    @property
    def dimensions(self) -> tuple[int, ...]:
        """All dimensions, time first."""
        return self.categories if self.time is None else (self.time, *self.categories)

    @property
    def is_in_time_order(self) -> bool:
        """True where rows run from early to late: a course, not a ranking of dates."""
        if self.time is None:
            return False
        moments = [str(row[self.time]) for row in self.summary.rows if row[self.time] is not None]
        return moments == sorted(moments)

    def column(self, index: int) -> SummaryColumn:
        """Returns the description of one column."""
        return self.summary.columns[index]

    def values(self, measure: int) -> list[tuple[tuple[Cell, ...], float]]:
        """Returns the rows that have a value, without merged rests, in their order."""
        return [
            (row, number)
            for row in self.summary.rows
            if (number := as_number(row[measure])) is not None and not self._is_rest(row)
        ]

    def is_additive(self, measure: int) -> bool:
        """True where the values are parts of a whole that is not negative anywhere."""
        column = self.column(measure)
        values = [as_number(row[measure]) or 0 for row in self.summary.rows]
        return column.additivity is Additivity.SUM and bool(column.total) and min(values) >= 0

    @property
    def has_rest(self) -> bool:
        """True where small groups stand merged: what is lowest can then not be said."""
        return any(map(self._is_rest, self.summary.rows))

    def _is_rest(self, row: tuple[Cell, ...]) -> bool:
        return bool(self.summary.roll_up) and any(
            str(row[index]).startswith(_OTHER) for index in self.dimensions
        )


def read_shape(summary: Summary) -> ResultShape:
    """Returns the shape of a summary that is not a listing."""
    dimensions = [i for i, c in enumerate(summary.columns) if c.role == "dimension"]
    time = next((i for i in dimensions if _is_time(summary, i)), None)
    return ResultShape(
        summary=summary,
        time=time,
        categories=tuple(i for i in dimensions if i != time),
        measures=tuple(
            i
            for i, column in enumerate(summary.columns)
            if column.role == "measure" and column.family.is_numeric
        ),
    )


def as_number(cell: Cell) -> float | None:
    """Returns a cell that is a number, integers as they are; None for anything else."""
    return cell if isinstance(cell, int | float) and not isinstance(cell, bool) else None


def _is_time(summary: Summary, index: int) -> bool:
    present = [row[index] for row in summary.rows if row[index] is not None]
    return bool(present) and all(moment_of(cell) is not None for cell in present)
