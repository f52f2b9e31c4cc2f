"""Denied columns may be counted, and nothing else, through any chain of queries."""

from collections import Counter

from sqlglot import exp

from domain.verdict import Violation
from sql_guard.allowed_schema import AllowedTable
from sql_guard.query_views import ColumnUse, QueryView, Role


def check_denied_columns(views: list[QueryView], may_count_distinct: bool) -> list[Violation]:
    """Returns one violation for each denied column that could tell a value.

    An inner query may hand a denied column on; one that nothing reads is taken out of the tree, so
    that the regenerated statement does not name it.
    """
    lineage = _DeniedLineage(may_count_distinct)
    for view in views:
        lineage.follow(view)
    if not lineage.violations:
        lineage.drop_unread()
    return list(lineage.violations.values())


class _DeniedLineage:
    """Which outputs of which queries are denied columns, and how often each is read."""

    def __init__(self, may_count_distinct: bool) -> None:
        self.violations: dict[str, Violation] = {}
        self._may_count_distinct = may_count_distinct
        self._handed_on: dict[QueryView, dict[str, str]] = {}
        self._reads: Counter[tuple[QueryView, str]] = Counter()

    def follow(self, view: QueryView) -> None:
        """Looks at every column of a query whose sources were followed before."""
        handed_on: dict[str, str] = {}
        for use in sorted(view.columns, key=lambda use: use.source is None):
            denied = self._denied_name(use, view, handed_on)
            if denied is None:
                continue
            if (output := _output_of(use.node, view)) is not None:
                handed_on[output] = denied
            elif not (self._may_count_distinct and _is_counted(use.node)):
                self._deny(denied)
            if isinstance(use.source, QueryView):
                self._reads[use.source, use.name] += 1
        if handed_on:
            self._handed_on[view] = handed_on
            if _orders_by_position(view):
                self._deny(*handed_on.values())

    def drop_unread(self) -> None:
        """Outer queries first: what they drop is no longer read from the inner ones."""
        for view in reversed(self._handed_on):
            unread = {name for name in self._handed_on[view] if not self._reads[view, name]}
            if unread and view.select is not None:
                self._drop(view, view.select, unread)

    def _drop(self, view: QueryView, select: exp.Select, unread: set[str]) -> None:
        dropped = {id(e.unalias()) for e in select.expressions if e.alias_or_name in unread}
        for use in view.columns:
            if id(use.node) in dropped and isinstance(use.source, QueryView):
                self._reads[use.source, use.name] -= 1
        kept = [e for e in select.expressions if e.alias_or_name not in unread]
        select.set("expressions", kept or [exp.alias_(exp.Literal.number(1), "one")])

    def _denied_name(
        self, use: ColumnUse, view: QueryView, handed_on: dict[str, str]
    ) -> str | None:
        source = use.source
        if isinstance(source, AllowedTable):
            return f"{source.id[1]}.{use.name}" if use.name in source.denied_columns else None
        if source is not None:
            return self._handed_on.get(source, {}).get(use.name)
        return handed_on.get(use.name)

    def _deny(self, *names: str) -> None:
        for name in names:
            self.violations.setdefault(name, _violation(name, self._may_count_distinct))


def _is_counted(node: exp.Column) -> bool:
    parent = node.parent
    if isinstance(parent, exp.ApproxDistinct):
        return parent.this is node
    return (
        isinstance(parent, exp.Distinct)
        and len(parent.expressions) == 1
        and isinstance(parent.parent, exp.Count)
        and not parent.parent.expressions
    )


def _output_of(node: exp.Column, view: QueryView) -> str | None:
    """Returns the output's name where the column is handed on to a FROM clause as it is."""
    select = view.select
    if view.role is not Role.SOURCE or select is None or select.args.get("distinct"):
        return None
    projection = node.parent if isinstance(node.parent, exp.Alias) else node
    if projection.parent is select and projection.arg_key == "expressions":
        return projection.alias_or_name
    return None


def _orders_by_position(view: QueryView) -> bool:
    order = view.expression.args.get("order")
    return order is not None and any(isinstance(o.this, exp.Literal) for o in order.expressions)


def _violation(denied: str, may_count_distinct: bool) -> Violation:
    column = denied.rpartition(".")[2]
    hint = f"Leave `{column}` out"
    if may_count_distinct:
        hint += f", or use it in COUNT(DISTINCT {column}) only"
    return Violation(
        rule="denied_column",
        message=f"{denied} holds personal or protected data and cannot be used.",
        hint=f"{hint}.",
    )
