"""The qualified statement as a list of queries, inner ones first, with every column resolved."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from sqlglot import exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.scope import Scope, ScopeType, traverse_scope

from domain.verdict import Violation
from sql_guard.allowed_schema import AllowedSchema, AllowedTable
from sql_guard.rejection import Rejection, reject
from sql_guard.suggest_names import did_you_mean
from sql_guard.syntax_nodes import NodesByKind, group_by_kind, nodes_of


class Role(StrEnum):
    """What a query's rows are for."""

    ROOT = "root"
    SOURCE = "source"
    """Read by another query's FROM: a CTE or a derived table."""
    OPERAND = "operand"
    """One side of UNION, INTERSECT or EXCEPT."""
    VALUE = "value"
    """A subquery inside an expression."""
    ROWS = "rows"
    """UNNEST, VALUES or LATERAL."""


_ROLES = {
    ScopeType.ROOT: Role.ROOT,
    ScopeType.CTE: Role.SOURCE,
    ScopeType.DERIVED_TABLE: Role.SOURCE,
    ScopeType.SET_OPERATION: Role.OPERAND,
    ScopeType.SUBQUERY: Role.VALUE,
    ScopeType.UDTF: Role.ROWS,
}


@dataclass(slots=True, eq=False)
class ColumnUse:
    """One place where a column stands. `source` is None for the name of an own output column."""

    node: exp.Column
    name: str
    source: "Source | None"


@dataclass(slots=True, eq=False)
class QueryView:
    """One SELECT, set operation or row source. Compared by identity."""

    expression: exp.Expr
    role: Role
    sources: "Mapping[str, Source]"
    nodes: Mapping[str, exp.Expr]
    """Alias -> the node in FROM or JOIN."""
    operands: "tuple[QueryView, ...]" = ()
    outputs: tuple[str, ...] = ()
    columns: list[ColumnUse] = field(default_factory=list)
    body: NodesByKind = field(default_factory=dict)
    """Every node of the query itself, without those of inner queries, by kind."""
    parent: "QueryView | None" = None

    @property
    def select(self) -> exp.Select | None:
        """The SELECT, or None for set operations and row sources."""
        return self.expression if isinstance(self.expression, exp.Select) else None


Source: TypeAlias = AllowedTable | QueryView


def view_queries(tree: exp.Query, schema: AllowedSchema) -> list[QueryView]:
    """Returns a view of each query, inner ones first, the whole statement last.

    Raises Rejection where any table or column is not one of the schema's.
    """
    try:
        return _Viewer(schema).view(tree)
    except OptimizeError as error:
        raise reject(
            "unresolved_name",
            f"A name in the statement is unclear: {str(error).splitlines()[0][:200]}.",
            "Give each table an alias of its own and write alias.column everywhere.",
        ) from error


class _Viewer:
    def __init__(self, schema: AllowedSchema) -> None:
        self._schema = schema
        self._views: dict[int, QueryView] = {}
        self._violations: dict[tuple[str, str], Violation] = {}

    def view(self, tree: exp.Query) -> list[QueryView]:
        scopes = traverse_scope(tree)
        for scope in scopes:
            self._views[id(scope)] = self._view_scope(scope)
        for scope in scopes:
            view = self._views[id(scope)]
            if scope.parent is not None:
                view.parent = self._views.get(id(scope.parent))
        for scope in scopes:
            self._resolve_columns(scope)
        if self._violations:
            raise Rejection(*self._violations.values())
        self._check_complete(tree)
        return list(self._views.values())

    def _view_scope(self, scope: Scope) -> QueryView:
        selected = {} if isinstance(scope.expression, exp.SetOperation) else scope.selected_sources
        view = QueryView(
            expression=scope.expression,
            role=_ROLES[scope.scope_type],
            sources={alias: self._source(source) for alias, (_, source) in selected.items()},
            nodes={alias: node for alias, (node, _) in selected.items()},
            operands=tuple(self._views[id(operand)] for operand in scope.set_operation_scopes),
            body={} if scope.is_udtf else group_by_kind(scope.walk()),
        )
        self._reject_column_lists(view)
        view.outputs = self._outputs(scope, view)
        return view

    def _reject_column_lists(self, view: QueryView) -> None:
        """`FROM orders AS o (a, b)` would give columns names that no rule knows."""
        for node in view.nodes.values():
            alias = node.args.get("alias")
            if isinstance(node, exp.Table) and isinstance(alias, exp.TableAlias) and alias.columns:
                raise reject(
                    "alias_column_list",
                    f"{node.name[:60]} is given other column names.",
                    "Use the table's own column names; rename them in SELECT.",
                )

    def _source(self, source: exp.Table | Scope) -> Source:
        if isinstance(source, Scope):
            return self._views[id(source)]
        table = self._schema.table(source.db, source.name)
        if table is None:
            raise reject("table_not_allowed", f"There is no table {source.name[:80]}.")
        return table

    def _outputs(self, scope: Scope, view: QueryView) -> tuple[str, ...]:
        expression = scope.expression
        if isinstance(expression, exp.Select | exp.SetOperation):
            return tuple(expression.named_selects)
        alias = expression.args.get("alias")
        if isinstance(alias, exp.TableAlias) and alias.columns:
            ordinality = expression.args.get("offset")
            extra = (ordinality.name,) if isinstance(ordinality, exp.Identifier) else ()
            return tuple(column.name for column in alias.columns) + extra
        if isinstance(expression, exp.Lateral):
            inner = expression.this
            query = inner.unnest() if isinstance(inner, exp.Subquery) else inner
            return tuple(query.named_selects) if isinstance(query, exp.Query) else ()
        return ()

    def _resolve_columns(self, scope: Scope) -> None:
        view = self._views[id(scope)]
        for node in nodes_of(view.body, exp.Column):
            use = self._resolve(node, view)
            if use is not None:
                view.columns.append(use)

    def _resolve(self, node: exp.Column, view: QueryView) -> ColumnUse | None:
        name, alias = node.name, node.text("table")
        if not alias:
            if name in view.outputs and _stands_in(node, view, "order"):
                return ColumnUse(node, name, None)
            if _stands_in(node, view, "having"):
                return self._resolve_in_having(node, view)
            return self._unknown(node, view)
        outer: QueryView | None = view
        while outer is not None:
            if alias in outer.sources:
                source = outer.sources[alias]
                if _holds(source, name):
                    return ColumnUse(node, name, source)
                return self._unknown(node, view, source)
            outer = outer.parent
        return self._unknown(node, view)

    def _resolve_in_having(self, node: exp.Column, view: QueryView) -> ColumnUse | None:
        """HAVING names columns of the sources; sqlglot leaves them to its expansion of aliases."""
        outer: QueryView | None = view
        while outer is not None:
            holders = [alias for alias, s in outer.sources.items() if _holds(s, node.name)]
            if len(holders) == 1:
                node.set("table", exp.to_identifier(holders[0], quoted=True))
                return ColumnUse(node, node.name, outer.sources[holders[0]])
            if holders:
                break
            outer = outer.parent
        return self._unknown(node, view)

    def _unknown(
        self, node: exp.Column, view: QueryView, source: Source | None = None
    ) -> ColumnUse | None:
        """Notes the unknown name; a denied column that the catalog lacks resolves all the same."""
        if not node.text("table"):
            for table in view.sources.values():
                if isinstance(table, AllowedTable) and node.name in table.denied_columns:
                    return ColumnUse(node, node.name, table)
        sources = [source] if source is not None else list(view.sources.values())
        self._violations.setdefault(
            (node.text("table"), node.name), _column_violation(node, sources, view)
        )
        return None

    def _check_complete(self, tree: exp.Query) -> None:
        """Every table and column of the tree stands in a view; else a scope was overlooked."""
        seen = sum(len(view.body.get(kind, ())) for view in self._views.values() for kind in _NAMES)
        if _count_names(tree.walk()) > seen:
            raise reject(
                "unresolved_name",
                "The statement uses a table or column in a place that cannot be checked.",
                "Name the columns, and join tables in plain FROM and JOIN clauses.",
            )


_NAMES = (exp.Column, exp.Table, exp.TableColumn)


def _count_names(nodes: Iterable[exp.Expr]) -> int:
    count = 0
    for node in nodes:
        kind = type(node)
        if kind in _NAMES:
            count += 1
        elif kind is exp.Star and not isinstance(node.parent, exp.Count):
            raise reject(
                "unresolved_star",
                "The statement uses * where its columns cannot be told.",
                "Name the columns.",
            )
    return count


def _stands_in(node: exp.Column, view: QueryView, clause: str) -> bool:
    wanted = view.expression.args.get(clause)
    parent: exp.Expr | None = node
    while parent is not None and wanted is not None:
        if parent is wanted:
            return True
        parent = parent.parent
    return False


def _names_itself(node: exp.Column) -> bool:
    """Tells whether the column is a projection, which then has the column's name."""
    projection = node.parent if isinstance(node.parent, exp.Alias) else node
    return isinstance(projection.parent, exp.Select) and projection.alias_or_name == node.name


def _holds(source: Source, name: str) -> bool:
    if isinstance(source, AllowedTable):
        return name in source.columns or name in source.denied_columns
    return name in source.outputs


def _column_violation(node: exp.Column, sources: list[Source], view: QueryView) -> Violation:
    name = node.name
    if not node.text("table") and name in view.outputs and not _names_itself(node):
        return Violation(
            rule="alias_not_usable",
            message=f"The alias {name[:60]} cannot be used in this clause.",
            hint=f"Athena knows `{name[:60]}` in ORDER BY only; repeat its expression, or put the "
            "query into a subquery.",
        )
    if not node.text("table") and sum(_holds(source, name) for source in sources) > 1:
        return Violation(
            rule="ambiguous_column",
            message=f"More than one table has a column {name[:60]}.",
            hint=f"Write alias.{name[:60]} with the table's alias.",
        )
    if name.startswith("$"):
        return Violation(
            rule="hidden_column",
            message=f"{name[:60]} is a hidden column of the storage and cannot be read.",
            hint="Use the columns of the schema you were given.",
        )
    candidates: list[str] = []
    for source in sources:
        candidates += source.visible_columns if isinstance(source, AllowedTable) else source.outputs
    written = f"{node.text('table')}.{name}" if node.text("table") else name
    return Violation(
        rule="column_not_found",
        message=f"There is no column {written[:120]}.",
        hint=f"column `{written[:120]}` not found; {did_you_mean(name, sorted(set(candidates)))}",
    )


def tables_of(view: QueryView) -> Iterator[tuple[str, AllowedTable]]:
    """Yields the stored tables that a query reads itself, with their aliases."""
    for alias, source in view.sources.items():
        if isinstance(source, AllowedTable):
            yield alias, source
