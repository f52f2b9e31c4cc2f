"""How the question was read, in plain words: the chips on the receipt."""

from collections.abc import Iterator

from domain.draft import Assumption
from domain.plan import AllOf, AnyOf, ColumnReference, Condition, Filter, Membership, Operator, Plan
from planner.schema_index import SchemaIndex, name_words

_SPOKEN = {
    Operator.EQUAL: "is",
    Operator.NOT_EQUAL: "is not",
    Operator.IN: "is one of",
    Operator.NOT_IN: "is none of",
    Operator.IS_NULL: "is unknown",
    Operator.IS_NOT_NULL: "is known",
}


def assumptions_of(plan: Plan, index: SchemaIndex) -> tuple[Assumption, ...]:
    """Returns one chip for each measure, dimension, condition, period, order and limit."""
    return tuple(_chips(plan, index))


def _chips(plan: Plan, index: SchemaIndex) -> Iterator[Assumption]:
    for measure in plan.measures:
        yield Assumption(kind="measure", text=measure.label)
    for dimension in plan.dimensions:
        yield Assumption(kind="dimension", text=f"by {dimension.label}")
    for condition in plan.conditions:
        yield Assumption(kind="filter", text=spoken(condition))
    for having in plan.having:
        text = f"{plan.measures[having.measure_index].label} {having.operator.value} "
        yield Assumption(kind="filter", text=text + " and ".join(str(v) for v in having.values))
    if plan.period is not None:
        yield Assumption(kind="period", text=f"{_words(plan.period.column)} {_period(plan)}")
    for order in plan.order:
        direction = "highest first" if order.descending else "lowest first"
        yield Assumption(
            kind="order",
            text=f"by {_order_name(plan, order.by, order.index, order.column)}, {direction}",
        )
    if plan.limit is not None:
        each = " in each group" if plan.limit_per_group else ""
        yield Assumption(
            kind="limit",
            text=f"first {plan.limit}{each}" if plan.limit > 1 else f"only the first{each}",
        )
    if plan.combination is not None:
        yield Assumption(
            kind="filter", text=f"{plan.combination.operation} with a second set of conditions"
        )
        for condition in plan.combination.plan.conditions[-1:]:
            yield Assumption(kind="filter", text=f"and also {spoken(condition)}")


def _period(plan: Plan) -> str:
    if plan.period is None:
        return ""
    if plan.period.start is None:
        return f"before {plan.period.end}"
    if plan.period.end is None:
        return f"from {plan.period.start}"
    return f"from {plan.period.start} up to, not including, {plan.period.end}"


def _order_name(plan: Plan, by: str, index: int, column: ColumnReference | None) -> str:
    if by == "measure":
        return plan.measures[index].label
    if by == "dimension":
        return plan.dimensions[index].label
    return _words(column or plan.columns[index])


def _words(column: ColumnReference) -> str:
    return " ".join(name_words(column.column)) or column.column


def spoken(condition: Condition) -> str:
    """Says a condition in words."""
    if isinstance(condition, AnyOf):
        return " or ".join(spoken(c) for c in condition.conditions)
    if isinstance(condition, AllOf):
        return " and ".join(spoken(c) for c in condition.conditions)
    if isinstance(condition, Membership):
        inner = " and ".join(spoken(c) for c in condition.conditions)
        return f"has {'no ' if condition.negated else ''}{condition.table.replace('_', ' ')}" + (
            f" where {inner}" if inner else ""
        )
    return _spoken_filter(condition)


def _spoken_filter(condition: Filter) -> str:
    text = f"{_words(condition.column)} {_SPOKEN.get(condition.operator, condition.operator.value)}"
    if condition.benchmark is not None:
        return (
            f"{text} the {condition.benchmark.function.value} {_words(condition.benchmark.column)}"
        )
    if condition.other is not None:
        return f"{text} {_words(condition.other)}"
    return f"{text} {' and '.join(str(v) for v in condition.values)}".strip()
