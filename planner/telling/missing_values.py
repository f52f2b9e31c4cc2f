"""Values that a question names and that no row of its answer holds."""

from collections.abc import Iterator

from domain.plan import ColumnReference, Filter, Operator, Plan
from domain.summary import Summary
from planner.language.value_text import escaped, listed


def on_missing_values(plan: Plan | None, summary: Summary) -> Iterator[str]:
    """Says for which of several values nothing was found, such as YouTube beside Netflix."""
    if plan is None or plan.limit is not None or plan.having or plan.combination is not None:
        return
    if summary.roll_up or summary.truncated:
        return
    for condition in plan.conditions:
        is_list = isinstance(condition, Filter) and condition.operator is Operator.IN
        if not isinstance(condition, Filter) or not is_list or condition.part is not None:
            continue
        place = _place(condition.column, plan, summary)
        if place is None:
            continue
        held = {str(row[place]) for row in summary.rows}
        words = summary.columns[place].value_labels
        said = [words.get(str(value), str(value)) for value in condition.values]
        missing = [text for text in said if text not in held]
        if held and missing:
            yield f"There is nothing for {listed([f'**{escaped(text)}**' for text in missing])}."


def _place(column: ColumnReference, plan: Plan, summary: Summary) -> int | None:
    for output in plan.outputs:
        if output.kind == "dimension" and plan.dimensions[output.index].column == column:
            names = [shown.name for shown in summary.columns]
            return names.index(output.name) if output.name in names else None
    return None
