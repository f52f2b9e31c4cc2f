"""Rewritings of a gold statement whose result shows what it really depends on."""

from collections.abc import Iterator

import sqlglot
from sqlglot import exp

_VOLATILE = (exp.Rand, exp.CurrentDate, exp.CurrentTimestamp, exp.CurrentTime)
_VOLATILE_NAMES = frozenset({"random", "now", "today", "uuid", "gen_random_uuid", "nextval"})


def volatile_parts(tree: exp.Expr, dialect: str) -> list[str]:
    """Returns functions whose value changes from run to run."""
    named = (f for f in tree.find_all(exp.Anonymous) if f.name.lower() in _VOLATILE_NAMES)
    return [part.sql(dialect=dialect) for part in (*tree.find_all(*_VOLATILE), *named)]


def is_cut_without_order(tree: exp.Expr) -> bool:
    """True where some LIMIT takes rows that nothing puts in order."""
    return any(
        query.args.get("limit") is not None and query.args.get("order") is None
        for query in tree.find_all(exp.Query)
    )


def opposite_ties(tree: exp.Expr, dialect: str) -> tuple[str, str] | None:
    """Returns the statement with its ties broken one way, and the other; None without ORDER BY."""
    if not isinstance(tree, exp.Select) or tree.args.get("order") is None:
        return None
    one, other = (_broken_ties(tree, descending=way) for way in (False, True))
    return one.sql(dialect=dialect), other.sql(dialect=dialect)


def _broken_ties(tree: exp.Select, *, descending: bool) -> exp.Select:
    copy = tree.copy()
    for place in range(1, len(copy.selects) + 1):
        key = exp.Ordered(this=exp.Literal.number(place), desc=descending)
        copy.args["order"].append("expressions", key)
    return copy


def without_each_condition(tree: exp.Expr, dialect: str) -> Iterator[tuple[str, str]]:
    """Yields each condition of a WHERE, and the statement without it."""
    for number, where in enumerate(tree.find_all(exp.Where)):
        conditions = list(where.this.flatten()) if isinstance(where.this, exp.And) else [where.this]
        for place, condition in enumerate(conditions):
            copy = tree.copy()
            target = list(copy.find_all(exp.Where))[number]
            kept = [c.copy() for at, c in enumerate(conditions) if at != place]
            target.replace(exp.Where(this=exp.and_(*kept))) if kept else target.pop()
            yield condition.sql(dialect=dialect), copy.sql(dialect=dialect)


def parse_gold(sql: str, dialect: str) -> exp.Expr:
    """Returns the tree of a gold statement; raises SqlglotError."""
    return sqlglot.parse_one(sql, dialect=dialect)
