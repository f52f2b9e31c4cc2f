"""What was written must be what stands in the tree: forms that the parser mends are refused."""

import itertools

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from domain.verdict import Violation
from sql_guard.syntax_nodes import NodesByKind, nodes_of


def check_form(tokens: list[Token], kinds: NodesByKind) -> list[Violation]:
    """Returns a violation for queries without SELECT or columns, and for lists without ARRAY."""
    violations = []
    selects = [select for select in nodes_of(kinds, exp.Select) if not _is_values(select)]
    written = sum(token.token_type is TokenType.SELECT for token in tokens)
    if written != len(selects) or not all(select.expressions for select in selects):
        violations.append(
            _violation("a query without SELECT", "Begin each query with SELECT and its columns.")
        )
    arrays = sum(
        token.token_type is TokenType.ARRAY and following.token_type is TokenType.L_BRACKET
        for token, following in itertools.pairwise(tokens)
    )
    if arrays != len(kinds.get(exp.Array, ())):
        violations.append(_violation("a list in bare brackets", "Write ARRAY[a, b]."))
    if any(not isinstance(test.expression, exp.Null) for test in nodes_of(kinds, exp.Is)):
        violations.append(_violation("IS TRUE or IS FALSE", "Write the condition itself."))
    if any(listagg.args.get("this") is None for listagg in nodes_of(kinds, exp.GroupConcat)):
        violations.append(_violation("LISTAGG of nothing", "Write LISTAGG(value, ',')."))
    if any(_orders_nothing(order) for order in nodes_of(kinds, exp.Order)):
        violations.append(_violation("a call that orders nothing", "Write f(value ORDER BY key)."))
    return violations


def _orders_nothing(order: exp.Order) -> bool:
    """True for `f(ORDER BY key)` and `f(DISTINCT ORDER BY key)`, which have no value to order."""
    value = order.args.get("this")
    if value is None:
        return isinstance(order.parent, exp.Func | exp.Distinct)
    return isinstance(value, exp.Distinct) and not value.expressions


def _is_values(select: exp.Select) -> bool:
    """The parser reads `WITH t AS (VALUES ...)` as a SELECT from the values."""
    source = select.args.get("from_")
    return (
        isinstance(select.parent, exp.CTE)
        and source is not None
        and isinstance(source.this, exp.Values)
        and source.this.alias == "_values"
    )


def _violation(what: str, hint: str) -> Violation:
    return Violation(rule="not_athena_syntax", message=f"The statement holds {what}.", hint=hint)
