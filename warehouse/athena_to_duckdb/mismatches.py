"""Types that Trino does not compare or combine, and DuckDB would cast without a word."""

from collections.abc import Iterator

from sqlglot import exp

from domain.errors import RepairableError
from warehouse.athena_to_duckdb.types import FLOATS, INTEGERS, TYPE

_FAMILIES = {
    "varchar": exp.DataType.TEXT_TYPES,
    "number": (*INTEGERS, *FLOATS, TYPE.DECIMAL),
    "date or timestamp": (TYPE.DATE, TYPE.TIMESTAMP, TYPE.TIMESTAMPTZ),
    "time": (TYPE.TIME, TYPE.TIMETZ),
    "boolean": (TYPE.BOOLEAN,),
    "interval": (TYPE.INTERVAL,),
}
_FAMILY = {kind: family for family, kinds in _FAMILIES.items() for kind in kinds}
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod)


def check_types(tree: exp.Expr) -> None:
    """Raises RepairableError, in Trino's words, where operands have types that do not meet.

    Needs `annotate_types` to have run; what has no known type is left alone.
    """
    for node in tree.walk():
        for left, right in _pairs(node):
            if _differ(left, right):
                raise _mismatch(node, left, right)


def _pairs(node: exp.Expr) -> Iterator[tuple[exp.Expr, exp.Expr]]:
    """Yields the operands that have to be of one family."""
    if isinstance(node, _COMPARISONS):
        yield node.this, node.expression
    elif isinstance(node, exp.Between):
        yield node.this, node.args["low"]
        yield node.this, node.args["high"]
    elif isinstance(node, exp.In | exp.Coalesce):
        yield from ((node.this, item) for item in node.expressions)
    elif isinstance(node, _ARITHMETIC):
        yield from _arithmetic(node)


def _arithmetic(node: exp.Expr) -> Iterator[tuple[exp.Expr, exp.Expr]]:
    left, right = node.this, node.expression
    families = {_family(left), _family(right)}
    if None in families or "interval" in families:
        return
    is_difference = isinstance(node, exp.Sub) and families == {"date or timestamp"}
    if families != {"number"} and not is_difference:
        yield left, right


def _differ(left: exp.Expr, right: exp.Expr) -> bool:
    families = _family(left), _family(right)
    return None not in families and families[0] != families[1]


def _family(node: exp.Expr) -> str | None:
    if isinstance(node, exp.Null) or node.type is None:
        return None
    return _FAMILY.get(node.type.this)


def _mismatch(node: exp.Expr, left: exp.Expr, right: exp.Expr) -> RepairableError:
    families = _family(left), _family(right)
    hint = "Cast one side, or compare with a literal of the same type."
    if "varchar" in families and "date or timestamp" in families:
        hint = "Write a literal as DATE '2026-01-31' or TIMESTAMP '2026-01-31 10:00:00'."
    return RepairableError(
        f"Cannot apply {node.key.upper()} to {families[0]} and {families[1]}: "
        f"{left.sql('athena')[:80]}, {right.sql('athena')[:80]}.",
        hint=hint,
        rule="type_mismatch",
    )
