"""Literals whose type lies in their digits."""

import itertools
import re

import sqlglot
from sqlglot import TokenType

_MAYBE_DECIMAL = re.compile(r"\bdecimal\s*'", re.IGNORECASE)
_WIDEST = 38


def sized_decimals(sql: str) -> str:
    """Returns the statement with `DECIMAL '1.23'` as a cast to DECIMAL(3, 2).

    sqlglot's tree does not tell the literal from a cast to DECIMAL, which is DECIMAL(38, 0).
    """
    if not _MAYBE_DECIMAL.search(sql):
        return sql
    tokens = sqlglot.tokenize(sql, dialect="athena")
    parts, end = [], 0
    for word, text in itertools.pairwise(tokens):
        if word.token_type is TokenType.DECIMAL and text.token_type is TokenType.STRING:
            parts += [sql[end : word.start], _cast(text.text)]
            end = text.end + 1
    return "".join([*parts, sql[end:]])


def _cast(digits: str) -> str:
    whole, _, fraction = digits.strip().lstrip("+-").partition(".")
    precision = max(len(whole.lstrip("0")) + len(fraction), 1)
    quoted = digits.replace("'", "''")
    return f"CAST('{quoted}' AS DECIMAL({min(precision, _WIDEST)}, {len(fraction)}))"
