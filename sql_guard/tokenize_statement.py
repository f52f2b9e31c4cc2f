"""Words of the statement, with bounds on number, nesting and lists before the parser sees them."""

from collections import Counter

from sqlglot.dialects.trino import Trino
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from sql_guard.rejection import Rejection, reject
from sql_guard.rules import GuardRules, Limits

_TRINO = Trino()
_OWN_PARSERS = frozenset(Trino.parser_class.FUNCTION_PARSERS)

_OPENING = {TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.CASE}
_CLOSING = {TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.END}
_QUOTED = {TokenType.STRING, TokenType.IDENTIFIER, TokenType.UNICODE_STRING, TokenType.HEX_STRING}
_LOGICAL = {TokenType.AND, TokenType.OR}
_OPERATORS = {
    TokenType.NOT, TokenType.PLUS, TokenType.DASH, TokenType.STAR, TokenType.SLASH, TokenType.MOD,
    TokenType.DPIPE, TokenType.EQ, TokenType.NEQ, TokenType.LT, TokenType.GT, TokenType.LTE,
    TokenType.GTE, TokenType.IS, TokenType.DOT, TokenType.ARROW, TokenType.LIKE, TokenType.IN,
    TokenType.BETWEEN, TokenType.ESCAPE, TokenType.TIME, TokenType.L_BRACKET,
    TokenType.INTERVAL, TokenType.COLLATE,
}  # fmt: skip
_CLAUSES = {
    TokenType.SELECT, TokenType.FROM, TokenType.WHERE, TokenType.ON, TokenType.GROUP_BY,
    TokenType.HAVING, TokenType.ORDER_BY, TokenType.COMMA,
}  # fmt: skip
_SET_OPERATIONS = {TokenType.UNION, TokenType.INTERSECT, TokenType.EXCEPT}
_FOREIGN = {
    TokenType.DCOLON: ("::", "Write CAST(x AS type)."),
    TokenType.AMP: ("&", "Write bitwise_and(a, b)."),
    TokenType.PIPE: ("|", "Write bitwise_or(a, b)."),
    TokenType.CARET: ("^", "Write power(a, b)."),
    TokenType.TILDE: ("~", "Write regexp_like(x, 'pattern')."),
    TokenType.PIPE_GT: ("|>", "Write SELECT ... FROM ... WHERE ..."),
    TokenType.ILIKE: ("ILIKE", "Write lower(x) LIKE '...'."),
    TokenType.NATIONAL_STRING: ("N'...'", "Write '...'."),
    TokenType.BIT_STRING: ("B'...'", "Write a number."),
    TokenType.BYTE_STRING: ("b'...'", "Write X'...'."),
    TokenType.RAW_STRING: ("r'...'", "Write '...'."),
    TokenType.HEREDOC_STRING: ("$$...$$", "Write '...'."),
}


def tokenize_statement(sql: str, rules: GuardRules) -> list[Token]:
    """Returns the statement's tokens, without a closing semicolon."""
    try:
        tokens = list(_TRINO.tokenize(sql))
    except SqlglotError as error:
        raise reject(
            "syntax", "The statement cannot be read: a quote or comment is not closed.", str(error)
        ) from error
    while tokens and tokens[-1].token_type is TokenType.SEMICOLON:
        tokens.pop()
    if not tokens:
        raise reject("empty_statement", "There is no SQL statement.", "Write one SELECT.")
    _check_tokens(tokens, sql, rules)
    return tokens


def _check_tokens(tokens: list[Token], sql: str, rules: GuardRules) -> None:
    limits = rules.limits
    if len(tokens) > limits.tokens:
        raise _too_complex(f"has more than {limits.tokens} words")
    _check_kinds(tokens, limits)
    _check_structure(tokens, limits)
    _check_adjacent(tokens, sql, rules)
    if not sql.isascii():
        _check_ascii(tokens, sql)


def _check_kinds(tokens: list[Token], limits: Limits) -> None:
    kinds = Counter(token.token_type for token in tokens)
    if TokenType.SEMICOLON in kinds:
        raise reject(
            "several_statements",
            "There is more than one statement.",
            "Write exactly one SELECT, without a semicolon inside.",
        )
    for kind, (text, hint) in _FOREIGN.items():
        if kind in kinds:
            raise reject("not_athena_syntax", f"{text} is not Athena SQL.", hint)
    if sum(kinds[kind] for kind in _SET_OPERATIONS) > limits.set_operations:
        raise _too_complex(f"has more than {limits.set_operations} set operations")


class _Level:
    """What was counted inside one pair of brackets."""

    __slots__ = ("commas", "logical", "operators")

    def __init__(self) -> None:
        self.commas = self.logical = self.operators = 0


def _check_structure(tokens: list[Token], limits: Limits) -> None:
    """Walks the brackets: depth, items of each list, operators of each expression."""
    level = _Level()
    outer: list[_Level] = []
    for token in tokens:
        kind = token.token_type
        _count(level, kind, limits)
        if kind in _OPENING:
            outer.append(level)
            level = _Level()
            if len(outer) >= limits.nesting:
                raise _too_complex(f"is nested more than {limits.nesting} levels deep")
        elif kind in _CLOSING and outer:
            level = outer.pop()


def _count(level: _Level, kind: TokenType, limits: Limits) -> None:
    if kind in _OPERATORS:
        level.operators += 1
    elif kind in _LOGICAL:
        level.logical += 1
        level.operators = 0
    elif kind in _CLAUSES:
        level.logical = level.operators = 0
        if kind is TokenType.COMMA:
            level.commas += 1
            if level.commas >= limits.list_items:
                raise _too_complex(f"holds a list of more than {limits.list_items} items")
    else:
        return
    if level.operators + level.logical > limits.operator_chain:
        raise _too_complex(f"chains more than {limits.operator_chain} operators")


def _check_adjacent(tokens: list[Token], sql: str, rules: GuardRules) -> None:
    """Looks at what a tree no longer shows: how words were written and what they touch."""
    previous = tokens[0]
    for token, following in zip(tokens, [*tokens[1:], tokens[-1]], strict=True):
        if token.comments:
            _check_comments(token.comments)
        kind, next_kind = token.token_type, following.token_type
        if next_kind is TokenType.L_PAREN and previous.token_type is not TokenType.ALIAS:
            _check_call(token, rules)
        elif kind is TokenType.NUMBER:
            touches = following.start == token.end + 1
            if touches and next_kind in (TokenType.VAR, TokenType.NUMBER):
                raise _unclear_number(token.text + following.text)
        elif kind is TokenType.HEX_STRING and sql[token.start] not in "xX":
            raise _unclear_number(sql[token.start : token.end + 1])
        previous = token


def _check_comments(comments: list[str]) -> None:
    if any("/*" in comment or "*/" in comment for comment in comments):
        raise reject(
            "nested_comment", "A comment holds another comment's marks.", "Leave comments out."
        )


def _check_call(token: Token, rules: GuardRules) -> None:
    """Functions that the parser reads on its own do not stand in the tree as they were written."""
    name = token.text.lower()
    if token.text.upper() in _OWN_PARSERS and name not in rules.functions_with_own_syntax:
        raise reject(
            "function_not_allowed",
            f"The function {name} is not allowed.",
            "Use the functions of Athena engine version 3.",
        )


def _unclear_number(text: str) -> Rejection:
    return reject(
        "number_form", f"The number {text[:60]} is written in an unclear way.", "Write digits only."
    )


def _check_ascii(tokens: list[Token], sql: str) -> None:
    """Letters beyond ASCII stand in literals, quoted names and comments only."""
    for token in tokens:
        if token.token_type not in _QUOTED and not token.text.isascii():
            raise reject(
                "forbidden_character",
                f"{token.text!r} holds letters that are not ASCII outside quotes.",
                'Put the name into double quotes: "name".',
            )
    position = 0
    for token in tokens:
        _check_gap(sql[position : token.start])
        position = token.end + 1
    _check_gap(sql[position:])


def _check_gap(gap: str) -> None:
    """Between tokens stand spaces and comments; no space but those of ASCII."""
    if gap.isascii():
        return
    if any(character.isspace() and not character.isascii() for character in gap):
        raise reject(
            "forbidden_character",
            "The statement holds a space that is not ASCII.",
            "Use plain spaces and line ends.",
        )
    if "--" not in gap and "/*" not in gap:
        raise reject(
            "forbidden_character",
            "The statement holds characters that are not ASCII outside quotes.",
            "Put names into double quotes and text into single quotes.",
        )


def _too_complex(reason: str) -> Rejection:
    return reject(
        "too_complex",
        f"The statement {reason}.",
        "Split the question, or filter by a condition instead of a list.",
    )
