"""Decides which columns hold personal data: a person's word, then names, then value shapes."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from context_store.checksums import SURE
from context_store.names import is_code_name, is_identifier_name
from context_store.pii_names import is_free_text_name, person_key_name, pii_kind_of_name
from context_store.pii_shapes import (
    FREE_TEXT_CHARACTERS,
    LONG_TEXT_CHARACTERS,
    NUMBER_RANGES,
    NUMBER_THRESHOLD,
    PERSON_NAME,
    TEXT_SHAPES,
    NumberRange,
    Shape,
)
from context_store.profile_statements import (
    checksum_counts,
    first_present_rows,
    first_rows,
    number_range_counts,
    text_shape_counts,
)
from context_store.statement_runner import StatementRunner
from domain.catalog import ColumnSchema, TableSchema
from domain.column_type import TypeFamily
from domain.dictionary import PiiKind
from domain.result_table import Value

_Likely: TypeAlias = Shape | NumberRange
_FREE_TEXT = Shape(PiiKind.FREE_TEXT, "", 1.0)
_SHAPE_SAMPLE_ROWS = 20_000
_COLUMNS_PER_STATEMENT = 40


async def detect_pii(
    run: StatementRunner,
    schema: TableSchema,
    of_persons: bool,
    guess: bool,
    decisions: Mapping[tuple[str, str], PiiKind | None],
) -> dict[str, PiiKind]:
    """Returns the PII columns of a table. Values stay in the warehouse: only counts are read."""
    decided = {
        column.name: decisions[key]
        for column in schema.columns
        if (key := (schema.name.lower(), column.name.lower())) in decisions
    }
    found = {name: kind for name, kind in decided.items() if kind is not None}
    if guess:
        open_columns = [column for column in schema.columns if column.name not in decided]
        found |= await _guess(run, schema, open_columns, of_persons)
    return found


async def _guess(
    run: StatementRunner, schema: TableSchema, columns: Sequence[ColumnSchema], of_persons: bool
) -> dict[str, PiiKind]:
    found: dict[str, PiiKind] = {}
    for column in columns:
        kind = pii_kind_of_name(column.name, schema.name, column.family, of_persons)
        if kind is not None:
            found[column.name] = kind
    rest = [column for column in columns if column.name not in found]
    texts = [column.name for column in rest if column.family is TypeFamily.TEXT]
    numbers = [column.name for column in rest if _may_hold_numbers_of_persons(column)]
    has_persons = of_persons or person_key_name([c.name for c in schema.columns]) is not None
    shape_counts = partial(text_shape_counts, with_names=has_persons)
    likely = {
        name: _kind_of_text(name, counts, has_persons)
        for name, counts in (await _count(run, schema.name, texts, shape_counts)).items()
    }
    likely |= {
        name: _kind_of_number(counts)
        for name, counts in (await _count(run, schema.name, numbers, number_range_counts)).items()
    }
    false = await _false_alarms(run, schema.name, likely)
    return found | {name: one.kind for name, one in likely.items() if one and name not in false}


async def _false_alarms(
    run: StatementRunner, table: str, likely: Mapping[str, _Likely | None]
) -> set[str]:
    """Returns columns whose numbers look like cards or Aadhaar and have not their check digits."""
    doubtful = [(name, one.checksum) for name, one in likely.items() if one and one.checksum]
    if not doubtful:
        return set()
    row = await run.row(checksum_counts(table, doubtful, _SHAPE_SAMPLE_ROWS))
    counts = [float(str(count or 0)) for count in row]
    pairs = zip(doubtful, counts[::2], counts[1::2], strict=True)
    return {name for (name, _), non_null, right in pairs if non_null and right < SURE * non_null}


def _may_hold_numbers_of_persons(column: ColumnSchema) -> bool:
    is_wide = column.family is TypeFamily.INTEGER and column.type == "bigint"
    return is_wide and not is_identifier_name(column.name) and not is_code_name(column.name)


def _kind_of_text(name: str, counts: Sequence[float], has_persons: bool) -> _Likely | None:
    non_null, average_length, *matches, names = counts
    if names / non_null >= PERSON_NAME.threshold:
        return PERSON_NAME
    for shape, count in zip(TEXT_SHAPES, matches, strict=True):
        if count / non_null >= shape.threshold:
            return shape
    is_typed_in = is_free_text_name(name) and average_length > FREE_TEXT_CHARACTERS
    is_long = has_persons and average_length > LONG_TEXT_CHARACTERS
    return _FREE_TEXT if is_typed_in or is_long else None


def _kind_of_number(counts: Sequence[float]) -> _Likely | None:
    non_null, *matches = counts
    for bounds, count in zip(NUMBER_RANGES, matches, strict=True):
        if count / non_null >= NUMBER_THRESHOLD:
            return bounds
    return None


async def _count(
    run: StatementRunner,
    table: str,
    columns: Sequence[str],
    statement: Callable[[str, Sequence[str]], str],
) -> dict[str, Sequence[float]]:
    """Returns the counts of each column that has values, over a bounded number of rows."""
    counted: dict[str, Sequence[float]] = {}
    for start in range(0, len(columns), _COLUMNS_PER_STATEMENT):
        batch = columns[start : start + _COLUMNS_PER_STATEMENT]
        row = await run.row(statement(first_rows(table, batch, _SHAPE_SAMPLE_ROWS), batch))
        counted |= _by_column(batch, row)
    for column in (name for name in columns if counted[name][0] == 0):
        source = first_present_rows(table, column, _SHAPE_SAMPLE_ROWS)
        counted |= _by_column([column], await run.row(statement(source, [column])))
    return {name: counts for name, counts in counted.items() if counts[0] > 0}


def _by_column(columns: Sequence[str], row: Sequence[Value]) -> dict[str, Sequence[float]]:
    width = len(row) // len(columns)
    return {
        name: [float(str(value or 0)) for value in row[start : start + width]]
        for name, start in zip(columns, range(0, len(row), width), strict=True)
    }
