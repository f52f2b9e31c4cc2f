"""A plan in the making, and small tests on conditions and names."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.plan import (
    AllOf,
    AnyOf,
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
    Output,
    Period,
    Plan,
)
from planner.calendar_words import Span
from planner.names import name_words
from planner.reading import (
    Predicate,
)

LATER_HOME = 0.05

NO_WAY = 90.0

MOSTLY = 0.95

CALENDAR_WORDS = {"year", "quarter", "month", "week", "day", "hour"}

ORDERED = (
    Operator.LESS,
    Operator.GREATER,
    Operator.BETWEEN,
    Operator.LESS_OR_EQUAL,
    Operator.GREATER_OR_EQUAL,
)


@dataclass
class Parts:
    """A plan in the making."""

    base: str
    measures: list[Measure] = field(default_factory=list)
    dimensions: list[Dimension] = field(default_factory=list)
    columns: list[ColumnReference] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    having: list[Having] = field(default_factory=list)
    order: list[Order] = field(default_factory=list)
    limit: int | None = None
    skip: int = 0
    distinct: bool = False
    per_group: bool = False
    period: Period | None = None
    joined: list[str] = field(default_factory=list)


DATE_WORDS = frozenset({"date", "day", "month", "time", "year"})


def plan_tables(plan: Plan) -> list[str]:
    """Tables that a plan reads, memberships included."""
    found = [plan.table, *(c.table for c in plan.columns), *plan.joined]
    for dimension in plan.dimensions:
        found += [dimension.column.table, *(k.table for k in dimension.keys)]
    found += [t for m in plan.measures for t in measure_tables(m)]
    found += [t for m in plan.measures for t in measured_tables(m)]
    found += [o.column.table for o in plan.order if o.column is not None]
    found += [t for c in plan.conditions for t in deep_tables(c)]
    if plan.period is not None:
        found.append(plan.period.column.table)
    return list(dict.fromkeys(found))


def measured_tables(measure: Measure) -> list[str]:
    """Tables that the conditions of a measure read."""
    found = deep_tables(measure.condition) if measure.condition is not None else []
    for part in (measure.numerator, measure.denominator):
        found += measured_tables(part) if part is not None else []
    return found


def measure_tables(measure: Measure) -> list[str]:
    """Tables whose rows a measure reads."""
    own = measure.column.table if measure.column is not None else measure.table
    inner = measure_tables(measure.of) if measure.of is not None else []
    return [*([own] if own is not None else []), *inner, *(d.column.table for d in measure.per)]


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
        linked = {(c.table, c.column) for c in (*condition.columns, *condition.other_columns)}
        return linked | {c for part in condition.conditions for c in condition_columns(part)}
    found = {(condition.column.table, condition.column.column)}
    if condition.other is not None:
        found.add((condition.other.table, condition.other.column))
    if condition.benchmark is not None:
        benchmark = condition.benchmark
        found.add((benchmark.column.table, benchmark.column.column))
        found |= {c for part in benchmark.conditions for c in condition_columns(part)}
    return found


def bounds_of(column: ColumnReference, span: Span) -> Iterator[Filter]:
    """The conditions that keep a column within a period."""
    ends = ((Operator.GREATER_OR_EQUAL, span.start), (Operator.LESS, span.end))
    for operator, day in ends:
        if day is not None:
            yield Filter(column=column, operator=operator, values=(str(day),))


def part_of_rows(counted: Measure, condition: Condition, label: str) -> Measure:
    """The rows that pass a condition, of all that are counted."""
    whole = counted.model_copy(update={"is_share": False, "label": "all"})
    some = whole.model_copy(update={"condition": condition, "label": "part"})
    return Measure(
        function=MeasureFunction.RATIO,
        table=counted.column.table if counted.column is not None else counted.table,
        numerator=some,
        denominator=whole,
        label=label,
    )


def excludes(first: Condition, second: Condition) -> bool:
    """True where both conditions on one column cannot hold, or the second adds nothing."""
    if not isinstance(first, Filter) or not isinstance(second, Filter):
        return False
    plain = first.benchmark is None and second.benchmark is None and first.values and second.values
    if first.column != second.column or not plain:
        return False
    low, high = first.values[0], second.values[0]
    if first.operator is Operator.EQUAL:
        return second.operator in (Operator.EQUAL, Operator.NOT_EQUAL) and low != high
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return False
    upper = (Operator.GREATER, Operator.GREATER_OR_EQUAL)
    lower = (Operator.LESS, Operator.LESS_OR_EQUAL)
    if first.operator in upper and second.operator in lower:
        return low >= high
    return first.operator in lower and second.operator in upper and low <= high


def signed(predicate: Predicate) -> Operator:
    """The operator, or its opposite where the condition is denied."""
    opposite = {Operator.EQUAL: Operator.NOT_EQUAL, Operator.CONTAINS: Operator.NOT_CONTAINS}
    return (
        opposite.get(predicate.operator, predicate.operator)
        if predicate.negated
        else predicate.operator
    )


def mirrored(operator: Operator) -> Operator:
    """The same comparison on a column that runs the other way."""
    return {
        Operator.LESS: Operator.GREATER,
        Operator.GREATER: Operator.LESS,
        Operator.LESS_OR_EQUAL: Operator.GREATER_OR_EQUAL,
        Operator.GREATER_OR_EQUAL: Operator.LESS_OR_EQUAL,
    }.get(operator, operator)


def positive(condition: Filter) -> Filter:
    """The filter that a denied filter denies."""
    operator = Operator.EQUAL if condition.operator is Operator.NOT_EQUAL else Operator.IN
    return condition.model_copy(update={"operator": operator})


def any_of(conditions: list[Condition]) -> Condition:
    """Joins conditions by OR: one filter with several values where they compare one column."""
    if len(conditions) == 1:
        return conditions[0]
    filters = [c for c in conditions if isinstance(c, Filter)]
    first = filters[0] if filters else None
    same = (
        len(filters) == len(conditions)
        and first is not None
        and all(
            f.column == first.column
            and f.operator is Operator.EQUAL
            and f.part == first.part
            and f.benchmark is None
            and f.other is None
            for f in filters
        )
    )
    if same and first is not None:
        values = tuple(v for f in filters for v in f.values)
        return first.model_copy(update={"operator": Operator.IN, "values": values})
    return AnyOf(conditions=tuple(conditions))


def together(conditions: list[Condition]) -> list[Condition]:
    """`watched Hindi drama`: what is said of rows elsewhere is said of the same rows."""
    kept: list[Condition] = []
    for condition in conditions:
        host = next((n for n, c in enumerate(kept) if _same_rows(c, condition)), None)
        first = kept[host] if host is not None else None
        if host is None or not isinstance(first, Membership):
            kept.append(condition)
        elif isinstance(condition, Membership):
            joined = together([*first.conditions, *condition.conditions])
            kept[host] = first.model_copy(update={"conditions": tuple(joined)})
    return kept


def _same_rows(one: Condition, other: Condition) -> bool:
    if not isinstance(one, Membership) or not isinstance(other, Membership):
        return False
    ways = [(c.columns, c.table, c.other_columns) for c in (one, other)]
    plain = bool(one.conditions and other.conditions) and not (one.negated or other.negated)
    plain = plain and one.operator is None and other.operator is None
    contrary = any(excludes(a, b) for a in one.conditions for b in other.conditions)
    return plain and ways[0] == ways[1] and not contrary


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


def words(name: str) -> str:
    """A name as words."""
    return " ".join(name_words(name)) or name


def snake(label: str) -> str:
    """A label as a name of a result column."""
    return "_".join(label.lower().split())


def unique_names(outputs: list[Output]) -> tuple[Output, ...]:
    """Outputs with a number behind names that come twice."""
    seen: dict[str, int] = {}
    unique: list[Output] = []
    for output in outputs:
        key = output.name.lower()
        seen[key] = seen.get(key, 0) + 1
        name = output.name if seen[key] == 1 else f"{output.name}_{seen[key]}"
        unique.append(output.model_copy(update={"name": name}))
    return tuple(unique)


def not_found(words: list[str]) -> str:
    """Says which words found no place."""
    quoted = ", ".join(f"“{word}”" for word in words[:5])
    return f"I could not place {quoted} in the data."
