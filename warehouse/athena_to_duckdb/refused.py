"""Constructs that DuckDB would compute otherwise without a word: refused by name."""

from sqlglot import exp

from domain.errors import RepairableError


def refuse(node: exp.Expr) -> exp.Expr:
    """Raises RepairableError for a construct that has no equal; returns any other node as it is."""
    construct = _unequal_construct(node)
    if construct:
        raise RepairableError(
            f"{construct} cannot be run on DuckDB as Athena would.",
            hint="Write the query without it.",
            rule="unsupported_construct",
        )
    return node


def _unequal_construct(node: exp.Expr) -> str:
    if isinstance(node, exp.Format):
        return "format()"
    if isinstance(node, exp.ArraySort) and node.expression:
        return "array_sort() with a comparator"
    if isinstance(node, exp.ApproxQuantile) and node.args.get("weight"):
        return "approx_percentile() with weights"
    if isinstance(node, exp.Cast) and node.to.is_type("char", "nchar"):
        return "CAST AS CHAR, which pads with spaces,"
    return ""
