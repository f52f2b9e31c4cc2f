"""What a cut order is decided by where rows are alike, so that one question has one answer."""

from domain.plan import ColumnReference, Order, Plan
from planner.schema.schema import Schema


def tie_breaks(plan: Plan, schema: Schema) -> tuple[Order, ...]:
    """Returns what is sorted by behind the plan's own order; nothing where no row is cut.

    Groups are told apart by their keys, different rows by what they show, rows by their key.
    """
    if plan.limit is None or not plan.order:
        return ()
    said = {_sorted_by(order, plan) for order in plan.order}
    return tuple(order for order in _telling_apart(plan, schema) if order not in said)


def without_tie_breaks(plan: Plan, schema: Schema) -> Plan:
    """Returns the plan without an order that only decides between rows that are alike."""
    for place in range(1, len(plan.order)):
        short = plan.model_copy(update={"order": plan.order[:place]})
        rest = tuple(_sorted_by(order, plan) for order in plan.order[place:])
        if rest == tie_breaks(short, schema):
            return short
    return plan


def _telling_apart(plan: Plan, schema: Schema) -> list[Order]:
    if plan.measures or plan.dimensions:
        return [
            order
            for index, dimension in enumerate(plan.dimensions)
            for order in (
                [_by(key) for key in dimension.keys] or [Order(by="dimension", index=index)]
            )
        ]
    if plan.distinct:
        return [_by(column) for column in plan.columns]
    key = schema.tables[plan.table].primary_key
    return [_by(ColumnReference(table=plan.table, column=name)) for name in key]


def _by(column: ColumnReference) -> Order:
    return Order(by="column", column=column)


def _sorted_by(order: Order, plan: Plan) -> Order:
    """The same order, whichever way it runs."""
    if order.by == "column":
        return _by(order.column or plan.columns[order.index])
    return order.model_copy(update={"descending": False})
