"""Comparisons: NaN is not equal to itself, and a NULL inside a nested value makes NULL."""

from sqlglot import exp

from warehouse.athena_to_duckdb.macros import macro
from warehouse.athena_to_duckdb.value_types import FLOATS, NESTED, TYPE, element_type
from warehouse.query_errors import refusal

_ARRAYS = (TYPE.ARRAY, TYPE.LIST)
_ORDERINGS = (exp.GT, exp.GTE, exp.LT, exp.LTE)


def compare(node: exp.Expr) -> exp.Expr:
    """Applies the rule of the operands' types."""
    if isinstance(node, exp.Between):
        return _between(node)
    if not isinstance(node, (exp.EQ, exp.NEQ, *_ORDERINGS)):
        return node
    sides = node.this, node.expression
    if isinstance(node.expression, exp.All | exp.Any):
        return node
    if any(side.is_type(TYPE.JSON) for side in sides):
        raise refusal("A comparison of JSON values")
    if any(isinstance(side.unnest(), exp.Tuple) for side in sides):
        return _compare_rows(node)
    if any(side.is_type(*NESTED) for side in sides):
        return _compare_nested(node)
    if any(side.is_type(*FLOATS) for side in sides):
        return _without_nan(node)
    return node


def _between(node: exp.Between) -> exp.Expr:
    bounds = node.args["low"], node.args["high"]
    if not any(_may_be_nan(side) for side in (node.this, *bounds)):
        return node
    low = exp.GTE(this=node.this.copy(), expression=bounds[0])
    high = exp.LTE(this=node.this, expression=bounds[1])
    return exp.Paren(this=exp.And(this=compare(low), expression=compare(high)))


def _may_be_nan(side: exp.Expr) -> bool:
    return side.is_type(*FLOATS) and not isinstance(side.unnest(), exp.Literal)


def _without_nan(node: exp.Expr) -> exp.Expr:
    """DuckDB holds NaN to be the greatest number and equal to itself."""
    left, right = node.this, node.expression
    guarded = right if isinstance(node, exp.LT | exp.LTE) else left
    if isinstance(node, exp.EQ | exp.NEQ):
        if not (_may_be_nan(left) and _may_be_nan(right)):
            return node
    elif not _may_be_nan(guarded):
        return node
    is_nan = exp.Anonymous(this="isnan", expressions=[guarded.copy()])
    typed = node.type
    if isinstance(node, exp.NEQ):
        other = exp.Not(this=exp.Is(this=exp.Paren(this=right.copy()), expression=exp.null()))
        differs = exp.Paren(this=exp.And(this=is_nan, expression=other))
        found = exp.Paren(this=exp.Or(this=node.copy(), expression=differs))
    else:
        found = exp.Paren(this=exp.And(this=node.copy(), expression=exp.Not(this=is_nan)))
    found.type = typed
    return found


def _compare_rows(node: exp.Expr) -> exp.Expr:
    """`(a, b) = (c, d)` is `a = c AND b = d`, NULL included."""
    left, right = node.this.unnest(), node.expression.unnest()
    is_pair = isinstance(left, exp.Tuple) and isinstance(right, exp.Tuple)
    if not is_pair or len(left.expressions) != len(right.expressions):
        return node
    if not isinstance(node, exp.EQ | exp.NEQ):
        raise refusal("An ordering of rows")
    pairs = zip(left.expressions, right.expressions, strict=True)
    equal = exp.and_(*(compare(exp.EQ(this=a, expression=b)) for a, b in pairs), copy=False)
    return (
        exp.Not(this=exp.Paren(this=equal)) if isinstance(node, exp.NEQ) else exp.Paren(this=equal)
    )


def _compare_nested(node: exp.Expr) -> exp.Expr:
    left, right = node.this, node.expression
    if not (left.is_type(*_ARRAYS) and right.is_type(*_ARRAYS)):
        if isinstance(left.unnest(), exp.Struct) and isinstance(right.unnest(), exp.Struct):
            return _compare_rows(_as_tuples(node))
        raise refusal("A comparison of maps or rows")
    elements = [element_type(side) for side in (left, right)]
    if any(e is None or e.is_type(*NESTED, *FLOATS, TYPE.UNKNOWN) for e in elements):
        raise refusal("A comparison of arrays of arrays, of rows, of doubles or of unknown type")
    if isinstance(node, exp.EQ | exp.NEQ):
        equal = macro("equal_arrays", left, right)
        return exp.Not(this=equal) if isinstance(node, exp.NEQ) else equal
    for key in ("this", "expression"):
        node.set(key, macro("without_nulls", node.args[key]))
    return node


def _as_tuples(node: exp.Expr) -> exp.Expr:
    for key in ("this", "expression"):
        node.set(key, exp.Tuple(expressions=node.args[key].unnest().expressions))
    return node


def null_safe(node: exp.Expr) -> exp.Expr:
    """`IS DISTINCT FROM` compares JSON by its text, not its value."""
    if isinstance(node, exp.NullSafeEQ | exp.NullSafeNEQ) and any(
        side.is_type(TYPE.JSON) for side in (node.this, node.expression)
    ):
        raise refusal("A comparison of JSON values")
    return node
