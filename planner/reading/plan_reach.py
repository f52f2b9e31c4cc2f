"""Which tables and columns a plan and its parts read."""

from domain.plan import (
    AllOf,
    AnyOf,
    Condition,
    Measure,
    Membership,
    Plan,
)


def plan_tables(plan: Plan) -> list[str]:
    """Tables that a plan reads, memberships included."""
    found = [plan.table, *(c.table for c in plan.columns), *plan.joined]
    for dimension in plan.dimensions:
        found += [dimension.column.table, *(k.table for k in dimension.keys)]
    found += [t for m in plan.measures for t in measure_tables(m)]
    found += [o.column.table for o in plan.order if o.column is not None]
    found += [t for c in plan.conditions for t in deep_tables(c)]
    if plan.period is not None:
        found.append(plan.period.column.table)
    return list(dict.fromkeys(found))


def measure_tables(measure: Measure) -> list[str]:
    """Tables that a measure reads: of its rows, its condition and its parts."""
    own = measure.column.table if measure.column is not None else measure.table
    found = [own] if own is not None else []
    found += deep_tables(measure.condition) if measure.condition is not None else []
    for part in (measure.numerator, measure.denominator, measure.of):
        found += measure_tables(part) if part is not None else []
    return [*found, *(d.column.table for d in measure.per)]


def plan_columns(plan: Plan) -> set[tuple[str, str]]:
    """Columns that a plan shows, splits by, compares, measures or sorts by."""
    found = {(c.table, c.column) for c in plan.columns}
    for dimension in plan.dimensions:
        found |= {(c.table, c.column) for c in (dimension.column, *dimension.keys)}
    for measure in plan.measures:
        found |= measure_columns(measure)
    found |= {(o.column.table, o.column.column) for o in plan.order if o.column is not None}
    compared = [c for h in plan.having if h.benchmark is not None for c in h.benchmark.conditions]
    for condition in (*plan.conditions, *compared):
        found |= condition_columns(condition)
    if plan.period is not None:
        found.add((plan.period.column.table, plan.period.column.column))
    if plan.combination is not None:
        found |= plan_columns(plan.combination.plan)
    return found


def measure_columns(measure: Measure) -> set[tuple[str, str]]:
    """Columns that a measure reads."""
    found = {(measure.column.table, measure.column.column)} if measure.column else set()
    if measure.condition is not None:
        found |= condition_columns(measure.condition)
    for part in (measure.numerator, measure.denominator, measure.of):
        found |= measure_columns(part) if part is not None else set()
    found |= {(d.column.table, d.column.column) for d in measure.per}
    return found


def condition_columns(condition: Condition) -> set[tuple[str, str]]:
    """Columns that a condition compares, those inside memberships too."""
    if isinstance(condition, AnyOf | AllOf):
        return {c for part in condition.conditions for c in condition_columns(part)}
    if isinstance(condition, Membership):
        counted = [condition.counted] if condition.counted is not None else []
        columns = (*condition.columns, *condition.other_columns, *counted)
        linked = {(c.table, c.column) for c in columns}
        return linked | {c for part in condition.conditions for c in condition_columns(part)}
    found = {(condition.column.table, condition.column.column)}
    if condition.other is not None:
        found.add((condition.other.table, condition.other.column))
    if condition.benchmark is not None:
        benchmark = condition.benchmark
        found.add((benchmark.column.table, benchmark.column.column))
        found |= {c for part in benchmark.conditions for c in condition_columns(part)}
    return found


def tables_of(condition: Condition) -> list[str]:
    """Tables whose columns a condition compares here."""
    if isinstance(condition, AnyOf | AllOf):
        return list(dict.fromkeys(t for c in condition.conditions for t in tables_of(c)))
    if isinstance(condition, Membership):
        return [condition.columns[0].table]
    return [condition.column.table]


def deep_tables(condition: Condition) -> list[str]:
    """Tables that a condition reads, memberships included."""
    if isinstance(condition, Membership):
        return [condition.table, *(t for c in condition.conditions for t in deep_tables(c))]
    if isinstance(condition, AnyOf | AllOf):
        return list(dict.fromkeys(t for c in condition.conditions for t in deep_tables(c)))
    return tables_of(condition)
