"""Numbers: integer division, the types of sums and averages, rounding casts."""

from sqlglot import exp

from domain.errors import RepairableError
from warehouse.athena_to_duckdb.macros import macro
from warehouse.athena_to_duckdb.value_types import FLOATS, TYPE, decimal_size, decimal_type
from warehouse.query_errors import refusal

_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod)
_INTEGER = exp.DataType.INTEGER_TYPES
_DECIMAL = TYPE.DECIMAL
_WIDEST_DECIMAL = 38
_MOST_ROUNDED = 18
_LESS_THAN_A_ROW = 1e-12


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


def single_arithmetic(node: exp.Expr) -> exp.Expr:
    """REAL with a whole or an exact number is REAL."""
    if not isinstance(node, _ARITHMETIC) or not node.is_type(TYPE.FLOAT):
        return node
    for key in ("this", "expression"):
        if not node.args[key].is_type(TYPE.FLOAT):
            node.set(key, exp.cast(node.args[key], TYPE.FLOAT))
    return exp.cast(node.copy(), TYPE.FLOAT) if isinstance(node, exp.Div) else node


def sign(node: exp.Expr) -> exp.Expr:
    """The sign of a number has its type; that of NaN is NaN."""
    if not isinstance(node, exp.Sign) or not node.this.is_type(*_INTEGER, *FLOATS):
        return node
    found = macro("sign_of", node.this) if node.this.is_type(*FLOATS) else node.copy()
    return exp.cast(found, node.this.type) if node.this.type is not None else found


def truncated(node: exp.Expr) -> exp.Expr:
    """Trino truncates decimals alone to a number of digits."""
    if isinstance(node, exp.Trunc) and node.args.get("decimals") and node.this.is_type(*FLOATS):
        raise refusal("truncate() of a double to some digits")
    return node


def rounded(node: exp.Expr) -> exp.Expr:
    """A whole number rounds to at most 18 digits before its point."""
    places = node.args.get("decimals")
    if not isinstance(places, exp.Neg) or not node.this.is_type(*_INTEGER):
        return node
    if places.this.is_int and int(places.this.name) > _MOST_ROUNDED:
        raise RepairableError("numerical overflow in round()", rule="numeric_out_of_range")
    return node


def greatest_number(node: exp.Expr) -> exp.Expr:
    """`max` passes over NaN while there is another number."""
    aggregate = _whole_aggregate(node)
    if not isinstance(aggregate, exp.Max) or aggregate.expressions:
        return node
    value = aggregate.this
    if not value.is_type(*FLOATS) or isinstance(value, exp.Distinct):
        return node
    numbers = node.copy()
    inner = numbers if isinstance(numbers, exp.Max) else numbers.find(exp.Max)
    if inner is not None:
        is_nan = exp.Anonymous(this="isnan", expressions=[value.copy()])
        inner.set("this", exp.Case(ifs=[exp.If(this=exp.Not(this=is_nan), true=value.copy())]))
    return exp.Coalesce(this=numbers, expressions=[node.copy()])


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


_SINGLE = (
    exp.Sum, exp.Avg, exp.Corr, exp.CovarPop, exp.CovarSamp, exp.RegrSlope, exp.RegrIntercept,
)  # fmt: skip
_FINITE = (exp.Corr, exp.RegrSlope, exp.RegrIntercept)


def single_precision(node: exp.Expr) -> exp.Expr:
    """Aggregates of REAL are REAL; a correlation that is no number is NULL."""
    aggregate = _whole_aggregate(node)
    if not isinstance(aggregate, _SINGLE):
        return node
    result = macro("finite", node.copy()) if isinstance(aggregate, _FINITE) else node
    if _argument(aggregate).is_type(TYPE.FLOAT):
        return exp.cast(result.copy(), TYPE.FLOAT)
    return result


_SHIFTS = {
    "bitwise_left_shift": "shift_left",
    "bitwise_right_shift": "shift_right",
    "bitwise_right_shift_arithmetic": "shift_right_arithmetic",
}
_BITS = {TYPE.TINYINT: 8, TYPE.SMALLINT: 16, TYPE.INT: 32, TYPE.BIGINT: 64}


def shifted(node: exp.Expr) -> exp.Expr:
    """A shift stays within the bits of its type."""
    name = node.name.lower() if isinstance(node, exp.Anonymous) else ""
    if name not in _SHIFTS or len(node.expressions) != 2:
        return node
    value, count = node.expressions
    bits = _BITS.get(value.type.this) if value.type is not None else None
    if bits is None:
        raise refusal(f"{name}() of a value whose type is not known")
    return macro(_SHIFTS[name], value, count, exp.Literal.number(bits))


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
    """The exact value of the column at the percentile; between two, the greater, as in Trino."""
    if isinstance(node, exp.ApproxQuantile) and not node.args.get("weight"):
        quantile = node.args["quantile"].transform(_just_above)
        return exp.Anonymous(this="quantile_disc", expressions=[node.this, quantile])
    return node


def _just_above(node: exp.Expr) -> exp.Expr:
    """Moves a literal percentile by less than one row of any table."""
    if not isinstance(node, exp.Literal) or node.is_string or not 0 < float(node.name) < 1:
        return node
    return exp.Literal.number(f"{float(node.name) + _LESS_THAN_A_ROW:.13f}")


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
