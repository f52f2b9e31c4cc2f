"""Tokens to a syntax tree of exactly one query."""

import logging
from collections.abc import Iterable

from sqlglot import exp
from sqlglot.dialects.trino import Trino
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from sql_guard.rejection import reject

_TRINO = Trino()

# The parser logs the statement itself where it falls back to an opaque command, which is refused.
logging.getLogger("sqlglot").setLevel(logging.ERROR)
_FIRST = {TokenType.SELECT, TokenType.WITH, TokenType.VALUES, TokenType.L_PAREN}


def parse_statement(tokens: list[Token], sql: str) -> exp.Query | exp.Values:
    """Returns the tree of the only statement, which must be a query."""
    if tokens[0].token_type not in _FIRST:
        raise _not_a_query(tokens[0].text.upper())
    try:
        trees = _TRINO.parser(error_level=ErrorLevel.IMMEDIATE).parse(_typed(tokens), sql)
    except SqlglotError as error:
        raise reject(
            "syntax", "The statement is not valid Athena SQL.", _first_line(error)
        ) from error
    if len(trees) != 1:
        raise reject("several_statements", "There is more than one statement.", "Write one SELECT.")
    tree = trees[0]
    if not isinstance(tree, exp.Query | exp.Values):
        raise _not_a_query(tokens[0].text.upper())
    return tree


def forget_positions(nodes: Iterable[exp.Expr]) -> None:
    """Drops where each node stood in the text: copying nodes costs a third of it otherwise."""
    for node in nodes:
        if node._meta:
            node._meta = None
        if node.comments:
            node.comments = None


def _typed(tokens: list[Token]) -> list[Token]:
    """Gives `DECIMAL '1.25'` and `CHAR 'a'` the size that a bare type name would lose."""
    typed: list[Token] = []
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        typed.append(token)
        if following is None or following.token_type is not TokenType.STRING:
            continue
        if token.token_type is TokenType.DECIMAL:
            typed.extend(_precision(following.text))
        elif token.token_type is TokenType.CHAR:
            typed.extend(_parameters(max(len(following.text), 1)))
    return typed


def _precision(number: str) -> list[Token]:
    whole, _, fraction = number.strip().lstrip("+-").partition(".")
    if not (whole + fraction).isdecimal() or len(whole + fraction) > 38:
        raise reject(
            "number_form", f"DECIMAL '{number[:60]}' is not a number.", "Write digits only."
        )
    digits = len(whole.lstrip("0")) + len(fraction)
    return _parameters(max(digits, 1), len(fraction))


def _parameters(*numbers: int) -> list[Token]:
    tokens = [Token(TokenType.L_PAREN, "(")]
    for number in numbers:
        tokens += [Token(TokenType.NUMBER, str(number)), Token(TokenType.COMMA, ",")]
    return [*tokens[:-1], Token(TokenType.R_PAREN, ")")]


def _not_a_query(word: str) -> Exception:
    return reject(
        "not_a_query",
        f"Only queries that read data are allowed; this statement begins with {word[:40]}.",
        "Write one SELECT, or WITH ... SELECT.",
    )


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]
