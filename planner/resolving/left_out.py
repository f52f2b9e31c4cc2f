"""Names of a question that its plan says nothing of: such a plan answers another question."""

from domain.plan import MeasureFunction, Plan
from planner.linking.mention import Mention
from planner.reading.grammar_words import ROOT, SURE
from planner.reading.plan_parts import MOSTLY
from planner.reading.plan_reach import plan_columns
from planner.reading.reading import Reading
from planner.schema.schema_index import SchemaIndex, Target

_FEW = 2
"""A verb that more tables have a word of says little of which is meant."""
_NEAR = 0.05
"""A synonym of the dictionary is as good as a name; everyday words for it are not."""


def left_out(reading: Reading, plan: Plan, tables: set[str], index: SchemaIndex) -> tuple[str, ...]:
    """Returns the names that neither a column nor a table nor a metric of the plan stands for."""
    columns = plan_columns(plan)
    links = index.dictionary.relationships
    near = tables | {
        link.parent_table
        for link in links
        if any((link.child_table, column) in columns for column in link.child_columns)
    }
    parts = [
        p for m in plan.measures for p in (m, m.numerator, m.denominator, m.of) if p is not None
    ]
    measured = {measure.metric for measure in parts}
    counted = {m.table for m in parts if m.function is MeasureFunction.COUNT}
    return _untold(reading, near) + tuple(
        mention.text
        for mention in reading.names
        if not _names_row(mention, tables)
        and not any(
            (t.table, t.column) in columns
            or (t.kind == "table" and t.table in near)
            or (t.table in counted and _tells_rows(mention, t, index))
            or (t.kind == "metric" and t.column in measured)
            for t in mention.targets
        )
    )


def _untold(reading: Reading, tables: set[str]) -> tuple[str, ...]:
    """`watched`, where nothing is read of the views: the verb says what happened."""
    return tuple(
        verb.text
        for verb in reading.said
        if 0 < len(verb.acts) <= _FEW
        and not tables & set(verb.acts)
        and not _is_named_again(verb, reading.said)
    )


def _is_named_again(verb: Mention, said: list[Mention]) -> bool:
    """`players who play`: the noun beside it says what the verb says."""
    root = verb.text.lower()[:ROOT]
    others = (m for m in said if m is not verb and m.kind == "link")
    return any(word.startswith(root) for m in others for word in m.text.lower().split())


def _tells_rows(mention: Mention, target: Target, index: SchemaIndex) -> bool:
    """A column that tells rows apart, where rows of its table are counted."""
    is_named = target.score >= max(SURE, mention.best("column") - _NEAR)
    if target.kind != "column" or not is_named:
        return False
    rows = index.tables[target.table].row_count
    return index.column(target.table, target.column).distinct_count >= MOSTLY * rows


def _names_row(mention: Mention, tables: set[str]) -> bool:
    """`players`, where the table read has a column of players: its rows are theirs."""
    columns = [t for t in mention.of_kind("column") if t.score >= SURE and t.table in tables]
    return bool(columns) and mention.best("table") >= SURE
