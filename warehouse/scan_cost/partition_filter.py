"""Which partitions a scan's filters leave."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

import duckdb
import sqlglot
from sqlglot import exp

from domain.catalog import Catalog, ColumnSchema, TableSchema
from domain.errors import VtionError
from warehouse.athena_dialect import AthenaTranslator
from warehouse.quoting import quote_name, quote_text

PartitionValues: TypeAlias = tuple[str, ...]

_UNDERSTOOD = (
    exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE,
    exp.Between, exp.In, exp.Like, exp.Neg, exp.Column, exp.Identifier, exp.Literal, exp.Boolean,
    exp.Cast, exp.DataType, exp.DataTypeParam, exp.Add, exp.Sub, exp.Interval, exp.Var,
    exp.CurrentDate, exp.DateAdd, exp.DateSub, exp.DateTrunc, exp.TimestampTrunc, exp.TimeToStr,
    exp.Date, exp.Year, exp.Month, exp.Day, exp.DPipe, exp.Substring, exp.Lower, exp.Upper,
)  # fmt: skip
"""Other conditions are taken to leave every partition."""
_TABLE = "partitions"
_POSITION = "__position"


def usable_filters(filters: Sequence[str], keys: Sequence[ColumnSchema]) -> list[exp.Expr]:
    """Returns the conditions that hold of partitions alone, with plain column names."""
    names = {key.name.lower() for key in keys}
    trees = (sqlglot.parse_one(text, read="athena") for text in filters)
    return [_plain(tree) for tree in trees if _is_of_partitions(tree, names)]


def surviving(
    conditions: Sequence[exp.Expr],
    keys: Sequence[ColumnSchema],
    partitions: Sequence[PartitionValues],
    today: date | None = None,
) -> list[int]:
    """Returns the positions of the partitions that may hold a row under every condition.

    The statement may run after midnight: what either day leaves is left. `today` is the day in
    UTC, as Athena has it.
    """
    if not conditions or not partitions:
        return list(range(len(partitions)))
    if not any(condition.find(exp.CurrentDate) for condition in conditions):
        return _surviving(conditions, keys, partitions)
    first = today or datetime.now(UTC).date()
    days = (first, first + timedelta(days=1))
    kept = [_surviving([_on(day, c) for c in conditions], keys, partitions) for day in days]
    return sorted(set(kept[0]).union(kept[1]))


def _on(day: date, condition: exp.Expr) -> exp.Expr:
    return condition.transform(
        lambda node: (
            exp.cast(exp.Literal.string(day.isoformat()), exp.DataType.Type.DATE)
            if isinstance(node, exp.CurrentDate)
            else node
        )
    )


def _surviving(
    conditions: Sequence[exp.Expr],
    keys: Sequence[ColumnSchema],
    partitions: Sequence[PartitionValues],
) -> list[int]:
    position = ColumnSchema(name=_POSITION, type="bigint")
    catalog = Catalog(tables=(TableSchema(name=_TABLE, columns=(*keys, position)),))
    condition = " AND ".join(f"({tree.sql('athena')})" for tree in conditions)
    sql = f'SELECT "{_POSITION}" FROM {_TABLE} WHERE ({condition}) IS DISTINCT FROM FALSE'
    with duckdb.connect() as connection:
        try:
            translated = AthenaTranslator(catalog).translate(sql)
            connection.execute(_values_table(keys, partitions))
            return [row[0] for row in connection.execute(translated).fetchall()]
        except (duckdb.Error, VtionError):
            return list(range(len(partitions)))


def _is_of_partitions(tree: exp.Expr, names: set[str]) -> bool:
    is_understood = all(isinstance(node, _UNDERSTOOD) for node in tree.walk())
    return is_understood and all(
        column.name.lower() in names for column in tree.find_all(exp.Column)
    )


def _plain(tree: exp.Expr) -> exp.Expr:
    return tree.transform(
        lambda node: exp.column(node.name, quoted=True) if isinstance(node, exp.Column) else node
    )


def _values_table(keys: Sequence[ColumnSchema], partitions: Sequence[PartitionValues]) -> str:
    rows = ", ".join(
        f"({', '.join([*map(quote_text, values), str(number)])})"
        for number, values in enumerate(partitions)
    )
    names = [*(key.name for key in keys), _POSITION]
    columns = ", ".join(
        f"TRY_CAST({quote_name(key.name)} AS {_duckdb_type(key)}) AS {quote_name(key.name)}"
        for key in keys
    )
    listed = ", ".join(map(quote_name, names))
    return (
        f"CREATE TABLE {_TABLE} AS SELECT {columns}, {quote_name(_POSITION)} "
        f"FROM (VALUES {rows}) AS v({listed})"
    )


def _duckdb_type(key: ColumnSchema) -> str:
    return sqlglot.parse_one(key.type, read="athena", into=exp.DataType).sql("duckdb")
