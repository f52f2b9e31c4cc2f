"""The scans that a statement leads to: which columns of which table, under which filters."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.pushdown_predicates import pushdown_predicates
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope
from sqlglot.schema import MappingSchema

from domain.catalog import Catalog
from warehouse.scan_cost.inlined import inline_ctes

_FAULTS = (SqlglotError, ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What sqlglot's optimizer raises on a tree that it did not foresee."""
_INNER = ("", "INNER", "CROSS")


@dataclass(frozen=True, slots=True)
class TableScan:
    """One pass over one table. Names are in lower case."""

    table: str
    columns: frozenset[str]
    filters: tuple[str, ...]
    """Conditions of Athena SQL that name no other table; all of them hold."""


class ScanFinder:
    """Finds scans as Trino plans them: a CTE is run once for each place that names it."""

    def __init__(self, catalog: Catalog) -> None:
        self._tables = {table.name.lower(): table for table in catalog.tables}
        self._schema = MappingSchema(dialect="athena")
        for table in catalog.tables:
            columns = {column.name: column.type for column in table.columns}
            name = exp.to_identifier(table.name, quoted=True).sql("athena")
            self._schema.add_table(name, columns)

    def find(self, sql: str) -> Counter[TableScan]:
        """Returns every scan with how often it is made.

        A table whose scan cannot be made out counts as read whole, so that the sum stays an upper
        bound.
        """
        tree = sqlglot.parse_one(sql, read="athena")
        named = Counter(self._named_tables(tree))
        scans: Counter[TableScan] = Counter()
        try:
            root = build_scope(self._pushed_down(tree))
        except _FAULTS:
            root = None
        if root is not None:
            scans = _Scans().of(root)
        for table in named.keys() - {scan.table for scan in scans}:
            scans[self._whole(table)] += named[table]
        return scans

    def _pushed_down(self, tree: exp.Expr) -> exp.Expr:
        qualified = qualify(
            tree, schema=self._schema, dialect="athena", validate_qualify_columns=False
        )
        projected = pushdown_projections(inline_ctes(qualified))
        return pushdown_predicates(projected, dialect="athena")

    def _named_tables(self, tree: exp.Expr) -> Iterator[str]:
        names = (table.name.lower() for table in tree.find_all(exp.Table))
        return (name for name in names if name in self._tables)

    def _whole(self, table: str) -> TableScan:
        columns = frozenset(column.name.lower() for column in self._tables[table].columns)
        return TableScan(table, columns, ())


class _Scans:
    """Counts scans scope by scope; each scope is looked at once."""

    def __init__(self) -> None:
        self._found: dict[int, Counter[TableScan]] = {}

    def of(self, scope: Scope) -> Counter[TableScan]:
        if id(scope) not in self._found:
            self._found[id(scope)] = self._look(scope)
        return self._found[id(scope)]

    def _look(self, scope: Scope) -> Counter[TableScan]:
        scans: Counter[TableScan] = Counter()
        for inner in (*scope.set_operation_scopes, *scope.subquery_scopes):
            scans.update(self.of(inner))
        if not isinstance(scope.expression, exp.Select):
            return scans
        for alias, (_, source) in scope.selected_sources.items():
            if isinstance(source, Scope):
                scans.update(self.of(source))
            elif isinstance(source, exp.Table):
                scans[_scan_of(scope.expression, alias, source)] += 1
        return scans


def _scan_of(select: exp.Select, alias: str, table: exp.Table) -> TableScan:
    # Columns that an inner query takes from here are in the tree of this one too.
    columns = (column for column in select.find_all(exp.Column) if column.table == alias)
    filters = (part for part in _conjuncts(select) if _is_only_of(part, alias))
    return TableScan(
        table=table.name.lower(),
        columns=frozenset(column.name.lower() for column in columns),
        filters=tuple(sorted(part.sql("athena") for part in filters)),
    )


def _conjuncts(select: exp.Select) -> Iterator[exp.Expr]:
    conditions = [select.args["where"].this] if select.args.get("where") else []
    conditions += [
        join.args["on"]
        for join in select.args.get("joins") or ()
        if join.args.get("on") is not None and join.side == "" and join.kind.upper() in _INNER
    ]
    for condition in conditions:
        yield from condition.flatten() if isinstance(condition, exp.And) else (condition,)


def _is_only_of(condition: exp.Expr, alias: str) -> bool:
    columns = list(condition.find_all(exp.Column))
    return bool(columns) and all(column.table == alias for column in columns)
