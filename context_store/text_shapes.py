"""The forms of text values, `A` a letter and `9` a digit: formats without any value."""

from collections.abc import Sequence

from context_store.profile import ColumnProfile, TableProfile, ValueCount
from context_store.profile_statements import first_rows, frequent_shapes
from context_store.statement_runner import StatementRunner
from context_store.values import as_integer
from domain.column_type import TypeFamily

_ROWS = 4_000
_LONGEST_TEXT = 24
_SHAPES = 5
_COLUMNS_PER_STATEMENT = 20


async def read_shapes(run: StatementRunner, table: TableProfile) -> TableProfile:
    """Returns the table with the most frequent shapes of its short text columns."""
    wanted = [column for column in table.columns if _has_shapes(column)]
    shapes: dict[str, list[ValueCount]] = {column.name: [] for column in wanted}
    for start in range(0, len(wanted), _COLUMNS_PER_STATEMENT):
        names = [column.name for column in wanted[start : start + _COLUMNS_PER_STATEMENT]]
        sql = frequent_shapes(first_rows(table.name, names, _ROWS), names, _SHAPES)
        for position, text, count in await run.rows(sql):
            shape = ValueCount(value=str(text), count=as_integer(count))
            shapes[names[as_integer(position)]].append(shape)
    return table.model_copy(update={"columns": _with_shapes(table.columns, shapes)})


def _has_shapes(column: ColumnProfile) -> bool:
    return (
        column.pii is None
        and column.family is TypeFamily.TEXT
        and 0 < (column.average_length or 0) <= _LONGEST_TEXT
    )


def _with_shapes(
    columns: Sequence[ColumnProfile], shapes: dict[str, list[ValueCount]]
) -> list[ColumnProfile]:
    return [
        column.model_copy(
            update={"shapes": sorted(shapes.get(column.name, ()), key=lambda s: -s.count)}
        )
        for column in columns
    ]
