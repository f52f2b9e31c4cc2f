"""Types the texts that are compared with dates: Athena does not turn one into the other."""

import re
from collections.abc import Iterator
from datetime import date

from sqlglot import exp

from domain.dictionary import Dictionary

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?")
_PREFIX = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-?%)?")
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In)


def type_dates(tree: exp.Query, dictionary: Dictionary) -> exp.Query | None:
    """Returns the statement with ISO texts beside date columns as dates; a month as its days."""
    names = _date_columns(tree, dictionary)
    changed = [_as_range(node, names) for node in list(tree.find_all(exp.EQ, exp.Like))]
    changed += [_type(literal) for literal in list(_compared_texts(tree, names))]
    return tree if any(changed) else None


def _date_columns(tree: exp.Query, dictionary: Dictionary) -> frozenset[str]:
    """Returns names that are dates in every table read; a name that is both is left alone."""
    tables = dictionary.tables_named({table.name for table in tree.find_all(exp.Table)})
    columns = [column for table in tables for column in table.columns]
    dates = {c.name.lower() for c in columns if c.type.startswith(("date", "timestamp"))}
    return frozenset(dates - {c.name.lower() for c in columns if c.type.startswith("varchar")})


def _compared_texts(tree: exp.Query, names: frozenset[str]) -> Iterator[exp.Literal]:
    for comparison in tree.find_all(*_COMPARISONS):
        sides = list(comparison.iter_expressions())
        if any(_is_date(side, names) for side in sides):
            yield from (s for s in sides if isinstance(s, exp.Literal) and s.is_string)


def _is_date(node: exp.Expr, names: frozenset[str]) -> bool:
    if isinstance(node, exp.Column):
        return node.name.lower() in names
    return isinstance(node, exp.DateTrunc | exp.TimestampTrunc | exp.CurrentDate | exp.DateAdd)


def _type(literal: exp.Literal) -> bool:
    if _DAY.fullmatch(literal.name):
        literal.replace(exp.cast(literal.copy(), "date"))
        return True
    if _MOMENT.fullmatch(literal.name):
        literal.replace(exp.cast(literal.copy(), "timestamp"))
        return True
    return False


def _as_range(node: exp.Expr, names: frozenset[str]) -> bool:
    """`day = '2026-09'` and `day LIKE '2026%'` mean every day of it."""
    found = _PREFIX.fullmatch(node.expression.name) if _is_text(node.expression) else None
    if found is None or not isinstance(node.this, exp.Column) or not _is_date(node.this, names):
        return False
    first = date(int(found[1]), int(found[2] or 1), 1)
    month = first.month + 1 if found[2] else 13
    last = date(first.year + (month > 12), 1 if month > 12 else month, 1)
    since = exp.GTE(this=node.this.copy(), expression=_date(first))
    until = exp.LT(this=node.this.copy(), expression=_date(last))
    node.replace(exp.paren(exp.and_(since, until)))
    return True


def _is_text(node: object) -> bool:
    return isinstance(node, exp.Literal) and node.is_string


def _date(day: date) -> exp.Cast:
    return exp.cast(exp.Literal.string(day.isoformat()), "date")
