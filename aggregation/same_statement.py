"""Tells whether two statements must give the same result, so that one of them need not run."""

import sqlglot
from sqlglot import exp

from aggregation.statement_scope import DIALECT

_Meaning = tuple[frozenset[exp.Expr], frozenset[exp.Expr], exp.Expr]


def is_same_statement(one: str, other: str, rows: int) -> bool:
    """True where `other` must give what `one` gave, were it `rows` rows long.

    Both are SQL that the guard wrote, so columns are spelled alike. Names and order of output
    columns make no difference, nor does the order of rows or a limit that cut none of them.
    """
    if one == other:
        return True
    meaning = _meaning(one, rows)
    return meaning is not None and meaning == _meaning(other, rows)


def _meaning(
    sql: str, rows: int
) -> tuple[frozenset[exp.Expr], frozenset[exp.Expr], exp.Expr] | None:
    """Returns output columns, keys, and all else that decides on rows; None where more does."""
    tree = sqlglot.parse_one(sql, read=DIALECT)
    if not isinstance(tree, exp.Select) or not _keeps(tree.args.get("limit"), rows):
        return None
    outputs = frozenset(projection.unalias() for projection in tree.selects)
    group = tree.args.get("group")
    keys = frozenset(group.expressions) if group is not None else frozenset()
    for part in ("limit", "order", "expressions"):
        tree.set(part, None)
    if group is not None:
        group.set("expressions", None)
    return outputs, keys, tree


def _keeps(limit: exp.Expr | None, rows: int) -> bool:
    """True where a limit is above the number of rows, so that it cut none."""
    if limit is None:
        return True
    bound = limit.expression
    return isinstance(bound, exp.Literal) and bound.is_int and int(bound.this) > rows
