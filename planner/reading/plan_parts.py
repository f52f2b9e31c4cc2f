"""A plan in the making, and small tests on conditions and names."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.plan import (
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
)
from planner.language.calendar_words import Span
from planner.language.names import name_words
from planner.reading.reading import (
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


OPPOSITES = {
    Operator.EQUAL: Operator.NOT_EQUAL,
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.LESS: Operator.GREATER_OR_EQUAL,
    Operator.LESS_OR_EQUAL: Operator.GREATER,
    Operator.GREATER: Operator.LESS_OR_EQUAL,
    Operator.GREATER_OR_EQUAL: Operator.LESS,
    Operator.CONTAINS: Operator.NOT_CONTAINS,
    Operator.BETWEEN: Operator.NOT_BETWEEN,
    Operator.IN: Operator.NOT_IN,
    Operator.IS_NULL: Operator.IS_NOT_NULL,
}


@dataclass
class Parts:
    """A plan in the making."""

    base: str
    measures: list[Measure] = field(default_factory=list)
    dimensions: list[Dimension] = field(default_factory=list)
    columns: list[ColumnReference] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    absent: list[Condition] = field(default_factory=list)
    """No row that shares what is listed may pass these."""
    having: list[Having] = field(default_factory=list)
    order: list[Order] = field(default_factory=list)
    limit: int | None = None
    skip: int = 0
    distinct: bool = False
    per_group: bool = False
    period: Period | None = None
    joined: list[str] = field(default_factory=list)
    implied: set[str] = field(default_factory=set)
    """Tables that are named, and that every row refers to anyway."""


DATE_WORDS = frozenset({"date", "day", "month", "time", "year"})


def bounds_of(column: ColumnReference, span: Span) -> Iterator[Filter]:
    """The conditions that keep a column within a period."""
    ends = ((Operator.GREATER_OR_EQUAL, span.start), (Operator.LESS, span.end))
    for operator, day in ends:
        if day is not None:
            yield Filter(column=column, operator=operator, values=(str(day),))


def bounds_of_period(period: Period) -> list[Condition]:
    """The conditions that keep a column within a plan's period."""
    ends = ((Operator.GREATER_OR_EQUAL, period.start), (Operator.LESS, period.end))
    return [
        Filter(column=period.column, operator=operator, values=(str(day),))
        for operator, day in ends
        if day is not None
    ]


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
        unit="share",
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


def opposite(operator: Operator) -> Operator:
    """The comparison that holds where this one does not; itself where there is none."""
    return OPPOSITES.get(operator, operator)


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
