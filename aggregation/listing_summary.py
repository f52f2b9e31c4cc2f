"""Sums a listing up: how many rows, and what stands in its columns, but no row itself."""

from collections import Counter
from collections.abc import Sequence

from aggregation.calendar_bucket import as_moment
from aggregation.cell import column_cells
from aggregation.merging import is_number
from domain.column_type import TypeFamily
from domain.dictionary import Cell
from domain.result_table import Value
from domain.summary import MAXIMUM_ROWS, Additivity, Summary, SummaryColumn

_LONGEST_VALUE = 80
"""Characters; longer text is prose, which is never shown."""
_MOST_VALUES = 10
"""Values shown for each column of a wide listing."""
_BY_COLUMN = "The rows are summed up by column: ranges and most frequent values."
_FEW_ROWS = 3
"""A range over so few rows says less than the values themselves."""

COLUMN = SummaryColumn(name="column_name", label="column", role="dimension", family=TypeFamily.TEXT)
VALUE = SummaryColumn(name="value", label="value", role="dimension", family=TypeFamily.TEXT)
ROWS = SummaryColumn(name="row_count", label="rows", role="measure", family=TypeFamily.INTEGER)


def summarize_listing(
    columns: Sequence[SummaryColumn],
    rows: Sequence[tuple[Value, ...]],
    *,
    truncated: bool,
    of_persons: bool,
) -> Summary:
    """Returns counts over the rows: `column, value -> rows`, most frequent values first.

    Numbers and times are given as a range; text longer than 80 characters is left out. A listing
    of persons is counted and nothing else.
    """
    entries = [] if of_persons else _all_entries(columns, rows)
    counted = ROWS.model_copy(update={"total": float(len(rows))})
    if of_persons or not columns:
        return Summary(
            columns=(counted.model_copy(update={"additivity": Additivity.SUM}),),
            rows=((len(rows),),),
            true_row_count=len(rows),
            is_listing=True,
            roll_up="Rows about individuals are counted, never shown.",
            truncated=truncated,
        )
    return Summary(
        columns=(COLUMN, VALUE, counted),
        rows=tuple(entries),
        true_row_count=len(rows),
        is_listing=True,
        roll_up="" if _is_complete(columns, entries, len(rows)) else _BY_COLUMN,
        truncated=truncated,
    )


def _is_complete(
    columns: Sequence[SummaryColumn], entries: list[tuple[Cell, ...]], row_count: int
) -> bool:
    """True where each row of a single column stands there as it is."""
    return len(columns) == 1 and len(entries) == row_count


def _all_entries(
    columns: Sequence[SummaryColumn], rows: Sequence[tuple[Value, ...]]
) -> list[tuple[Cell, ...]]:
    room = MAXIMUM_ROWS if len(columns) == 1 else _MOST_VALUES
    by_column = [
        _entries(column, [row[index] for row in rows], room) for index, column in enumerate(columns)
    ]
    return _fit(by_column) if rows else []


def _fit(by_column: list[list[tuple[Cell, ...]]]) -> list[tuple[Cell, ...]]:
    """Shortens the longest columns until all fit; later columns go where there are too many."""
    lengths = [len(entries) for entries in by_column][:MAXIMUM_ROWS]
    while sum(lengths) > MAXIMUM_ROWS:
        lengths[lengths.index(max(lengths))] -= 1
    return [
        entry
        for entries, length in zip(by_column, lengths, strict=False)
        for entry in entries[:length]
    ]


def _entries(column: SummaryColumn, values: list[Value], room: int) -> list[tuple[Cell, ...]]:
    if len(values) > _FEW_ROWS and _has_range(column, values):
        return [_range_entry(column, values)]
    counts = Counter(column_cells(values))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    entries: list[tuple[Cell, ...]] = [
        (column.label, _text(value, column), count)
        for value, count in ranked
        if value is None or len(str(value)) <= _LONGEST_VALUE
    ]
    return entries[:room]


def _has_range(column: SummaryColumn, values: list[Value]) -> bool:
    present = [value for value in values if value is not None]
    is_quantity = column.family.is_numeric and all(map(is_number, present))
    is_temporal = all(as_moment(value) is not None for value in present)
    return len(set(present)) > _FEW_ROWS and (is_quantity or is_temporal)


def _range_entry(column: SummaryColumn, values: list[Value]) -> tuple[Cell, ...]:
    present = [value for value in values if value is not None]
    lowest, highest = column_cells([min(present), max(present)])
    return (column.label, f"{_text(lowest, column)} to {_text(highest, column)}", len(present))


def _text(cell: Cell, column: SummaryColumn) -> str | None:
    if cell is None:
        return None
    is_quantity = is_number(cell) and column.role == "measure"
    return f"{cell:,}" if is_quantity else str(cell)
