"""Says the values that an answer keeps to, such as ` for Delhi`."""

from domain.dictionary import Dictionary
from domain.plan import CalendarPart, Condition, Filter, Membership, Operator, Plan
from planner.reading.plan_parts import ORDERED
from planner.reading.plan_reach import plan_tables
from planner.schema.labels import column_label
from planner.schema.schema import Schema
from planner.sql_reading.spoken_conditions import (
    part_words,
    spoken,
    spoken_operator,
    value_words,
)
from planner.telling.schema_part import part_of

_TOLD = (
    Operator.NOT_EQUAL,
    Operator.NOT_IN,
    Operator.IS_NULL,
    Operator.IS_NOT_NULL,
    Operator.CONTAINS,
    Operator.NOT_CONTAINS,
    Operator.STARTS_WITH,
    Operator.ENDS_WITH,
)


def kept_values(plan: Plan | None, dictionary: Dictionary) -> str:
    """Returns ` for Delhi and Pune` where conditions name values; others are left unsaid."""
    values = [
        value_words(condition.column, value, dictionary)
        for condition in (plan.conditions if plan is not None else ())
        if isinstance(condition, Filter) and condition.operator in (Operator.EQUAL, Operator.IN)
        for value in condition.values
        if isinstance(value, str)
    ]
    return f" for {' and '.join(values)}" if values else ""


def kept_otherwise(plan: Plan | None, dictionary: Dictionary) -> str:
    """Returns ` with no sessions where app is X`; numbers are left to the receipt."""
    if plan is None or not plan.conditions:
        return ""
    schema = Schema(part_of(dictionary, plan_tables(plan)))
    found = [
        _as_clause(condition, schema)
        for condition in plan.conditions
        if not isinstance(condition, Filter)
        or condition.operator in _TOLD
        or _is_sign(condition)
        or condition.part is not None
    ]
    told = [text for text in found if not any(character.isdigit() for character in text)]
    return f" {' and '.join(told)}" if told else ""


def _as_clause(condition: Condition, schema: Schema) -> str:
    if isinstance(condition, Filter) and _is_sign(condition):
        side = spoken_operator(condition.operator)
        return f"where {column_label(condition.column, schema)} is {side} zero"
    if isinstance(condition, Filter) and condition.part is CalendarPart.DAY_OF_WEEK:
        return _on_days(condition)
    undated = _undated(condition, schema)
    dates = "" if undated == condition else " in the period asked about"
    text = f"{spoken(undated, schema)}{dates}"
    return f"with {text.removeprefix('has ')}" if text.startswith("has ") else f"where {text}"


def _undated(condition: Condition, schema: Schema) -> Condition:
    """Rows elsewhere without the days that they are of, which the receipt tells."""
    if not isinstance(condition, Membership):
        return condition
    kept = tuple(_undated(c, schema) for c in condition.conditions if not _is_bound(c, schema))
    return condition.model_copy(update={"conditions": kept})


def _is_bound(condition: Condition, schema: Schema) -> bool:
    if not isinstance(condition, Filter) or condition.operator not in ORDERED:
        return False
    return schema.column(condition.column.table, condition.column.column).family.is_temporal


def _on_days(condition: Filter) -> str:
    """`on Sundays`, `not on Saturdays and Sundays`."""
    days = [f"{part_words(CalendarPart.DAY_OF_WEEK, value)}s" for value in condition.values]
    denied = condition.operator in (Operator.NOT_EQUAL, Operator.NOT_IN)
    told = ", ".join(days[:-1]) + " and " + days[-1] if len(days) > 1 else days[0]
    return f"{'not ' if denied else ''}on {told}"


def _is_sign(condition: Filter) -> bool:
    """`late`, `early`: on one side of zero, which a word can say."""
    sided = condition.operator in (Operator.LESS, Operator.GREATER)
    return sided and condition.values == (0,) and condition.part is None
