"""Numbers: integer division, the types of sums and averages, rounding casts."""

from sqlglot import exp

_INTEGER = exp.DataType.INTEGER_TYPES
_FLOAT = exp.DataType.FLOAT_TYPES
_DECIMAL = exp.DataType.Type.DECIMAL
_WIDEST_DECIMAL = 38


def divide(node: exp.Expr) -> exp.Expr:
    """Integers divide to a truncated integer and raise on zero; decimals keep their scale."""
    if not isinstance(node, exp.Div):
        return node
    left, right = node.this, node.expression
    if left.is_type(*_INTEGER) and right.is_type(*_INTEGER):
        return exp.Anonymous(this="divide", expressions=[left, right])
    scales = [_scale(side) for side in (left, right)]
    if None in scales or not any(side.is_type(_DECIMAL) for side in (left, right)):
        return node
    node.set("typed", False)
    return exp.cast(node, f"DECIMAL({_WIDEST_DECIMAL}, {max(s for s in scales if s is not None)})")


def sum_of_integers(node: exp.Expr) -> exp.Expr:
    """A sum of integers is a bigint, not wider."""
    aggregate = _whole_aggregate(node)
    if isinstance(aggregate, exp.Sum) and _argument(aggregate).is_type(*_INTEGER):
        return exp.cast(node, "BIGINT")
    return node


def average_of_decimals(node: exp.Expr) -> exp.Expr:
    """An average of decimals has their scale, not a double's."""
    aggregate = _whole_aggregate(node)
    if isinstance(aggregate, exp.Avg):
        argument = _argument(aggregate)
        if (
            argument.is_type(_DECIMAL)
            and argument.type is not None
            and _scale(argument) is not None
        ):
            return exp.cast(node, argument.type.copy())
    return node


def cast_to_integer(node: exp.Expr) -> exp.Expr:
    """A fraction of one half is rounded away from zero, not to the even neighbour."""
    if isinstance(node, exp.Cast) and node.to.is_type(*_INTEGER) and node.this.is_type(*_FLOAT):
        node.set("this", exp.Round(this=node.this))
    return node


def exact_distinct_count(node: exp.Expr) -> exp.Expr:
    """The exact count lies within every promised error."""
    if isinstance(node, exp.ApproxDistinct):
        return exp.Count(this=exp.Distinct(expressions=[node.this]))
    return node


def exact_percentile(node: exp.Expr) -> exp.Expr:
    """The exact value of the column at the percentile."""
    if isinstance(node, exp.ApproxQuantile) and not node.args.get("weight"):
        quantile = node.args["quantile"]
        return exp.Anonymous(this="quantile_disc", expressions=[node.this, quantile])
    return node


def _scale(node: exp.Expr) -> int | None:
    """Returns the digits after the point of an exact number; None where they are not known."""
    if node.is_type(*_INTEGER):
        return 0
    sizes = node.type.expressions if node.type is not None and node.is_type(_DECIMAL) else []
    return int(sizes[1].name) if len(sizes) == 2 else None


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
