"""Warns where counts or sums of whole numbers are divided, which drops the fraction."""

from collections.abc import Callable

from sqlglot import exp

from domain.verdict import Violation
from sql_guard.allowed_schema import AllowedTable
from sql_guard.query_views import QueryView
from sql_guard.syntax_nodes import nodes_of

_WHOLE_TYPES = ("tinyint", "smallint", "integer", "int", "bigint")
_COUNTS = (exp.Count, exp.CountIf, exp.ApproxDistinct)
_SAME_AS_OPERAND = (exp.Sum, exp.Min, exp.Max, exp.Window, exp.Paren, exp.Neg, exp.Abs, exp.Filter)
_SAME_AS_BOTH = (exp.Add, exp.Sub, exp.Mul)
_SHOWN_CHARACTERS = 40


def lint_truncation(views: list[QueryView]) -> list[Violation]:
    """Returns a warning for the first division of aggregates that are whole numbers."""
    reader = _Reader(views)
    divisions = ((view, node) for view in views for node in nodes_of(view.body, exp.Div))
    found = next((node for view, node in divisions if reader.truncates(node, view)), None)
    return [] if found is None else [_warning(found)]


def _warning(division: exp.Expr) -> Violation:
    text = division.this.sql(dialect="athena")
    dividend = text if len(text) < _SHOWN_CHARACTERS else "..."
    return Violation(
        rule="truncated_division",
        message="A count or sum is divided by a whole number, which drops the fraction.",
        hint=f"Write CAST({dividend} AS double) / ...",
    )


class _Reader:
    """Looks behind columns of inner queries, at each output once: chains of CTEs fan out."""

    def __init__(self, views: list[QueryView]) -> None:
        self._by_expression = {id(view.expression): view for view in views}
        self._whole_outputs: dict[int, bool] = {}
        self._aggregated_outputs: dict[int, bool] = {}

    def truncates(self, division: exp.Expr, view: QueryView) -> bool:
        sides = (division.this, division.expression)
        return all(self._is_whole(side, view) for side in sides) and any(
            self._has_aggregate(side, view) for side in sides
        )

    def _is_whole(self, value: exp.Expr, view: QueryView) -> bool:
        if isinstance(value, exp.Literal):
            return bool(value.is_int)
        if isinstance(value, _COUNTS):
            return True
        if isinstance(value, _SAME_AS_OPERAND):
            return self._is_whole(value.this, view)
        if isinstance(value, _SAME_AS_BOTH):
            return self._is_whole(value.this, view) and self._is_whole(value.expression, view)
        behind = self._behind(value, view)
        if behind is not None:
            return _once(self._whole_outputs, self._is_whole, *behind)
        return isinstance(value, exp.Column) and _is_whole_column(value, view)

    def _has_aggregate(self, value: exp.Expr, view: QueryView) -> bool:
        for node in value.walk():
            if isinstance(node, exp.AggFunc):
                return True
            behind = self._behind(node, view)
            if behind and _once(self._aggregated_outputs, self._has_aggregate, *behind):
                return True
        return False

    def _behind(self, value: exp.Expr, view: QueryView) -> tuple[exp.Expr, QueryView] | None:
        """Returns what a column of an inner query, or a query in place of a value, stands for."""
        if isinstance(value, exp.Subquery):
            inner = self._by_expression.get(id(value.unnest()))
            return None if inner is None else _output(inner, 0)
        source = view.sources.get(value.text("table")) if isinstance(value, exp.Column) else None
        if not isinstance(source, QueryView) or value.name not in source.outputs:
            return None
        return _output(source, source.outputs.index(value.name))


def _once(
    known: dict[int, bool],
    ask: Callable[[exp.Expr, QueryView], bool],
    output: exp.Expr,
    view: QueryView,
) -> bool:
    if id(output) not in known:
        known[id(output)] = ask(output, view)
    return known[id(output)]


def _output(view: QueryView, position: int) -> tuple[exp.Expr, QueryView] | None:
    if view.select is None or position >= len(view.select.selects):
        return None
    return view.select.selects[position].unalias(), view


def _is_whole_column(column: exp.Column, view: QueryView) -> bool:
    table = view.sources.get(column.text("table"))
    return (
        isinstance(table, AllowedTable)
        and table.columns.get(column.name, "").lower() in _WHOLE_TYPES
    )
