"""Rolls a result up to at most 50 rows: nothing is cut silently, sums are preserved."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from aggregation.bucketing import (
    Bucketing,
    bucket_categories,
    bucket_numbers,
    bucket_times,
    is_number_line,
    is_time,
)
from aggregation.calendar_bucket import are_months, calendar_rank
from aggregation.calendar_name import name_parts
from aggregation.cell import cell_of, column_cells
from aggregation.code_name import name_codes
from aggregation.listing_summary import summarize_listing
from aggregation.meaning import SHARE
from aggregation.merging import exact_sum, is_number, merge
from aggregation.roll_up_words import (
    averaged_measures,
    merges_categories,
    roll_up_sentence,
    shown_column,
)
from aggregation.typed_rows import Row, TypedRows
from domain.column_type import TypeFamily
from domain.dictionary import Cell
from domain.plan import TimeGrain
from domain.result_table import Value
from domain.summary import MAXIMUM_ROWS, Additivity, Summary, SummaryColumn

_ROW_COUNT = SummaryColumn(
    name="row_count",
    label="number of rows",
    role="measure",
    family=TypeFamily.INTEGER,
    additivity=Additivity.SUM,
)
_SERIES_SOUGHT = 4
"""How many values of a second dimension the first one leaves room for."""


def roll_up(
    columns: Sequence[SummaryColumn],
    rows: Iterable[Row],
    is_listing: bool = False,
    truncated: bool = False,
    of_persons: bool = False,
    is_sorted: bool = True,
) -> Summary:
    """Returns the summary of a result that has one value a column in each row.

    Up to 50 rows stay as they are, in their order. More are merged: times to a coarser grain,
    numbers to at most 20 ranges, other dimensions to their leading values and `Other`; of three
    or more dimensions two are kept. SUM columns stay exact; NONE columns become plain means, and
    `roll_up` says so. `truncated`: the warehouse held more rows than these. Rows of a listing
    are only counted by value, and those of persons (`of_persons`) only counted. Rows that the
    statement did not sort (`is_sorted`) are put in the order of the calendar where they have one.
    """
    result = TypedRows(tuple(columns), list(rows))
    if is_listing or of_persons:
        return summarize_listing(
            result.columns, result.rows, truncated=truncated, of_persons=of_persons
        )
    result = _with_grain(_in_percent(result))
    totalled = TypedRows(_with_totals(result), result.rows)
    if len(result.rows) <= MAXIMUM_ROWS:
        return _keep(totalled if is_sorted else _in_calendar_order(totalled), truncated)
    return _merge_rows(_splittable(totalled), len(result.rows), truncated)


def _in_percent(result: TypedRows) -> TypedRows:
    """Turns fractions of a whole into percent, as everyone tells them."""
    shares = {i for i, column in enumerate(result.columns) if column.unit == SHARE}
    if not shares:
        return result
    columns = tuple(
        column.model_copy(update={"unit": "%"}) if i in shares else column
        for i, column in enumerate(result.columns)
    )
    rows = [
        tuple(v * 100 if i in shares and is_number(v) else v for i, v in enumerate(row))
        for row in result.rows
    ]
    return TypedRows(columns, rows)


def _with_grain(result: TypedRows) -> TypedRows:
    """Marks text that is ISO months throughout, such as a partition's name, as months."""
    columns = tuple(
        column.model_copy(update={"grain": TimeGrain.MONTH})
        if column.role == "dimension" and are_months(result.values(index))
        else column
        for index, column in enumerate(result.columns)
    )
    return TypedRows(columns, result.rows)


def _with_totals(result: TypedRows) -> tuple[SummaryColumn, ...]:
    return tuple(
        column.model_copy(update={"total": _total(result.values(index))})
        if column.additivity is Additivity.SUM
        else column
        for index, column in enumerate(result.columns)
    )


def _total(values: list[Value]) -> float | None:
    total = exact_sum(values)
    return None if total is None else float(total)


def _keep(result: TypedRows, truncated: bool) -> Summary:
    by_column = [
        _as_text(column, column_cells(result.values(index)))
        for index, column in enumerate(result.columns)
    ]
    rows = tuple(zip(*by_column, strict=True))
    return _named(
        Summary(
            columns=result.columns,
            rows=rows,
            true_row_count=len(result.rows),
            truncated=truncated,
        )
    )


def _named(summary: Summary) -> Summary:
    return name_codes(name_parts(summary))


def _in_calendar_order(result: TypedRows) -> TypedRows:
    splits = result.having("dimension")
    by = next((i for i in splits if is_time(result.values(i)) or result.columns[i].part), None)
    if by is None:
        return result
    return TypedRows(result.columns, sorted(result.rows, key=lambda row: calendar_rank(row[by])))


def _as_text(column: SummaryColumn, cells: list[Cell]) -> list[Cell]:
    """Codes are text even where they are stored as numbers: nobody adds them up."""
    if column.family is not TypeFamily.TEXT:
        return cells
    return [cell if cell is None else str(cell) for cell in cells]


def _splittable(result: TypedRows) -> TypedRows:
    """Gives a result something to split by and something to add, where it lacks one."""
    columns, rows = result.columns, result.rows
    if not any(c.role == "dimension" for c in columns):
        kept = next((i for i in result.having("measure") if _is_numeric(result, i)), 0)
        split = columns[kept].model_copy(
            update={"role": "dimension", "additivity": Additivity.NONE, "total": None}
        )
        columns, rows = (split,), [(row[kept],) for row in rows]
    if not any(c.role == "measure" for c in columns):
        counted = _ROW_COUNT.model_copy(update={"total": float(len(rows))})
        columns, rows = (*columns, counted), [(*row, 1) for row in rows]
    return TypedRows(columns, rows)


def _is_numeric(result: TypedRows, index: int) -> bool:
    return any(map(is_number, result.values(index)))


def _merge_rows(result: TypedRows, true_row_count: int, truncated: bool) -> Summary:
    kept, dropped = _choose_dimensions(result)
    bucketings = _bucket(result, kept)
    groups: dict[tuple[Cell, ...], list[Row]] = defaultdict(list)
    for row in result.rows:
        groups[tuple(b.bucket_of(row[i]) for i, b in bucketings.items())].append(row)
    groups = _without_blank_rest(result, bucketings, groups)
    positions = [{cell: n for n, cell in enumerate(b.order)} for b in bucketings.values()]
    keys = sorted(groups, key=lambda key: [p[c] for p, c in zip(positions, key, strict=True)])
    shown = [i for i in range(len(result.columns)) if i not in dropped]
    averaged = averaged_measures(result, groups.values())
    columns = [shown_column(result, i, bucketings, averaged) for i in shown]
    rows = [_merged_row(result, shown, bucketings, key, groups[key]) for key in keys]
    return _named(
        Summary(
            columns=tuple(columns),
            rows=tuple(rows),
            true_row_count=true_row_count,
            roll_up=roll_up_sentence(result, bucketings, dropped, averaged, true_row_count),
            truncated=truncated,
        )
    )


def _choose_dimensions(result: TypedRows) -> tuple[list[int], list[int]]:
    """Keeps two dimensions at most: time first, then in order, constant ones last."""
    ranked = sorted(result.having("dimension"), key=lambda index: _dimension_rank(result, index))
    return ranked[:2], ranked[2:]


def _dimension_rank(result: TypedRows, index: int) -> tuple[bool, bool]:
    values = result.values(index)
    is_constant = len({cell_of(value) for value in values}) == 1
    return (is_constant, not is_time(values))


def _bucket(result: TypedRows, kept: list[int]) -> dict[int, Bucketing]:
    """Buckets the dimension that needs most care first; the other takes the room that is left."""
    if len(kept) == 1:
        return {kept[0]: _bucket_one(result, kept[0], MAXIMUM_ROWS)}
    first, second = kept
    distinct = {i: len({cell_of(value) for value in result.values(i)}) for i in kept}
    if not is_time(result.values(first)) and distinct[second] < distinct[first]:
        first, second = second, first
    room = max(MAXIMUM_ROWS // min(distinct[second], _SERIES_SOUGHT), 1)
    lead = _bucket_one(result, first, room)
    follow = _bucket_one(result, second, MAXIMUM_ROWS // len(lead.order))
    return {first: lead, second: follow}


def _bucket_one(result: TypedRows, index: int, limit: int) -> Bucketing:
    column, values = result.columns[index], result.values(index)
    if is_time(values):
        return bucket_times(column, values, limit)
    if is_number_line(column, values, limit) and limit > 2:
        return bucket_numbers(column, values, limit)
    ranked = _rank_categories(result, index)
    natural = column.family.is_numeric or column.part is not None
    return bucket_categories(column, ranked, limit, keep_order=natural)


def _rank_categories(result: TypedRows, index: int) -> list[Cell]:
    """Returns the dimension's values, largest leading measure first, ties by their text."""
    leading = _leading_measure(result)
    additivity = result.columns[leading].additivity
    values: dict[Cell, list[Value]] = defaultdict(list)
    for row in result.rows:
        values[cell_of(row[index])].append(row[leading])

    def rank(cell: Cell) -> tuple[float, str]:
        merged = merge(values[cell], additivity)
        return (-float(merged) if is_number(merged) else float("inf"), str(cell))

    return sorted(values, key=rank)


def _leading_measure(result: TypedRows) -> int:
    measures = result.having("measure")
    additive = [i for i in measures if result.columns[i].additivity is Additivity.SUM]
    numeric = [i for i in measures if _is_numeric(result, i)]
    return next(iter(additive + numeric + measures))


def _merged_row(
    result: TypedRows,
    shown: list[int],
    bucketings: dict[int, Bucketing],
    key: tuple[Cell, ...],
    rows: list[Row],
) -> tuple[Cell, ...]:
    by_dimension = dict(zip(bucketings, key, strict=True))
    is_rest = _is_rest(bucketings, key)
    cells: list[Cell] = []
    for index in shown:
        if index in by_dimension:
            cells.append(by_dimension[index])
        else:
            cells.append(_merged_cell(result, index, rows, is_rest))
    return tuple(cells)


def _merged_cell(result: TypedRows, index: int, rows: list[Row], is_rest: bool) -> Cell:
    additivity = result.columns[index].additivity
    if is_rest and additivity is Additivity.NONE:
        return None
    return cell_of(merge([row[index] for row in rows], additivity))


def _is_rest(bucketings: dict[int, Bucketing], key: tuple[Cell, ...]) -> bool:
    pairs = zip(bucketings.values(), key, strict=True)
    return any(b.other is not None and cell == b.other for b, cell in pairs)


def _without_blank_rest(
    result: TypedRows,
    bucketings: dict[int, Bucketing],
    groups: dict[tuple[Cell, ...], list[Row]],
) -> dict[tuple[Cell, ...], list[Row]]:
    """Drops `Other` where no measure can be merged over categories; the sentence says so."""
    if merges_categories(result):
        return groups
    return {key: rows for key, rows in groups.items() if not _is_rest(bucketings, key)}
