"""A statement as nested scopes, in which every column names the source that it comes from."""

from collections.abc import Set

import sqlglot
from sqlglot import Dialect, exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope
from sqlglot.schema import MappingSchema

from domain.dictionary import Dictionary, TableEntry

DIALECT = Dialect.get_or_raise("athena")
"""Made once: sqlglot makes a new one wherever it is given by name."""

Source = exp.Table | Scope


def read_scope(sql: str, dictionary: Dictionary) -> Scope | None:
    """Returns the outermost scope of Athena SQL; None where the statement cannot be resolved."""
    try:
        tree = sqlglot.parse_one(sql, dialect=DIALECT)
        tables = list(tree.find_all(exp.Table))
        for table in tables:
            table.set("db", None)
            table.set("catalog", None)
        tree = qualify(
            tree,
            schema=_schema_of({table.name for table in tables}, dictionary),
            dialect=DIALECT,
            validate_qualify_columns=False,
            quote_identifiers=False,
            allow_partial_qualification=True,
        )
        return build_scope(tree)
    except SqlglotError:
        return None


def _schema_of(names: Set[str], dictionary: Dictionary) -> MappingSchema:
    columns: dict[str, object] = {
        table.name.lower(): {column.name.lower(): column.type for column in table.columns}
        for table in dictionary.tables_named(names)
    }
    return MappingSchema(columns, dialect=DIALECT, normalize=False)


def sources_of(scope: Scope) -> dict[str, Source]:
    """Returns the tables and subqueries that the scope selects from, by alias."""
    return {name: source for name, (_, source) in scope.selected_sources.items()}


def table_entry(source: Source, dictionary: Dictionary) -> TableEntry | None:
    """Returns the dictionary's table behind a source, or None for a subquery or unknown table."""
    return dictionary.table(source.name) if isinstance(source, exp.Table) else None


def select_of(scope: Scope) -> exp.Select | None:
    """Returns the scope's SELECT; None for set operations and UNNEST."""
    expression = scope.expression
    return expression if isinstance(expression, exp.Select) else None


def has_aggregate(expression: exp.Expr) -> bool:
    """True where the expression folds rows: window functions and scalar subqueries do not."""
    nodes = expression.walk(prune=lambda node: isinstance(node, exp.Query))
    return any(isinstance(node, exp.AggFunc) and not _is_windowed(node) for node in nodes)


def _is_windowed(aggregate: exp.Expr) -> bool:
    parent = aggregate.parent
    while isinstance(parent, exp.Filter | exp.IgnoreNulls | exp.RespectNulls | exp.WithinGroup):
        parent = parent.parent
    return isinstance(parent, exp.Window)


def is_single_row(select: exp.Select) -> bool:
    """True where the SELECT folds everything into one row."""
    return not select.args.get("group") and any(map(has_aggregate, select.selects))


def is_grouped(select: exp.Select) -> bool:
    """True where rows of the SELECT are groups: GROUP BY, DISTINCT, or one row for everything."""
    return bool(select.args.get("group") or select.args.get("distinct") or is_single_row(select))


def has_subtotals(select: exp.Expr) -> bool:
    """True where ROLLUP, CUBE or GROUPING SETS put groups and their totals side by side."""
    group = select.args.get("group")
    return group is not None and group.find(exp.Rollup, exp.Cube, exp.GroupingSets) is not None


def fans_out(scope: Scope, name: str, dictionary: Dictionary) -> bool:
    """True unless the source is known to give each row of the others at most one match."""
    sources = sources_of(scope)
    keys = _unique_keys(sources[name], dictionary)
    if keys is None:
        return True
    return not keys <= _equated_columns(scope, name)


def _unique_keys(source: Source, dictionary: Dictionary) -> frozenset[str] | None:
    """Returns columns that identify a row: none for a single row, None where unknown."""
    entry = table_entry(source, dictionary)
    if entry is not None:
        return frozenset(map(str.lower, entry.primary_key)) or None
    select = select_of(source) if isinstance(source, Scope) else None
    if select is None:
        return None
    if is_single_row(select):
        return frozenset()
    return _group_outputs(select)


def _group_outputs(select: exp.Select) -> frozenset[str] | None:
    if select.args.get("distinct"):
        return frozenset(select.named_selects)
    group = select.args.get("group")
    if group is None or has_subtotals(select):
        return None
    names = {
        key: projection.alias_or_name
        for key in group.expressions
        for projection in select.selects
        if projection.unalias() == key
    }
    return frozenset(names.values()) if len(names) == len(set(group.expressions)) else None


def _equated_columns(scope: Scope, name: str) -> frozenset[str]:
    """Returns columns of the source that a join or filter equates with another source's."""
    names = set()
    for equality in scope.expression.find_all(exp.EQ):
        sides = (equality.left, equality.right)
        if not all(isinstance(side, exp.Column) for side in sides):
            continue
        if sides[0].args["table"] == sides[1].args["table"]:
            continue
        names |= {side.name.lower() for side in sides if side.text("table") == name}
    return frozenset(names)
