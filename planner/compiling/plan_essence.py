"""What a plan means, apart from labels and wording: two plans of one essence ask the same."""

from collections.abc import Sequence
from datetime import timedelta

from domain.column_type import TypeFamily
from domain.dictionary import Cell
from domain.plan import (
    AllOf,
    AnyOf,
    CalendarPart,
    ColumnReference,
    Condition,
    Dimension,
    Filter,
    Having,
    Measure,
    MeasureFunction,
    Membership,
    Operator,
    Order,
    Period,
    Plan,
)
from planner.compiling.agreed_measures import as_figure
from planner.compiling.layered_select import flat
from planner.compiling.sql_values import day_of
from planner.compiling.tie_breaks import without_tie_breaks
from planner.reading.plan_parts import any_of, bounds_of_period
from planner.reading.year_conditions import date_in_years
from planner.schema.schema import Schema

_STARTS = (Operator.GREATER_OR_EQUAL, Operator.GREATER)
_ENDS = (Operator.LESS, Operator.LESS_OR_EQUAL)
_TEXTUAL = (Operator.CONTAINS, Operator.NOT_CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH)
_SETS = (Operator.IN, Operator.NOT_IN)


def with_period(plan: Plan, schema: Schema) -> Plan:
    """Returns the plan with bounds on one date told as its period."""
    if plan.period is not None:
        return plan
    conditions = [c for whole in plan.conditions for c in _in_bounds(whole, schema)]
    dated = [c for c in conditions if isinstance(c, Filter) and _is_bound(c, schema)]
    columns = list(dict.fromkeys(c.column for c in dated))
    if len(columns) != 1 or len(dated) > 2:
        return plan
    start = next((day_of(c.values[0]) for c in dated if c.operator in _STARTS), None)
    end = next((day_of(c.values[0]) for c in dated if c.operator in _ENDS), None)
    if len(dated) != (start is not None) + (end is not None):
        return plan
    label = " to ".join(str(day) for day in (start, end) if day is not None)
    period = Period(column=columns[0], start=start, end=end, label=label)
    kept = tuple(c for c in conditions if c not in dated)
    return plan.model_copy(update={"conditions": kept, "period": period})


def _in_bounds(condition: Condition, schema: Schema) -> list[Condition]:
    """Parts that must all hold; a year of a date and an inclusive end become plain bounds."""
    if isinstance(condition, AllOf):
        return [c for part in condition.conditions for c in _in_bounds(part, schema)]
    if not isinstance(condition, Filter) or condition.benchmark or condition.other:
        return [condition]
    if not schema.column(condition.column.table, condition.column.column).family.is_temporal:
        return [condition]
    if condition.part is CalendarPart.YEAR and all(isinstance(v, int) for v in condition.values):
        found = date_in_years(condition.column, condition.operator, condition.values)
        return _in_bounds(found, schema) if isinstance(found, AllOf | Filter) else [condition]
    return _exclusive(condition)


def _exclusive(condition: Filter) -> list[Condition]:
    days = [day for value in condition.values if (day := day_of(value)) is not None]
    if condition.part is not None or not days or len(days) < len(condition.values):
        return [condition]
    first, last = days[0], days[-1]
    after = str(last + timedelta(days=1))
    start = condition.model_copy(
        update={"operator": Operator.GREATER_OR_EQUAL, "values": (str(first),)}
    )
    end = condition.model_copy(update={"operator": Operator.LESS, "values": (after,)})
    bounds: dict[Operator, list[Condition]] = {
        Operator.BETWEEN: [start, end],
        Operator.LESS_OR_EQUAL: [end],
        Operator.GREATER: [start.model_copy(update={"values": (after,)})],
    }
    return bounds.get(condition.operator, [condition])


def _is_bound(condition: Filter, schema: Schema) -> bool:
    family = schema.column(condition.column.table, condition.column.column).family
    plain = condition.benchmark is None and condition.other is None and condition.part is None
    bound = condition.operator in (*_STARTS, *_ENDS)
    return plain and bound and family.is_temporal and day_of(condition.values[0]) is not None


def essence(plan: Plan, schema: Schema) -> Plan:
    """Returns the plan without labels, names and hidden measures, its parts in a fixed order."""
    plan = _without_hull(without_tie_breaks(plan, schema))
    told = plan.model_copy(update={"conditions": _all_conditions(plan, schema), "period": None})
    used = {o.index for o in told.outputs if o.kind == "measure"}
    used |= {o.index for o in told.order if o.by == "measure"}
    used |= {h.measure_index for h in told.having}
    measures = {index: _measure(told.measures[index], told.table, schema) for index in used}
    kept = sorted(dict.fromkeys(measures.values()), key=str)
    conditions = [_condition(c, schema) for c in told.conditions]
    groups = _groups(told)
    combination = told.combination
    return Plan(
        table="",
        measures=tuple(kept),
        dimensions=tuple(groups),
        columns=tuple(sorted(dict.fromkeys(told.columns), key=str)) if not groups else (),
        distinct=told.distinct,
        conditions=tuple(sorted(dict.fromkeys(conditions), key=str)),
        having=tuple(
            sorted(
                (_having(h, kept.index(measures[h.measure_index]), schema) for h in told.having),
                key=str,
            )
        ),
        order=tuple(_order(o, told, kept, measures) for o in told.order),
        limit=told.limit,
        skip=told.skip,
        limit_per_group=told.limit_per_group,
        combination=combination.model_copy(update={"plan": essence(combination.plan, schema)})
        if combination is not None
        else None,
    )


def _without_hull(plan: Plan) -> Plan:
    """A period around those of all the figures keeps no row from them."""
    period = plan.period
    leaves = [leaf for measure in plan.measures for leaf in _leaves(measure)]
    own = [_flat((leaf.condition,)) if leaf.condition is not None else [] for leaf in leaves]
    if period is None or not leaves or not all(_is_within(c, period) for c in own):
        return plan
    return plan.model_copy(update={"period": None})


def _is_within(conditions: list[Condition], period: Period) -> bool:
    bounds = [c for c in conditions if isinstance(c, Filter) and c.column == period.column]
    starts = [day_of(c.values[0]) for c in bounds if c.operator is Operator.GREATER_OR_EQUAL]
    ends = [day_of(c.values[0]) for c in bounds if c.operator is Operator.LESS]
    after = period.start is None or any(day and day >= period.start for day in starts)
    return after and (period.end is None or any(day and day <= period.end for day in ends))


def _leaves(measure: Measure) -> list[Measure]:
    parts = [part for part in (measure.numerator, measure.denominator) if part is not None]
    return [leaf for part in parts for leaf in _leaves(part)] or [measure]


def _measure(measure: Measure, base: str, schema: Schema) -> Measure:
    measure = as_figure(measure, schema)
    named = (
        ("numerator", measure.numerator),
        ("denominator", measure.denominator),
        ("of", measure.of),
    )
    parts: dict[str, object] = {
        name: _measure(part, base, schema) if part is not None else None for name, part in named
    }
    parts["per"] = _plain(flat(measure.per))
    function, column, table = measure.function, measure.column, measure.table
    if function is MeasureFunction.COUNT and column is None:
        table = table or base
    elif column is not None or measure.of is not None or measure.numerator is not None:
        table = None
        if (
            column is not None
            and function is MeasureFunction.COUNT_DISTINCT
            and [column.column] == schema.tables[column.table].primary_key
        ):
            function, table, column = MeasureFunction.COUNT, column.table, None
    condition = _condition(measure.condition, schema) if measure.condition is not None else None
    update = {"label": "", "unit": "", "function": function, "column": column, "table": table}
    return measure.model_copy(update={**update, **parts, "condition": condition})


def _having(having: Having, index: int, schema: Schema) -> Having:
    benchmark = having.benchmark
    if benchmark is not None:
        parts = {_condition(c, schema) for c in _flat(benchmark.conditions)}
        inner = tuple(sorted(parts, key=str))
        benchmark = benchmark.model_copy(update={"conditions": inner})
    return having.model_copy(update={"measure_index": index, "benchmark": benchmark})


def _groups(plan: Plan) -> list[Dimension]:
    return list(_plain(flat(plan.dimensions)))


def _plain(dimensions: Sequence[Dimension]) -> tuple[Dimension, ...]:
    found = [d.model_copy(update={"label": ""}) for d in dimensions]
    return tuple(sorted(dict.fromkeys(found), key=str))


def _all_conditions(plan: Plan, schema: Schema) -> tuple[Condition, ...]:
    """Every condition on rows as plain bounds, those of the period too."""
    period = plan.period
    bounds: list[Condition] = []
    if period is not None:
        bounds = bounds_of_period(period) if _is_dated(period, schema) else _years(period)
    return tuple(b for c in (*plan.conditions, *bounds) for b in _in_bounds(c, schema))


def _flat(conditions: tuple[Condition, ...]) -> list[Condition]:
    found: list[Condition] = []
    for condition in conditions:
        found += _flat(condition.conditions) if isinstance(condition, AllOf) else [condition]
    return found


def _condition(condition: Condition, schema: Schema) -> Condition:
    if isinstance(condition, Filter):
        return _filter(condition, schema)
    inner = (
        _flat(condition.conditions) if not isinstance(condition, AnyOf) else condition.conditions
    )
    parts = tuple(sorted({_condition(c, schema) for c in inner}, key=str))
    if isinstance(condition, AnyOf) and len(parts) > 1:
        joined = any_of(list(parts))
        return _filter(joined, schema) if isinstance(joined, Filter) else joined
    if isinstance(condition, Membership) or len(parts) > 1:
        return condition.model_copy(update={"conditions": parts})
    return parts[0]


def _filter(condition: Filter, schema: Schema) -> Filter:
    family = schema.column(condition.column.table, condition.column.column).family
    if condition.part is not None:
        family = TypeFamily.INTEGER
    values = tuple(_value(v, family) for v in condition.values)
    operator = condition.operator
    if operator in _SETS:
        values = tuple(sorted(dict.fromkeys(values), key=str))
        if len(values) == 1:
            operator = Operator.EQUAL if operator is Operator.IN else Operator.NOT_EQUAL
    if operator in _TEXTUAL:
        values = tuple(str(value).lower() for value in values)
    benchmark = condition.benchmark
    if benchmark is not None:
        inner = tuple(sorted((_condition(c, schema) for c in benchmark.conditions), key=str))
        benchmark = benchmark.model_copy(update={"conditions": inner})
    update = {"values": values, "operator": operator, "benchmark": benchmark}
    return condition.model_copy(update=update)


def _value(value: Cell, family: TypeFamily) -> Cell:
    if value is None or isinstance(value, bool):
        return value
    if family.is_numeric:
        return float(value)
    return str(value)


def _is_dated(period: Period, schema: Schema) -> bool:
    family = schema.column(period.column.table, period.column.column).family
    return family is not TypeFamily.INTEGER


def _years(period: Period) -> list[Condition]:
    start, end = period.start, period.end
    if start is not None and end is not None and end.year == start.year + 1:
        return [_year(period.column, Operator.EQUAL, start.year)]
    bounds: list[Condition] = []
    if start is not None:
        bounds.append(_year(period.column, Operator.GREATER_OR_EQUAL, start.year))
    if end is not None:
        bounds.append(_year(period.column, Operator.LESS, end.year))
    return bounds


def _year(column: ColumnReference, operator: Operator, year: int) -> Filter:
    return Filter(column=column, operator=operator, values=(float(year),))


def _order(order: Order, plan: Plan, kept: list[Measure], measures: dict[int, Measure]) -> Order:
    if order.by == "measure":
        return order.model_copy(update={"index": kept.index(measures[order.index])})
    if order.by == "dimension":
        column = plan.dimensions[order.index].column
    else:
        column = order.column or plan.columns[order.index]
    return Order(by="column", column=column, descending=order.descending)
