"""A chart of rows as they are: each row is a group of its own, and its quantity is measured."""

from domain.plan import ColumnReference, Dimension, Measure, MeasureFunction, Order, Output
from planner.reading.plan_parts import Parts
from planner.schema.labels import column_label
from planner.schema.schema_index import SchemaIndex


def draw_rows(parts: Parts, index: SchemaIndex) -> None:
    """Turns a listing of a name and a quantity, or of two quantities, into measured groups."""
    columns = parts.columns
    tables = {column.table for column in columns}
    if len(columns) != 2 or len(tables) != 1 or parts.per_group or parts.distinct:
        return
    table = tables.pop()
    keys = tuple(ColumnReference(table=table, column=k) for k in index.tables[table].primary_key)
    numeric = [c for c in columns if index.column(c.table, c.column).family.is_numeric]
    if not keys or not numeric or not _orders_shown(parts):
        return
    name = next((c for c in columns if c not in numeric), None)
    split = name or keys[0]
    label = column_label(split, index)
    rest = tuple(k for k in keys if k != split)
    parts.dimensions = [Dimension(column=split, keys=rest, label=label)]
    parts.measures = [_measure(column, index) for column in numeric]
    parts.outputs = [_output(column, numeric) for column in columns]
    parts.order = [_ordered(order, numeric) for order in parts.order]
    parts.columns = []


def _orders_shown(parts: Parts) -> bool:
    return all(order.column in parts.columns for order in parts.order)


def _measure(column: ColumnReference, index: SchemaIndex) -> Measure:
    entry = index.column(column.table, column.column)
    function = MeasureFunction.SUM if entry.additive else MeasureFunction.MAXIMUM
    return Measure(
        function=function, column=column, label=column_label(column, index), unit=entry.unit
    )


def _output(column: ColumnReference, numeric: list[ColumnReference]) -> Output:
    if column in numeric:
        return Output(kind="measure", index=numeric.index(column), name=column.column)
    return Output(kind="dimension", index=0, name=column.column)


def _ordered(order: Order, numeric: list[ColumnReference]) -> Order:
    if order.column in numeric:
        place = numeric.index(order.column)
        return Order(by="measure", index=place, descending=order.descending)
    return Order(by="dimension", descending=order.descending)
