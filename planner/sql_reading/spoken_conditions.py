"""Says conditions in the dictionary's words: `app is Instagram`, `has no sessions`."""

import calendar

from domain.dictionary import Cell, Dictionary
from domain.plan import (
    AllOf,
    AnyOf,
    CalendarPart,
    ColumnReference,
    Condition,
    Filter,
    Membership,
    Operator,
)
from planner.language.number_text import quantity
from planner.reading.plan_parts import opposite
from planner.schema.labels import column_label, rows_label
from planner.schema.schema import Schema

_SPOKEN = {
    Operator.EQUAL: "is",
    Operator.NOT_EQUAL: "is not",
    Operator.LESS: "below",
    Operator.LESS_OR_EQUAL: "at most",
    Operator.GREATER: "above",
    Operator.GREATER_OR_EQUAL: "at least",
    Operator.IN: "is one of",
    Operator.NOT_IN: "is none of",
    Operator.BETWEEN: "between",
    Operator.NOT_BETWEEN: "not between",
    Operator.NOT_CONTAINS: "does not contain",
    Operator.IS_NULL: "is unknown",
    Operator.IS_NOT_NULL: "is known",
}
_NAMING = (Operator.EQUAL, Operator.NOT_EQUAL, Operator.IN, Operator.NOT_IN)
_LISTS = (Operator.IN, Operator.NOT_IN)


def spoken_operator(operator: Operator) -> str:
    """Says a comparison in words."""
    return _SPOKEN.get(operator, operator.value)


def spoken(condition: Condition, index: Schema) -> str:
    """Says a condition in words."""
    if isinstance(condition, AnyOf):
        return " or ".join(spoken(c, index) for c in condition.conditions)
    if isinstance(condition, AllOf):
        return " and ".join(spoken(c, index) for c in condition.conditions)
    if isinstance(condition, Membership):
        inner = " and ".join(_spoken_within(c, index) for c in condition.conditions)
        rows = rows_label(index.tables[condition.table])
        if condition.operator is not None and condition.counted is not None:
            rows = f"different {column_label(condition.counted, index)} values of {rows}"
        if condition.operator is not None:
            told = opposite(condition.operator) if condition.negated else condition.operator
            many = f"{spoken_operator(told)} {condition.count:g}"
            return f"number of {rows}{f' where {inner}' if inner else ''} {many}"
        return f"has {'no ' if condition.negated else ''}{rows}{f' where {inner}' if inner else ''}"
    return _spoken_filter(condition, index)


def _spoken_filter(condition: Filter, index: Schema) -> str:
    label = column_label(condition.column, index)
    if condition.part is not None:
        label = f"{condition.part.value.replace('_', ' ')} of {label}"
    text = f"{label} {spoken_operator(_plain(condition))}"
    if condition.benchmark is not None:
        column = column_label(condition.benchmark.column, index)
        return f"{text} the {condition.benchmark.function.value} {column}"
    if condition.other is not None:
        return f"{text} {column_label(condition.other, index)}"
    join = ", " if condition.operator in _LISTS else " and "
    return f"{text} {join.join(_value(condition, v, index) for v in condition.values)}".strip()


def _plain(condition: Filter) -> Operator:
    """One value alone is no list."""
    alone = {Operator.IN: Operator.EQUAL, Operator.NOT_IN: Operator.NOT_EQUAL}
    is_alone = condition.part is not None and len(condition.values) == 1
    return alone.get(condition.operator, condition.operator) if is_alone else condition.operator


def part_words(part: CalendarPart, value: Cell) -> str:
    """Says a part of the calendar: `Sunday` for the seventh day of the week."""
    if part is CalendarPart.DAY_OF_WEEK and isinstance(value, int):
        return calendar.day_name[value - 1]
    if part is CalendarPart.MONTH_OF_YEAR and isinstance(value, int):
        return calendar.month_name[value]
    return str(value)


def _value(condition: Filter, value: Cell, index: Schema) -> str:
    if condition.part is not None:
        return part_words(condition.part, value)
    entry = index.column(condition.column.table, condition.column.column)
    is_amount = isinstance(value, int | float) and condition.operator not in _NAMING
    if is_amount and entry.unit:
        return quantity(value, entry.unit)
    return value_words(condition.column, value, index.dictionary)


def _spoken_within(condition: Condition, index: Schema) -> str:
    """Of the one row that a row refers to, only what is asked of it: `app is Instagram`."""
    if not isinstance(condition, Membership) or condition.negated or not condition.conditions:
        return spoken(condition, index)
    key = index.tables[condition.table].primary_key
    if key != [column.column for column in condition.other_columns]:
        return spoken(condition, index)
    return " and ".join(_spoken_within(c, index) for c in condition.conditions)


def value_words(column: ColumnReference, value: Cell, dictionary: Dictionary) -> str:
    """Returns a stored value in words, as the dictionary has it."""
    table = dictionary.table(column.table)
    entry = table.column(column.column) if table is not None else None
    return (entry.value_labels if entry is not None else {}).get(str(value), str(value))


def label_of_part(label: str, condition: Condition, index: Schema) -> str:
    """Names a share by what its rows have in common; figures of the question are left out."""
    text = spoken(condition, index)
    return label if any(character.isdigit() for character in text) else f"{label} where {text}"
