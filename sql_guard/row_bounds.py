"""How many rows a source has at most, where the statement alone decides it."""

from math import prod

from sqlglot import exp

from sql_guard.aggregates import is_aggregated
from sql_guard.allowed_schema import AllowedTable
from sql_guard.constant_values import series_length
from sql_guard.query_views import QueryView, Source
from sql_guard.rules import GuardRules


def row_bound(source: Source, rules: GuardRules) -> int | None:
    """Returns the most rows the source can have; None where the data decides."""
    if isinstance(source, AllowedTable):
        return None
    expression = source.expression
    if isinstance(expression, exp.Values):
        return len(expression.expressions)
    if isinstance(expression, exp.Unnest):
        return _unnest_bound(expression)
    if source.operands:
        bounds = [row_bound(operand, rules) for operand in source.operands]
        return _limited(source, None if None in bounds else sum(b for b in bounds if b))
    if source.select is None:
        return None
    return _limited(source, _select_bound(source, source.select, rules))


def _select_bound(view: QueryView, select: exp.Select, rules: GuardRules) -> int | None:
    if not select.args.get("group") and is_aggregated(view, rules):
        return 1
    bounds = [row_bound(source, rules) for source in view.sources.values()]
    return None if None in bounds else prod(b for b in bounds if b is not None)


def _limited(view: QueryView, bound: int | None) -> int | None:
    limit = view.expression.args.get("limit")
    if isinstance(limit, exp.Limit) and limit.expression.is_int:
        count = int(limit.expression.name)
        return count if bound is None else min(bound, count)
    return bound


def _unnest_bound(unnest: exp.Unnest) -> int | None:
    """UNNEST of several arrays is as long as the longest."""
    lengths = [_array_length(array) for array in unnest.expressions]
    return None if None in lengths else max((n for n in lengths if n is not None), default=0)


def _array_length(array: exp.Expr) -> int | None:
    if isinstance(array, exp.Array):
        return len(array.expressions)
    if isinstance(array, exp.GenerateSeries | exp.GenerateDateArray | exp.GenerateTimestampArray):
        return series_length([a for a in array.args.values() if isinstance(a, exp.Expr)])
    return None
