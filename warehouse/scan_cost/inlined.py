"""CTEs put in the places that name them, as Trino plans them: filters of one place stay its own."""

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

_MOST_NODES = 5_000
"""Nested CTEs that are named twice each grow without end; the rest stays as it is."""


def inline_ctes(tree: exp.Expr) -> exp.Expr:
    """Changes a qualified tree so that every reference to a CTE is a subquery of its own."""
    left = _MOST_NODES
    for scope in traverse_scope(tree):
        for table in scope.tables:
            query = _cte_of(scope, table)
            size = 0 if query is None else sum(1 for _ in query.walk())
            if query is None or size > left:
                continue
            left -= size
            alias = exp.TableAlias(this=exp.to_identifier(table.alias_or_name, quoted=True))
            table.replace(exp.Subquery(this=query.copy(), alias=alias))
    return tree


def _cte_of(scope: Scope, table: exp.Table) -> exp.Query | None:
    """Returns the query of a plain reference to a CTE that does not name itself."""
    source = scope.sources.get(table.alias_or_name)
    is_plain = not any(table.args.get(part) for part in ("joins", "pivots", "sample", "laterals"))
    if not isinstance(source, Scope) or not source.is_cte or not is_plain:
        return None
    query = source.expression
    if not isinstance(query, exp.Query) or scope is source:
        return None
    names = {found.name for found in query.find_all(exp.Table)}
    return None if table.name in names else query
