"""Gives one dimension fewer values: coarser times, bins of numbers, or top values and Other."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import time

from aggregation.calendar_bucket import as_moment, coarsest_needed
from aggregation.cell import cell_of
from aggregation.merging import is_number
from aggregation.number_bins import MAXIMUM_BINS, cut
from domain.column_type import TypeFamily
from domain.dictionary import Cell
from domain.plan import TimeGrain
from domain.result_table import Value
from domain.summary import SummaryColumn


@dataclass(frozen=True, slots=True)
class Bucketing:
    """Which bucket each value falls into, and the buckets in the order they are shown."""

    column: SummaryColumn
    """The dimension as it is after bucketing."""
    bucket_of: Callable[[Value], Cell]
    order: Sequence[Cell]
    words: str = ""
    """What was done, such as `by month`; empty where every value kept its own bucket."""
    other: Cell = None
    """The bucket that holds all remaining categories; None where there is none."""

    by_time: bool = False
    """True where times were put into coarser spans of the calendar."""


def is_time(values: Sequence[Value]) -> bool:
    """True for dates and timestamps, and for text that is ISO dates or months throughout."""
    present = [value for value in values if value is not None]
    return bool(present) and all(as_moment(value) is not None for value in present)


def is_number_line(column: SummaryColumn, values: Sequence[Value], limit: int) -> bool:
    """True for numbers too many to be shown one by one; codes and calendar parts are none."""
    if not column.family.is_numeric or column.part is not None:
        return False
    present = {value for value in values if value is not None}
    return len(present) > limit and all(map(is_number, present))


def bucket_times(column: SummaryColumn, values: Sequence[Value], limit: int) -> Bucketing:
    """Returns the finest calendar grain that has at most `limit` buckets, nulls included."""
    moments = {value: as_moment(value) for value in values}
    present = {moment for moment in moments.values() if moment is not None}
    room = limit - (None in moments)
    if len(present) <= room:
        return _keep_times(column, moments.keys())
    calendar = coarsest_needed(present, column.grain, room)
    starts = {moment: calendar.start_of(moment) for moment in present}
    by_hour = calendar.grain is TimeGrain.HOUR
    labels = {s: s.isoformat() if by_hour else s.date().isoformat() for s in starts.values()}
    family = TypeFamily.TIMESTAMP if by_hour else TypeFamily.DATE

    def bucket_of(value: Value) -> Cell:
        moment = as_moment(value)
        return None if moment is None else labels[starts[moment]]

    return Bucketing(
        column.model_copy(
            update={
                "grain": calendar.grain,
                "family": family,
                "label": f"{column.label} (start of {calendar.span})"
                if calendar.span
                else column.label,
            }
        ),
        bucket_of,
        [labels[start] for start in sorted(labels)] + [None] * (None in moments),
        f"by {calendar.span or calendar.grain}",
        by_time=True,
    )


def _keep_times(column: SummaryColumn, values: Collection[Value]) -> Bucketing:
    present = {value: as_moment(value) for value in values}
    at_midnight = all(m is None or m.time() == time.min for m in present.values())

    def bucket_of(value: Value) -> Cell:
        moment = as_moment(value)
        if moment is None or isinstance(value, str):
            return cell_of(value)
        return moment.date().isoformat() if at_midnight else moment.isoformat()

    known = sorted({moment for moment in present.values() if moment is not None})
    by_moment = {moment: bucket_of(value) for value, moment in present.items()}
    order = [by_moment[moment] for moment in known] + [None] * (None in present.values())
    return Bucketing(column, bucket_of, order)


def bucket_numbers(column: SummaryColumn, values: Sequence[Value], limit: int) -> Bucketing:
    """Returns a histogram's bins: at most 20, and at most `limit` with nulls included."""
    numbers = [value for value in values if is_number(value)]
    has_null = len(numbers) < len(values)
    bins = cut(numbers, min(MAXIMUM_BINS, limit - has_null))
    positions = sorted({bins.index(number) for number in numbers})

    def bucket_of(value: Value) -> Cell:
        return bins.label(bins.index(value)) if is_number(value) else None

    return Bucketing(
        column.model_copy(update={"family": TypeFamily.TEXT}),
        bucket_of,
        [bins.label(position) for position in positions] + [None] * has_null,
        f"to {len(positions)} ranges",
    )


def bucket_categories(
    column: SummaryColumn, ranked: Sequence[Cell], limit: int, *, keep_order: bool
) -> Bucketing:
    """Returns the first values of `ranked` and, where they are more than `limit`, Other.

    `keep_order` shows kept values in their natural order rather than by rank.
    """
    if len(ranked) <= limit:
        order = sorted(ranked, key=_natural) if keep_order else ranked
        return Bucketing(column, cell_of, order)
    kept = {cell: cell if cell is None else str(cell) for cell in ranked[: limit - 1]}
    other = f"Other ({len(ranked) - len(kept):,} more)"

    def bucket_of(value: Value) -> Cell:
        return kept.get(cell_of(value), other)

    return Bucketing(
        column.model_copy(update={"family": TypeFamily.TEXT}),
        bucket_of,
        [*kept.values(), other],
        f"to the {len(kept)} leading values and Other",
        other,
    )


def _natural(cell: Cell) -> tuple[bool, float, str]:
    number = float(cell) if is_number(cell) else 0.0
    return (cell is None, number, str(cell))
