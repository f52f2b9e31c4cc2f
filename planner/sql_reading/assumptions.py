"""How the question was read, in plain words: the chips on the receipt."""

from collections.abc import Iterator

from domain.column_type import TypeFamily
from domain.draft import Assumption
from domain.plan import (
    ColumnReference,
    Having,
    Measure,
    MeasureFunction,
    Order,
    Plan,
)
from planner.language.names import name_words
from planner.language.number_text import quantity
from planner.language.period_words import dates_of
from planner.reading.plan_parts import CALENDAR_WORDS
from planner.schema.labels import column_label
from planner.schema.schema import Schema
from planner.sql_reading.spoken_conditions import spoken, spoken_operator


def assumptions_of(plan: Plan, index: Schema) -> tuple[Assumption, ...]:
    """Returns one chip for each measure, dimension, condition, period, order and limit."""
    return tuple(_chips(plan, index))


def _chips(plan: Plan, index: Schema) -> Iterator[Assumption]:
    for measure in plan.measures:
        yield Assumption(kind="measure", text=_measured(measure, index))
    for dimension in plan.dimensions:
        yield Assumption(kind="dimension", text=f"by {dimension.label}")
    for condition in plan.conditions:
        yield Assumption(kind="filter", text=spoken(condition, index))
    for having in plan.having:
        yield Assumption(kind="filter", text=_spoken_having(plan, having, index))
    if plan.period is not None:
        yield Assumption(kind="period", text=_period(plan, index))
    for order in plan.order:
        if not _is_natural(plan, order, index):
            yield Assumption(kind="order", text=_order(plan, order, index))
    yield from _limits(plan, index)


def _measured(measure: Measure, index: Schema) -> str:
    """Says a measure with what tells the part of a share; a label leaves out its figures."""
    part = measure.numerator.condition if measure.numerator is not None else None
    if measure.of is not None:
        each = " and ".join(dimension.label for dimension in measure.per)
        return f"{measure.label} (every {each} that has any)"
    is_share = measure.function is MeasureFunction.RATIO and part is not None
    if part is None or not is_share or " where " in measure.label:
        return measure.label
    return f"{measure.label} where {spoken(part, index)}"


def _limits(plan: Plan, index: Schema) -> Iterator[Assumption]:
    if plan.limit is not None:
        each = " in each group" if plan.limit_per_group else ""
        first = f"the first {plan.limit}" if plan.limit > 1 else "only the first"
        first = f"place {plan.skip + 1} alone" if plan.skip else first
        yield Assumption(kind="limit", text=f"{first}{each}")
    if plan.combination is not None:
        yield Assumption(
            kind="filter", text=f"{plan.combination.operation} with a second set of conditions"
        )
        for condition in plan.combination.plan.conditions[-1:]:
            yield Assumption(kind="filter", text=f"and also {spoken(condition, index)}")


def _spoken_having(plan: Plan, having: Having, index: Schema) -> str:
    measure, benchmark = plan.measures[having.measure_index], having.benchmark
    if benchmark is not None and benchmark.function is not None:
        groups = " and ".join(dimension.label for dimension in plan.dimensions)
        each = f"the {benchmark.function.value} over every {groups}"
        return f"{measure.label} {spoken_operator(having.operator)} {each}"
    if benchmark is not None:
        whose = " and ".join(spoken(condition, index) for condition in benchmark.conditions)
        return f"{measure.label} {spoken_operator(having.operator)} that where {whose}"
    values = " and ".join(quantity(value, measure.unit) for value in having.values)
    return f"{measure.label} {spoken_operator(having.operator)} {values}"


def _period(plan: Plan, index: Schema) -> str:
    """Returns `last month: 1 to 30 September 2026 (local date)`."""
    if plan.period is None:
        return ""
    dates = dates_of(plan.period)
    label, column = plan.period.label, column_label(plan.period.column, index)
    is_said = label.lower() in dates.lower()
    return f"{label} ({column})" if is_said else f"{label}: {dates} ({column})"


def _is_natural(plan: Plan, order: Order, index: Schema) -> bool:
    """True where groups of a calendar stand from early to late: nobody has to be told."""
    if order.by != "dimension" or order.descending:
        return False
    dimension = plan.dimensions[order.index]
    entry = index.column(dimension.column.table, dimension.column.column)
    calendar = set(name_words(entry.name)) & CALENDAR_WORDS
    return bool(dimension.grain or dimension.part or entry.family.is_temporal or calendar)


def _order(plan: Plan, order: Order, index: Schema) -> str:
    """Returns `highest total time first`; names run from A to Z, dates from early to late."""
    if order.by == "measure":
        extreme = "highest" if order.descending else "lowest"
        return f"{extreme} {plan.measures[order.index].label} first"
    column = order.column or _ordered_column(plan, order)
    family = index.column(column.table, column.column).family
    return f"by {column_label(column, index)}, {_direction(family, descending=order.descending)}"


def _ordered_column(plan: Plan, order: Order) -> ColumnReference:
    by_dimension = order.by == "dimension"
    return plan.dimensions[order.index].column if by_dimension else plan.columns[order.index]


def _direction(family: TypeFamily, *, descending: bool) -> str:
    if family.is_temporal:
        return "latest first" if descending else "earliest first"
    if family.is_numeric:
        return "highest first" if descending else "lowest first"
    return "Z to A" if descending else "A to Z"
