"""How many columns the stars of a statement stand for, before they are written out."""

from math import prod

from sqlglot import exp

from sql_guard.allowed_schema import AllowedSchema
from sql_guard.rejection import reject
from sql_guard.rules import Limits
from sql_guard.syntax_nodes import NodesByKind, nodes_of


def check_stars(kinds: NodesByKind, schema: AllowedSchema, limits: Limits) -> None:
    """Refuses stars that could unfold into more columns than allowed.

    The bound multiplies over queries, because each may read the other's star more than once.
    """
    factors = [_factor(select) for select in nodes_of(kinds, exp.Select) if select.is_star]
    if not factors:
        return
    widths = [
        len(table.columns)
        for node in nodes_of(kinds, exp.Table)
        if (table := schema.table(node.db, node.name)) is not None
    ]
    if (sum(widths) + 1) * prod(factors) > limits.star_columns:
        raise reject(
            "too_complex",
            f"The stars of the statement may stand for more than {limits.star_columns} columns.",
            "Name the columns that are needed.",
        )


def _factor(select: exp.Select) -> int:
    stars = sum(1 for projection in select.expressions if projection.is_star)
    sources = 1 + len(select.args.get("joins") or [])
    bare = sum(1 for projection in select.expressions if isinstance(projection, exp.Star))
    return max(1, stars - bare + bare * sources)
