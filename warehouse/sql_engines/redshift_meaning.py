"""What a tree that means in Postgres what it means in Athena still needs for Redshift."""

from collections.abc import Callable

from sqlglot import exp

from warehouse.sql_engines.postgres_meaning import refusal

_DATE = exp.DataType.Type.DATE
_DECIMAL = exp.DataType.Type.DECIMAL
_EXACT = "DECIMAL(38, 12)"
"""Plain DECIMAL is DECIMAL(18, 0) there, which would round at once."""
_REFUSED: dict[type[exp.Expr], str] = {
    exp.Array: "arrays",
    exp.ArrayAgg: "array_agg()",
    exp.Map: "maps",
    exp.PercentileDisc: "approx_percentile()",
    exp.NullSafeEQ: "IS NOT DISTINCT FROM",
    exp.NullSafeNEQ: "IS DISTINCT FROM",
}


def mend_for_redshift(tree: exp.Expr) -> None:
    """Rewrites the tree in place, the inner nodes first; `mend` has run before.

    Raises RepairableError for a construct whose meaning cannot be kept.
    """
    for node in reversed(list(tree.walk())):
        name = _REFUSED.get(type(node))
        if name:
            raise refusal(name)
        rewrite = _REWRITES.get(type(node))
        if rewrite:
            rewrite(node)


def _size_decimal(node: exp.Expr) -> None:
    if isinstance(node, exp.Cast) and node.to.is_type(_DECIMAL) and not node.to.expressions:
        node.set("to", exp.DataType.build(_EXACT, dialect="redshift"))


def _replace_all(node: exp.Expr) -> None:
    """Redshift replaces every match, and takes a number where Postgres takes `g`."""
    parts = (node.this, node.expression, node.args["replacement"])
    replaced = [part.copy() for part in parts]
    node.replace(exp.Anonymous(this="REGEXP_REPLACE", expressions=replaced))


def _monday_first(node: exp.Expr) -> None:
    """There is no ISODOW: Sunday is 0."""
    if node.name.upper() != "ISODOW":
        return
    day = exp.Extract(this=exp.var("DOW"), expression=node.expression.copy())
    sunday = exp.EQ(this=day.copy(), expression=exp.Literal.number(0))
    node.replace(exp.Case().when(sunday, exp.Literal.number(7)).else_(day))


def _elapsed_days(node: exp.Expr) -> None:
    """DATEDIFF counts boundaries: of two dates, days alone are the same."""
    unit = node.text("unit").upper() or "DAY"
    if unit != "DAY" or not (node.this.is_type(_DATE) and node.expression.is_type(_DATE)):
        raise refusal(f"date_diff('{unit.lower()}') of anything but days of two dates")


def _listagg(node: exp.Expr) -> None:
    ordered, separator = node.this, node.args.get("separator") or exp.Literal.string("")
    if not isinstance(ordered, exp.Order):
        raise refusal("listagg() without WITHIN GROUP")
    joined = exp.Anonymous(this="LISTAGG", expressions=[ordered.this.copy(), separator.copy()])
    order = exp.Order(expressions=[key.copy() for key in ordered.expressions])
    node.replace(exp.WithinGroup(this=joined, expression=order))


_REWRITES: dict[type[exp.Expr], Callable[[exp.Expr], None]] = {
    exp.Cast: _size_decimal,
    exp.TryCast: _size_decimal,
    exp.RegexpReplace: _replace_all,
    exp.Extract: _monday_first,
    exp.DateDiff: _elapsed_days,
    exp.GroupConcat: _listagg,
}
