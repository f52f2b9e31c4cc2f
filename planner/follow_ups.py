"""Questions that lead on from an answer, each of a kind the planner itself can read."""

from collections.abc import Iterator

from domain.dictionary import ColumnEntry, ColumnRole, Dictionary, TableEntry
from domain.plan import Filter, Measure, Operator, Plan

_MOST_QUESTIONS = 3
_MOST_GROUPS = 50
_TOP = 5


def follow_up_questions(
    question: str, plan: Plan | None, dictionary: Dictionary
) -> tuple[str, ...]:
    """Returns up to three questions: other splits, the trend, or examples of the dictionary."""
    asked = question.strip().rstrip("?.").casefold()
    questions = list(_from_plan(plan, dictionary)) if plan is not None else []
    candidates = dict.fromkeys([*questions, *dictionary.example_questions])
    fresh = [q for q in candidates if q.strip().rstrip("?.").casefold() != asked]
    return tuple(fresh[:_MOST_QUESTIONS])


def _from_plan(plan: Plan, dictionary: Dictionary) -> Iterator[str]:
    table = dictionary.table(plan.table)
    if table is None or not plan.measures:
        return
    label = _shown_measure(plan).label
    subject = label[:1].upper() + label[1:]
    kept = f"{_kept_conditions(plan)}{f' {plan.period.label}' if plan.period else ''}"
    splits = _other_splits(plan, table)
    if splits:
        yield f"{subject} by {_words(splits[0])}{kept}"
    if table.time_column and not any(d.grain or d.part for d in plan.dimensions):
        yield f"{subject} per month{kept}"
    for column in splits[1:]:
        if column.distinct_count > _TOP:
            yield f"Top {_TOP} {_words(column)} by {label}{kept}"
        else:
            yield f"{subject} by {_words(column)}{kept}"


def _shown_measure(plan: Plan) -> Measure:
    shown = [output.index for output in plan.outputs if output.kind == "measure"]
    return plan.measures[shown[0] if shown else 0]


def _kept_conditions(plan: Plan) -> str:
    """Says plain conditions again, such as ` for Delhi`: the next question keeps them."""
    return "".join(
        f" for {condition.values[0]}"
        for condition in plan.conditions
        if isinstance(condition, Filter)
        and condition.operator is Operator.EQUAL
        and len(condition.values) == 1
    )


def _other_splits(plan: Plan, table: TableEntry) -> list[ColumnEntry]:
    used = {d.column.column.lower() for d in plan.dimensions}
    used |= {f.column.column.lower() for f in plan.conditions if isinstance(f, Filter)}
    used |= {m.column.column.lower() for m in plan.measures if m.column is not None}
    return [
        column
        for column in table.columns
        if column.role is ColumnRole.DIMENSION
        and column.pii is None
        and 1 < column.distinct_count <= _MOST_GROUPS
        and column.name.lower() not in used
    ]


def _words(column: ColumnEntry) -> str:
    return column.name.replace("_", " ").lower()
