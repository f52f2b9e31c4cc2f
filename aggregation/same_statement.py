"""Tells whether two statements must give the same result, so that one of them need not run."""

import sqlglot
from sqlglot import exp

_DIALECT = "athena"


def is_same_statement(one: str, other: str, rows: int) -> bool:
    """True where `other` must give what `one` gave, were it `rows` rows long.

    Both are SQL that the guard wrote, so columns are spelled alike. Names and order of output
    columns make no difference, nor does the order of rows or a limit that cut none of them.
    """
    if one == other:
        return True
    first, second = (sqlglot.parse_one(sql, read=_DIALECT) for sql in (one, other))
    return _meaning(first, rows) is not None and _meaning(first, rows) == _meaning(second, rows)


def _meaning(tree: exp.Expr, rows: int) -> tuple[frozenset[exp.Expr], exp.Expr] | None:
    """Returns the output columns and all else that decides on rows; None where they do not."""
    if not isinstance(tree, exp.Select) or not _keeps(tree.args.get("limit"), rows):
        return None
    rest = tree.copy()
    outputs = frozenset(projection.unalias() for projection in rest.selects)
    for part in ("limit", "order"):
        rest.set(part, None)
    rest.set("expressions", [])
    group = rest.args.get("group")
    if group is not None:
        group.set("expressions", sorted(group.expressions, key=lambda key: str(key.sql(_DIALECT))))
    return outputs, rest


def _keeps(limit: exp.Expr | None, rows: int) -> bool:
    """True where a limit is above the number of rows, so that it cut none."""
    if limit is None:
        return True
    bound = limit.expression
    return isinstance(bound, exp.Literal) and bound.is_int and int(bound.this) > rows
