"""SQL back to a plan: what a statement measures, splits by and keeps, whoever wrote it.

The receipt's chips for SQL of a model come from it, and so does the comparison of a model's
reading with the planner's own.
"""

from dataclasses import dataclass, replace

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.merge_subqueries import merge_subqueries
from sqlglot.optimizer.qualify import qualify

from domain.dictionary import Dictionary
from domain.draft import Assumption
from domain.plan import Combination, Plan
from planner.compiling.plan_essence import essence
from planner.compiling.sql_values import UnreadError
from planner.compiling.tie_breaks import without_tie_breaks
from planner.schema.schema import Schema
from planner.sql_reading.assumptions import assumptions_of
from planner.sql_reading.read_fold import Fold, branches, folds, stand_side_by_side
from planner.sql_reading.read_layer import Layer
from planner.sql_reading.read_metrics import read_metric
from planner.sql_reading.read_select import SelectReader

_SETS = ((exp.Intersect, "intersect"), (exp.Except, "except"), (exp.Union, "union"))
_RANKINGS = (exp.RowNumber, exp.Rank, exp.DenseRank)
_DIALECT = "athena"


@dataclass(frozen=True, slots=True)
class SqlReading:
    """What a statement was read as. `unread` holds pieces of SQL that no plan can say."""

    plan: Plan | None
    unread: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """True where the plan says all that the statement does."""
        return self.plan is not None and not self.unread


def plan_of(sql: str | exp.Expr, dictionary: Dictionary) -> SqlReading:
    """Returns the plan of Athena SQL, as far as one can say it. Never raises for odd SQL."""
    try:
        tree = sqlglot.parse_one(sql, read=_DIALECT) if isinstance(sql, str) else sql.copy()
        schema = Schema(_named_in(tree, dictionary))
        return _reading(_flattened(tree, schema), schema)
    except (SqlglotError, UnreadError, RecursionError) as problem:
        return SqlReading(None, (str(problem),))


def chips_of(reading: SqlReading, dictionary: Dictionary) -> tuple[Assumption, ...]:
    """Returns the receipt's chips of a reading; what was not read is told as a note."""
    chips = assumptions_of(reading.plan, Schema(dictionary)) if reading.plan is not None else ()
    notes = tuple(Assumption(kind="note", text=f"not read: {piece}") for piece in reading.unread)
    return (*chips, *notes)


def same_question(one: Plan, other: Plan, dictionary: Dictionary) -> bool:
    """True where two plans measure the same of the same rows, whatever their labels."""
    schema = Schema(dictionary)
    return essence(one, schema) == essence(other, schema)


def _named_in(tree: exp.Expr, dictionary: Dictionary) -> Dictionary:
    """The part of the dictionary that a statement names: a large one is never gone through."""
    names = {table.name.lower() for table in tree.find_all(exp.Table)}
    found = [entry for name in sorted(names) if (entry := dictionary.table(name)) is not None]
    return dictionary.model_copy(update={"tables": found})


def _flattened(tree: exp.Expr, schema: Schema) -> exp.Expr:
    """Returns the tree with columns bound to tables, and subqueries that only rename merged."""
    for table in tree.find_all(exp.Table):
        table.set("db", None)
        table.set("catalog", None)
    read = {table.name.lower() for table in tree.find_all(exp.Table)}
    columns: dict[str, object] = {
        name: {column.name: column.type for column in entry.columns}
        for name, entry in schema.tables.items()
        if name.lower() in read
    }
    qualified = qualify(
        tree,
        schema=columns,
        dialect=_DIALECT,
        validate_qualify_columns=False,
        quote_identifiers=False,
        identify=False,
    )
    return merge_subqueries(qualified)


def _reading(tree: exp.Expr, schema: Schema) -> SqlReading:
    inner = tree.unnest() if isinstance(tree, exp.Subquery) else tree
    for kind, operation in _SETS:
        if isinstance(inner, kind):
            return _combined(inner, operation, schema)
    if not isinstance(inner, exp.Select):
        raise UnreadError(tree)
    agreed = read_metric(inner, schema, lambda tree: _flattened(tree, schema))
    if agreed is not None:
        return SqlReading(agreed)
    source = inner.args["from_"].this if inner.args.get("from_") else None
    nested = _nested(source, inner)
    if nested is not None and not inner.args.get("joins"):
        return _layered(inner, nested, schema)
    reader = SelectReader(inner, schema)
    plan = reader.plan()
    return SqlReading(plan, tuple(reader.unread))


def _combined(node: exp.SetOperation, operation: str, schema: Schema) -> SqlReading:
    left, right = _reading(node.left, schema), _reading(node.right, schema)
    unread = (*left.unread, *right.unread)
    if left.plan is None or right.plan is None:
        return SqlReading(left.plan, unread)
    combination = Combination.model_validate({"operation": operation, "plan": right.plan})
    return SqlReading(left.plan.model_copy(update={"combination": combination}), unread)


def _nested(source: exp.Expr | None, select: exp.Select) -> exp.Expr | None:
    """The select that a select reads from: a derived table, or a WITH by name."""
    if isinstance(source, exp.Subquery):
        return source.unnest()
    if not isinstance(source, exp.Table):
        return None
    commons = select.root().find_all(exp.CTE)
    named = [c for c in commons if c.alias.lower() == source.name.lower()]
    inner: exp.Expr | None = named[0].this if named else None
    return inner


def _layered(outer: exp.Select, nested: exp.Expr, schema: Schema) -> SqlReading:
    """A select over a computed one: it shows, filters, sorts or cuts what is computed there."""
    inner = nested.copy()
    if folds(outer) and isinstance(inner, exp.Union):
        return _side_by_side(outer, inner, schema)
    place = _take_ranking(inner)
    reading = _reading(inner, schema)
    if reading.plan is None:
        return reading
    if folds(outer):
        return replace(reading, plan=Fold(reading.plan, schema).over(outer))
    layer = Layer(reading.plan, lambda select: _reading(select, schema).plan)
    pieces = list(reading.unread)
    plan = layer.over(outer, place.alias.lower() if place is not None else "", pieces)
    plan = without_tie_breaks(plan, schema)
    if place is not None:
        plan = _ranked(plan, inner, place.unalias(), schema)
    return replace(reading, plan=plan, unread=tuple(pieces))


def _side_by_side(outer: exp.Select, query: exp.Union, schema: Schema) -> SqlReading:
    """Figures computed apart and put below each other, each in a column of its own."""
    values = [e.alias_or_name for e in outer.expressions if not _is_column(e.unalias())]
    readings = [_reading(branch, schema) for branch in map(_without_nulls, branches(query))]
    plans = [reading.plan for reading in readings if reading.plan is not None]
    if len(plans) != len(values):
        raise UnreadError(query)
    unread = tuple(piece for reading in readings for piece in reading.unread)
    return SqlReading(stand_side_by_side(plans, values), unread)


def _without_nulls(branch: exp.Select) -> exp.Select:
    """A branch without the columns that others fill."""
    own = branch.copy()
    shown = [e for e in own.expressions if not isinstance(e.unalias(), exp.Null)]
    own.set("expressions", shown)
    return own


def _is_column(node: exp.Expr) -> bool:
    return isinstance(node, exp.Column)


def _take_ranking(select: exp.Expr) -> exp.Expr | None:
    """Takes the place within a group out of a select's list."""
    shown: list[exp.Expr] = select.expressions if isinstance(select, exp.Select) else []
    for expression in shown:
        window = expression.unalias()
        if isinstance(window, exp.Window) and isinstance(window.this, _RANKINGS):
            select.set("expressions", [e for e in shown if e is not expression])
            return expression
    return None


def _ranked(plan: Plan, inner: exp.Expr, window: exp.Expr, schema: Schema) -> Plan:
    """The plan with the order of its ranking, which may use a measure that is not shown."""
    if not isinstance(inner, exp.Select):
        return plan
    order = window.args.get("order")
    probe = inner.copy()
    probe.set("order", order.copy() if order is not None else None)
    sorted_plan = SelectReader(probe, schema).plan()
    update: dict[str, object] = {"order": sorted_plan.order, "measures": sorted_plan.measures}
    update["limit_per_group"] = bool(window.args["partition_by"])
    return without_tie_breaks(plan.model_copy(update=update), schema)
