"""One aggregate pass over a table: counts, ranges and lengths of every column."""

from collections.abc import Iterator, Mapping, Sequence

from context_store.profile import ColumnProfile
from context_store.profile_statements import AGGREGATES_PER_COLUMN, aggregate_pass
from context_store.statement_runner import StatementRunner
from context_store.values import as_cell, as_integer
from domain.catalog import ColumnSchema
from domain.dictionary import PiiKind
from domain.result_table import Value

EXACT_DISTINCT_ROWS = 200_000
"""Up to so many rows distinct values are counted exactly."""
_COLUMNS_PER_PASS = 100


async def profile_columns(
    run: StatementRunner,
    source: str,
    row_count: int,
    columns: Sequence[ColumnSchema],
    pii: Mapping[str, PiiKind],
) -> tuple[int, list[ColumnProfile]]:
    """Returns the rows that were read, and the measurements in column order."""
    exact = row_count <= EXACT_DISTINCT_ROWS
    profiled_rows = 0
    profiles: list[ColumnProfile] = []
    for batch in _batches(columns):
        row = await run.row(aggregate_pass(source, batch, exact, frozenset(pii)))
        profiled_rows = as_integer(row[0])
        profiles.extend(
            _profile_of(column, row[start : start + AGGREGATES_PER_COLUMN], exact, pii)
            for column, start in zip(batch, range(1, len(row), AGGREGATES_PER_COLUMN), strict=True)
        )
    return profiled_rows, profiles


def _batches(columns: Sequence[ColumnSchema]) -> Iterator[Sequence[ColumnSchema]]:
    for start in range(0, len(columns), _COLUMNS_PER_PASS):
        yield columns[start : start + _COLUMNS_PER_PASS]


def _profile_of(
    column: ColumnSchema, aggregates: Sequence[Value], exact: bool, pii: Mapping[str, PiiKind]
) -> ColumnProfile:
    non_null, distinct, minimum, maximum, length, quantiles, grain, latest = aggregates
    return ColumnProfile(
        name=column.name,
        type=column.type,
        is_partition=column.is_partition,
        non_null_count=as_integer(non_null),
        distinct_count=min(as_integer(distinct), as_integer(non_null)),
        is_distinct_exact=exact,
        minimum=as_cell(minimum),
        maximum=as_cell(maximum),
        average_length=None if length is None else float(str(length)),
        quantiles=[float(str(point)) for point in quantiles] if isinstance(quantiles, list) else [],
        time_grain=str(grain or ""),
        latest=as_cell(latest),
        pii=pii.get(column.name),
    )
