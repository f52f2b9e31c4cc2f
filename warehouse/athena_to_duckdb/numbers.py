"""Numbers: integer division, the types of sums and averages, rounding casts."""

from sqlglot import exp

from warehouse.athena_to_duckdb.macros import macro
from warehouse.athena_to_duckdb.types import TYPE, decimal_size, decimal_type

_INTEGER = exp.DataType.INTEGER_TYPES
_DECIMAL = TYPE.DECIMAL
_WIDEST_DECIMAL = 38


def divide(node: exp.Expr) -> exp.Expr:
    """Integers divide to a truncated integer and raise on zero; decimals keep their scale."""
    if not isinstance(node, exp.Div):
        return node
    left, right = node.this, node.expression
    if left.is_type(*_INTEGER) and right.is_type(*_INTEGER):
        return exp.Anonymous(this="divide", expressions=[left, right])
    sizes = decimal_size(left), decimal_size(right)
    if not any(side.is_type(_DECIMAL) for side in (left, right)) or None in sizes:
        return node
    (_, left_scale), (_, right_scale) = (size or (0, 0) for size in sizes)
    scale = max(left_scale, right_scale)
    quotient = _exact_quotient(left, left_scale, right, right_scale, scale)
    quotient.type = decimal_type(_WIDEST_DECIMAL, scale)
    return quotient


def _exact_quotient(
    left: exp.Expr, left_scale: int, right: exp.Expr, right_scale: int, scale: int
) -> exp.Expr:
    """Divides as whole numbers and rounds half away from zero: no double comes between."""
    dividend = _unscaled(left, left_scale, scale + right_scale)
    divisor = _unscaled(right, right_scale, right_scale)
    return _scaled(macro("quotient", dividend, divisor), scale)


def _unscaled(node: exp.Expr, held: int, wanted: int) -> exp.Expr:
    """Returns the number times ten to the power of `wanted`, as a whole number."""
    wide: exp.Expr = exp.cast(exp.Paren(this=node), f"DECIMAL({_WIDEST_DECIMAL}, {held})")
    if wanted:
        wide = exp.Paren(this=exp.Mul(this=wide, expression=_power_of_ten(wanted)))
    return exp.cast(wide, "HUGEINT")


def _scaled(whole: exp.Expr, scale: int) -> exp.Expr:
    """Returns a whole number divided by ten to the power of `scale`, exactly."""
    wide = exp.cast(whole, f"DECIMAL({_WIDEST_DECIMAL}, 0)")
    if not scale:
        return wide
    tenth = exp.Literal.number("0." + "0" * (scale - 1) + "1")
    return exp.Paren(this=exp.Mul(this=wide, expression=tenth))


def _power_of_ten(exponent: int) -> exp.Expr:
    return exp.Literal.number(10**exponent)


def sum_of_integers(node: exp.Expr) -> exp.Expr:
    """A sum of integers is a bigint, not wider."""
    aggregate = _whole_aggregate(node)
    if isinstance(aggregate, exp.Sum) and _argument(aggregate).is_type(*_INTEGER):
        return exp.cast(node, "BIGINT")
    return node


def average_of_decimals(node: exp.Expr) -> exp.Expr:
    """An average of decimals has their scale, rounded from the exact sum."""
    aggregate = _whole_aggregate(node)
    if not isinstance(aggregate, exp.Avg) or not _argument(aggregate).is_type(_DECIMAL):
        return node
    size = decimal_size(_argument(aggregate))
    if size is None:
        return node
    total, count = (_with_aggregate(node, aggregate, kind) for kind in (exp.Sum, exp.Count))
    wide = exp.cast(count, "HUGEINT")
    average = _scaled(macro("quotient", _unscaled(total, size[1], size[1]), wide), size[1])
    average.type = aggregate.type
    return average


def _with_aggregate(
    node: exp.Expr, aggregate: exp.Expr, kind: type[exp.Sum] | type[exp.Count]
) -> exp.Expr:
    """Returns a copy of the whole with another aggregate of the same argument."""
    other = kind(this=aggregate.this.copy())
    if node is aggregate:
        return other
    whole = node.copy()
    inner = next(found for found in whole.find_all(exp.Avg))
    inner.replace(other)
    return whole


def conditional_count(node: exp.Expr) -> exp.Expr:
    """DuckDB's own COUNT_IF is a sum: NULL instead of 0 where there is no row."""
    if isinstance(node, exp.CountIf) and not isinstance(node.this, exp.Distinct):
        counted = exp.Case(ifs=[exp.If(this=node.this, true=exp.Literal.number(1))])
        return exp.Count(this=counted, big_int=True)
    return node


_ERROR_OF_DUCKDB = 0.05
"""DuckDB's own approximate count is a few percent off."""


def exact_distinct_count(node: exp.Expr) -> exp.Expr:
    """The exact count lies within every promised error; a large one allows DuckDB's own."""
    if isinstance(node, exp.ApproxDistinct):
        allowed = node.args.get("accuracy")
        if isinstance(allowed, exp.Literal) and float(allowed.this) >= _ERROR_OF_DUCKDB:
            return exp.Anonymous(this="approx_count_distinct", expressions=[node.this])
        return exp.Count(this=exp.Distinct(expressions=[node.this]))
    return node


def exact_percentile(node: exp.Expr) -> exp.Expr:
    """The exact value of the column at the percentile."""
    if isinstance(node, exp.ApproxQuantile) and not node.args.get("weight"):
        quantile = node.args["quantile"]
        return exp.Anonymous(this="quantile_disc", expressions=[node.this, quantile])
    return node


def _whole_aggregate(node: exp.Expr) -> exp.Expr | None:
    """Returns the aggregate where `node` is all of it, FILTER and OVER included."""
    parent = node.parent
    if isinstance(parent, exp.Filter | exp.Window) and parent.this is node:
        return None
    while isinstance(node, exp.Filter | exp.Window):
        node = node.this
    return node


def _argument(aggregate: exp.Expr) -> exp.Expr:
    argument: exp.Expr = aggregate.this
    if isinstance(argument, exp.Distinct):
        first: exp.Expr = argument.expressions[0]
        return first
    return argument


def logarithm(node: exp.Expr) -> exp.Expr:
    """Logarithms of zero and less are -Infinity and NaN, not errors."""
    if not isinstance(node, exp.Log):
        return node
    base, value = node.this, node.expression
    if value is None:
        return macro("natural_log", base)
    names = {"2": "log_2", "10": "log_10"}
    if isinstance(base, exp.Literal) and base.name in names:
        return macro(names[base.name], value)
    return macro("log_of", base, value)


def random_number(node: exp.Expr) -> exp.Expr:
    """`random(n)` and `random(m, n)` give whole numbers below n."""
    if not isinstance(node, exp.Rand) or node.this is None:
        return node
    low, high = exp.Literal.number(0), node.this
    if node.args.get("lower") is not None:
        low, high = node.this, node.args["lower"]
    return macro("random_between", low, high)
