"""Reads the frequent values of columns that hold names, codes or categories, never of PII."""

from context_store.profile import ColumnProfile, TableProfile, ValueCount
from context_store.profile_statements import frequent_values
from context_store.statement_runner import StatementRunner
from context_store.values import as_integer, cell_from_text
from domain.column_type import TypeFamily

TOP_VALUES = 50
INDEXED_VALUES = 2_000
"""Columns with no more distinct values than this have all of them indexed."""
_LONGEST_INDEXED_TEXT = 120
_COLUMNS_PER_STATEMENT = 20


async def read_values(run: StatementRunner, source: str, table: TableProfile) -> TableProfile:
    """Returns the table with frequent values set on the columns that may show them."""
    wanted = [(column, _limit(column)) for column in table.columns if _limit(column)]
    read: dict[str, ColumnProfile] = {}
    for start in range(0, len(wanted), _COLUMNS_PER_STATEMENT):
        batch = wanted[start : start + _COLUMNS_PER_STATEMENT]
        found: list[list[ValueCount]] = [[] for _ in batch]
        sql = frequent_values(source, [(column.name, limit) for column, limit in batch])
        for position, text, count in await run.rows(sql):
            column = batch[as_integer(position)][0]
            value = cell_from_text(str(text), column.family)
            found[as_integer(position)].append(ValueCount(value=value, count=as_integer(count)))
        for (column, limit), values in zip(batch, found, strict=True):
            read[column.name] = _with_values(column, values, limit)
    columns = [read.get(column.name, column) for column in table.columns]
    return table.model_copy(update={"columns": columns})


def _limit(column: ColumnProfile) -> int:
    """Returns how many values to ask for; one more than may be kept, to see whether it is all."""
    if column.pii is not None or column.non_null_count == 0:
        return 0
    if column.family is TypeFamily.BOOLEAN:
        return TOP_VALUES + 1
    if column.family is TypeFamily.INTEGER:
        return TOP_VALUES + 1 if column.distinct_count <= TOP_VALUES else 0
    if column.family is not TypeFamily.TEXT:
        return 0
    if (column.average_length or 0) > _LONGEST_INDEXED_TEXT:
        return 0
    is_small = column.distinct_count <= INDEXED_VALUES * 1.1
    return INDEXED_VALUES + 1 if is_small else TOP_VALUES


def _with_values(column: ColumnProfile, values: list[ValueCount], limit: int) -> ColumnProfile:
    values.sort(key=lambda entry: (-entry.count, str(entry.value)))
    is_complete = len(values) < limit and limit > TOP_VALUES
    if not is_complete:
        return column.model_copy(update={"values": values[:TOP_VALUES]})
    return column.model_copy(
        update={
            "values": values,
            "has_all_values": True,
            "distinct_count": len(values),
            "is_distinct_exact": True,
        }
    )
