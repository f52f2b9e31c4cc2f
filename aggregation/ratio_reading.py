"""Reads ratios: which are shares of a whole, which are percentages, what division does to time."""

from sqlglot import exp

TIME_DIVISORS: dict[tuple[str, float], str] = {
    ("second", 60): "minute",
    ("second", 3600): "hour",
    ("second", 86400): "day",
    ("minute", 60): "hour",
    ("minute", 1440): "day",
    ("hour", 24): "day",
    ("millisecond", 1000): "second",
    ("millisecond", 60000): "minute",
    ("millisecond", 3600000): "hour",
}
"""Unit and divisor -> the unit after the division."""


def is_part_of_count(above: exp.Expr, below: exp.Expr) -> bool:
    """True for a count of rows that pass a condition, divided by the count of all rows."""
    part, whole = bare(above), bare(below)
    if not isinstance(whole, exp.Count) or not isinstance(whole.this, exp.Star):
        return False
    if isinstance(part, exp.Filter):
        return isinstance(part.this, exp.Count)
    return isinstance(part, exp.CountIf) or (
        isinstance(part, exp.Sum) and is_indicator(bare(part.this))
    )


def bare(expression: exp.Expr) -> exp.Expr:
    """Returns what is left without parentheses, casts, guards against zero and factors of 1."""
    if isinstance(expression, exp.Paren | exp.Cast | exp.Nullif | exp.Coalesce):
        return bare(expression.this)
    if isinstance(expression, exp.Mul):
        sides = (expression.this, expression.expression)
        rest = [s for s in sides if not (isinstance(s, exp.Literal) and float(s.this) == 1)]
        return bare(rest[0]) if len(rest) == 1 else expression
    return expression


def is_indicator(expression: exp.Expr) -> bool:
    """True for a CASE or IF that gives 1 or 0."""
    if not isinstance(expression, exp.Case | exp.If):
        return False
    branches = [part.args.get("true") for part in expression.args.get("ifs") or [expression]]
    branches += [expression.args.get("default"), expression.args.get("false")]
    return all(
        isinstance(branch, exp.Literal) and float(branch.this) in (0, 1)
        for branch in branches
        if branch is not None
    )


def has_factor_hundred(expression: exp.Expr) -> bool:
    """True where a product scales to percent."""
    if not isinstance(expression, exp.Mul):
        return False
    factors = (expression.left.unnest(), expression.right.unnest())
    return any(isinstance(f, exp.Literal) and float(f.this) == 100 for f in factors)
