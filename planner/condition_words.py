"""Says the values that an answer keeps to, such as ` for Delhi`."""

from domain.dictionary import Cell, Dictionary
from domain.plan import ColumnReference, Filter, Operator, Plan


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


def value_words(column: ColumnReference, value: Cell, dictionary: Dictionary) -> str:
    """Returns a stored value in words, as the dictionary has it."""
    table = dictionary.table(column.table)
    entry = table.column(column.column) if table is not None else None
    return (entry.value_labels if entry is not None else {}).get(str(value), str(value))
