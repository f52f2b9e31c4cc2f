"""Functions that make much out of little: series, repetition, patterns, grouping sets."""

import re
from collections.abc import Iterator
from math import prod

from sqlglot import exp

from domain.verdict import Violation
from sql_guard.check_nodes import written_name
from sql_guard.constant_values import series_length
from sql_guard.regex_shape import may_backtrack
from sql_guard.rules import Limits
from sql_guard.syntax_nodes import NodesByKind, nodes_of

_REPEATING = {"repeat", "lpad", "rpad"}
_PATTERNS = {
    "regexp_count", "regexp_extract", "regexp_extract_all", "regexp_like", "regexp_position",
    "regexp_replace", "regexp_split",
}  # fmt: skip
_WIDE_FORMAT = re.compile(r"%[-#+ 0,(]*\d{4,}|\.\d{4,}")


def check_resources(kinds: NodesByKind, sql: str, limits: Limits) -> list[Violation]:
    """Returns a violation for each construct whose cost is not bounded by the data it reads."""
    found: list[Violation] = []
    for kind, nodes in kinds.items():
        if issubclass(kind, exp.Func) and not issubclass(kind, exp.Connector | exp.Cast):
            for node in nodes:
                found += _check_function(node, written_name(node, sql), sql, limits)
    for group in nodes_of(kinds, exp.Group):
        if _grouping_sets(group) > limits.grouping_sets:
            found.append(
                _violation("too_many_groupings", f"more than {limits.grouping_sets} grouping sets")
            )
    for select in nodes_of(kinds, exp.Select):
        found += _check_select(select, limits)
    return found + _check_texts(kinds, sql, limits)


def _check_texts(kinds: NodesByKind, sql: str, limits: Limits) -> list[Violation]:
    found = []
    if len(sql) > limits.literal_length and any(
        len(literal.name) > limits.literal_length for literal in nodes_of(kinds, exp.Literal)
    ):
        found.append(
            _violation("literal_too_long", f"a literal over {limits.literal_length} letters")
        )
    if any(len(like.expression.name) > limits.like_length for like in nodes_of(kinds, exp.Like)):
        found.append(_violation("pattern_not_allowed", "a LIKE pattern that is too long"))
    return found


def _check_select(select: exp.Select, limits: Limits) -> Iterator[Violation]:
    if len(select.expressions) > limits.select_items:
        yield _violation("too_complex", f"more than {limits.select_items} columns")
    group = select.args.get("group")
    positions = [int(e.name) for e in group.expressions if e.is_int] if group else []
    chosen = [select.expressions[p - 1] for p in positions if 0 < p <= len(select.expressions)]
    if sum(sum(1 for _ in projection.walk()) for projection in chosen) > limits.tokens:
        yield _violation("too_complex", "too long expressions in GROUP BY")


def _check_function(node: exp.Expr, name: str, sql: str, limits: Limits) -> Iterator[Violation]:
    if name == "sequence":
        yield from _check_series(node, limits)
    elif name in _REPEATING:
        yield from _check_repetition(node, name, limits)
    elif name in _PATTERNS:
        yield from _check_pattern(node, limits)
    elif name == "format" and _WIDE_FORMAT.search(_first_text(node)):
        yield _violation("repetition_too_long", "format() with a width of four digits")
    elif name == "reduce" and _doubles_its_state(node):
        yield _violation("repetition_too_long", "reduce() that doubles its state at each step")
    elif name in ("replace", "regexp_replace") and _growth(node, sql) > limits.series_length:
        yield _violation("repetition_too_long", "nested replacements that multiply the text")


def _check_series(node: exp.Expr, limits: Limits) -> Iterator[Violation]:
    if node.find_ancestor(exp.Lambda):
        yield _violation("series_too_long", "sequence() inside a lambda")
    length = series_length(list(_arguments(node)))
    if length is None:
        yield _violation(
            "series_not_constant",
            "sequence() with bounds that are not constants",
            "Write both ends and the step of sequence() as constants.",
        )
    elif length > limits.series_length:
        yield _violation(
            "series_too_long",
            f"sequence() with more than {limits.series_length} values",
            f"Keep sequence() within {limits.series_length} values.",
        )


def _check_repetition(node: exp.Expr, name: str, limits: Limits) -> Iterator[Violation]:
    arguments = list(_arguments(node))
    count = arguments[1] if len(arguments) > 1 else None
    if not isinstance(count, exp.Literal) or not count.is_int:
        yield _violation("repetition_too_long", f"{name}() with a length that is not a constant")
    elif int(count.name) > limits.repeat_count:
        yield _violation("repetition_too_long", f"{name}() beyond {limits.repeat_count}")
    elif name == "repeat" and any(
        isinstance(inner, exp.Repeat) for argument in arguments for inner in argument.walk()
    ):
        yield _violation("repetition_too_long", "repeat() inside repeat()")


def _check_pattern(node: exp.Expr, limits: Limits) -> Iterator[Violation]:
    arguments = list(_arguments(node))
    pattern = arguments[1] if len(arguments) > 1 else None
    if not isinstance(pattern, exp.Literal):
        yield _violation(
            "pattern_not_allowed",
            "a regular expression that is not a constant",
            "Write the pattern as a text literal.",
        )
    elif len(pattern.name) > limits.regex_length:
        yield _violation("pattern_not_allowed", f"a pattern over {limits.regex_length} letters")
    elif may_backtrack(pattern.name):
        yield _violation(
            "pattern_not_allowed",
            "a regular expression with a repeated repetition or a back reference",
            "Write a simpler pattern, or use LIKE.",
        )


def _arguments(node: exp.Expr) -> Iterator[exp.Expr]:
    for value in node.args.values():
        if isinstance(value, list):
            yield from (item for item in value if isinstance(item, exp.Expr))
        elif isinstance(value, exp.Expr):
            yield value


def _first_text(node: exp.Expr) -> str:
    first = next(_arguments(node), None)
    return first.name if isinstance(first, exp.Literal) else "%9999"


def _doubles_its_state(node: exp.Expr) -> bool:
    for merge in node.find_all(exp.Lambda):
        if not merge.expressions:
            continue
        state = merge.expressions[0].name
        for growing in merge.this.find_all(exp.DPipe, exp.Concat, exp.ArrayConcat):
            named = sum(
                1 for part in growing.find_all(exp.Identifier, exp.Var) if part.name == state
            )
            if named > 1:
                return True
    return False


def _growth(node: exp.Expr, sql: str) -> int:
    """Returns by how much nested replacements can multiply a text."""
    factors = []
    for inner in node.find_all(exp.Func):
        if written_name(inner, sql) in ("replace", "regexp_replace"):
            arguments = list(_arguments(inner))
            replacement = arguments[2] if len(arguments) > 2 else None
            constant = isinstance(replacement, exp.Literal)
            factors.append(max(1, len(replacement.name)) if constant and replacement else 100)
    return prod(factors) if len(factors) > 1 else 1


def _grouping_sets(group: exp.Group) -> int:
    return prod(_sets_of(item) for item in group.expressions)


def _sets_of(item: exp.Expr) -> int:
    if isinstance(item, exp.Cube):
        return int(2 ** min(len(item.expressions), 30))
    if isinstance(item, exp.Rollup):
        return len(item.expressions) + 1
    if isinstance(item, exp.GroupingSets):
        return sum(_sets_of(inner) for inner in item.expressions)
    return 1


def _violation(rule: str, what: str, hint: str = "") -> Violation:
    return Violation(
        rule=rule,
        message=f"The statement uses {what}.",
        hint=hint or "Use smaller constants.",
    )
