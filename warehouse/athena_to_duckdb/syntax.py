"""Trino's syntax that the parser does not read, by the name of its construct."""

import sqlglot
from sqlglot import Token, TokenType
from sqlglot.errors import TokenError

_CALLS = frozenset({
    "MATCH_RECOGNIZE", "JSON_TABLE", "JSON_ARRAY", "JSON_OBJECT", "JSON_VALUE", "JSON_QUERY",
    "JSON_EXISTS", "JSON_ARRAYAGG", "JSON_OBJECTAGG", "XMLTABLE", "APPLY", "INVOKE",
})  # fmt: skip
"""Calls whose arguments have a grammar of their own."""
_SETS = frozenset({"UNION", "INTERSECT", "EXCEPT"})


def unread_construct(sql: str) -> str:
    """Returns the construct that the parser may have stumbled over; empty where none stands out."""
    try:
        tokens = sqlglot.tokenize(sql, dialect="athena")
    except TokenError:
        return ""
    words = ["" if token.token_type is TokenType.STRING else token.text.upper() for token in tokens]
    for place, word in enumerate(words[:-1]):
        name = _construct(words, tokens, place, word)
        if name:
            return name
    return ""


def _construct(words: list[str], tokens: list[Token], place: int, word: str) -> str:
    following = words[place + 1]
    if following == "(" and word in _CALLS:
        return word if "_" in word else f"{word.lower()}()"
    if word == "PATTERN" and following == "(":
        return "A window with row patterns"
    if word == "ESCAPE" and tokens[place + 1].token_type is not TokenType.STRING:
        return "LIKE with a computed ESCAPE"
    if following == "VALUES" and word == "(" and _SETS.intersection(words[place:]):
        return "A set operation of VALUES"
    if word == "DISTINCT" and words[place - 1] == "(" and "," in words[place : place + 3]:
        return f"{words[place - 2].lower()}(DISTINCT ...) of two columns"
    return ""
