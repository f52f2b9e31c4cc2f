"""Plans that run and say nothing: a ranking in which every figure is one, amounts as names."""

from domain.dictionary import ColumnRole
from domain.plan import ColumnReference, Measure, MeasureFunction, Plan
from planner.reading.reading import Reading
from planner.schema.join_path import JoinGraph
from planner.schema.labels import column_label
from planner.schema.schema_index import SchemaIndex


def senseless(reading: Reading, plan: Plan, index: SchemaIndex, graph: JoinGraph) -> str:
    """Returns why a plan cannot be what was meant, or an empty text."""
    ranked = [plan.measures[o.index] for o in plan.order if o.by == "measure"]
    if not ranked or plan.limit is None:
        return ""
    counted = [m for m in ranked if m.function is MeasureFunction.COUNT]
    for measure in counted:
        single = next(
            (d.column for d in plan.dimensions if _is_one(measure, d.column, plan, index, graph)),
            None,
        )
        if single is not None:
            label = column_label(single, index)
            return f"Every {label} would be counted once: say what is counted of it."
    unsaid = any(r.reference is None and r.item is None for r in reading.ranks if not r.popular)
    amounts = [d.column for d in plan.dimensions if _is_amount(d.column, index)]
    if counted and amounts and unsaid:
        return f"It is not clear what is ranked by {column_label(amounts[0], index)}."
    return ""


def _is_one(
    measure: Measure, column: ColumnReference, plan: Plan, index: SchemaIndex, graph: JoinGraph
) -> bool:
    """True where each value of a column has one row of what is counted."""
    table = index.tables[column.table]
    counted = measure.table or plan.table
    unique = table.primary_key == [column.column]
    unique |= index.label_of(column.table) == column.column and _tells_apart(column, index)
    return unique and (counted == column.table or graph.keeps_rows(column.table, counted))


def _tells_apart(column: ColumnReference, index: SchemaIndex) -> bool:
    rows = index.tables[column.table].row_count
    return index.column(column.table, column.column).distinct_count >= max(rows, 2)


def _is_amount(column: ColumnReference, index: SchemaIndex) -> bool:
    entry = index.column(column.table, column.column)
    return entry.role is ColumnRole.MEASURE and entry.additive and entry.family.is_numeric
