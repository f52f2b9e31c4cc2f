"""A date compared with a bare year: `joined before 2025` is a bound on the date itself."""

from collections.abc import Iterator

from domain.dictionary import Cell
from domain.plan import AllOf, AnyOf, ColumnReference, Condition, Filter, Operator
from planner.language.calendar_words import Span
from planner.reading.grammar_words import looks_like_year


def are_years(values: tuple[Cell, ...]) -> bool:
    """True where every value may be a year."""
    return bool(values) and all(looks_like_year(value) for value in values)


def bounds_in_years(column: ColumnReference, span: Span) -> Iterator[Filter]:
    """The conditions that keep a column of years within a period of whole years."""
    ends = ((Operator.GREATER_OR_EQUAL, span.start), (Operator.LESS, span.end))
    for operator, day in ends:
        if day is not None:
            yield Filter(column=column, operator=operator, values=(day.year,))


def date_in_years(
    column: ColumnReference, operator: Operator, values: tuple[Cell, ...]
) -> Condition | None:
    """Returns bounds that partitions and indexes serve; None for what years cannot say."""
    first, last = int(str(values[0])), int(str(values[-1]))
    starts, ends = f"{first}-01-01", f"{last + 1}-01-01"
    from_start = Filter(column=column, operator=Operator.GREATER_OR_EQUAL, values=(starts,))
    before_end = Filter(column=column, operator=Operator.LESS, values=(ends,))
    outside = (
        Filter(column=column, operator=Operator.LESS, values=(starts,)),
        Filter(column=column, operator=Operator.GREATER_OR_EQUAL, values=(ends,)),
    )
    conditions: dict[Operator, Condition] = {
        Operator.EQUAL: AllOf(conditions=(from_start, before_end)),
        Operator.BETWEEN: AllOf(conditions=(from_start, before_end)),
        Operator.NOT_EQUAL: AnyOf(conditions=outside),
        Operator.NOT_BETWEEN: AnyOf(conditions=outside),
        Operator.LESS: outside[0],
        Operator.LESS_OR_EQUAL: before_end,
        Operator.GREATER: outside[1],
        Operator.GREATER_OR_EQUAL: from_start,
    }
    return conditions.get(operator)
