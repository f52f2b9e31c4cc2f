"""Which nodes put many rows into one."""

from collections.abc import Iterator

from sqlglot import exp

from sql_guard.query_views import QueryView
from sql_guard.rules import GuardRules

_BETWEEN = (exp.Filter, exp.IgnoreNulls, exp.RespectNulls, exp.WithinGroup)


def function_name(node: exp.Func) -> str:
    """Returns the function's name as Athena writes it, in lower case."""
    if isinstance(node, exp.Anonymous):
        return node.name.lower()
    return node.sql_name().lower()


def is_aggregate(node: exp.Expr, rules: GuardRules) -> bool:
    """Tells whether the node is an aggregate over groups, not over a window."""
    if not (
        isinstance(node, exp.AggFunc)
        or (isinstance(node, exp.Anonymous) and node.name.lower() in rules.functions["aggregate"])
    ):
        return False
    parent = node.parent
    while isinstance(parent, _BETWEEN):
        parent = parent.parent
    return not isinstance(parent, exp.Window)


def aggregates_of(view: QueryView, rules: GuardRules) -> Iterator[exp.Expr]:
    """Yields the query's own aggregates."""
    return (
        node
        for kind, nodes in view.body.items()
        if issubclass(kind, exp.AggFunc | exp.Anonymous)
        for node in nodes
        if is_aggregate(node, rules)
    )


def is_aggregated(view: QueryView, rules: GuardRules) -> bool:
    """Tells whether the query returns groups instead of rows."""
    select = view.select
    if select is None:
        return False
    return bool(select.args.get("group")) or any(True for _ in aggregates_of(view, rules))
