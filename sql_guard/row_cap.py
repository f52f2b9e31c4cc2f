"""LIMIT on every statement."""

from sqlglot import exp


def apply_row_cap(tree: exp.Query, row_cap: int) -> exp.Query:
    """Adds a LIMIT unless the statement has one that is as small."""
    limit = tree.args.get("limit")
    count = limit.args.get("count") if isinstance(limit, exp.Fetch) else None
    if isinstance(limit, exp.Limit):
        count = limit.expression
    if isinstance(count, exp.Literal) and count.is_int and int(count.name) <= row_cap:
        return tree
    if isinstance(limit, exp.Fetch) and count is None:
        return tree
    tree.set("limit", exp.Limit(expression=exp.Literal.number(row_cap)))
    return tree
