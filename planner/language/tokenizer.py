"""A question cut into tokens: words, numbers, quoted text and signs, each with its place."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from planner.language.lexicon import load_lexicon, stem

TokenKind: TypeAlias = Literal["word", "number", "quoted", "sign"]

_STRAIGHT = str.maketrans(
    {"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "`": "'", "\u2013": "-"}
)
_TOKEN = re.compile(
    r"""
    (?P<quoted>"[^"]+"|(?<![\w])'[^']+(?:'(?=[a-z])[^']+)*'(?!\w)|''[^']+'')
  | (?P<date>\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?)
  | (?P<number>[$\u20ac\u00a3\u20b9]?-?\d+(?:,\d{3})*(?:\.\d+)?%?(?![\w-]))
  | (?P<degrees>\u00b0\s?[CFcf](?![^\W_]))
  | (?P<possessive>'s\b|'(?=\s))
  | (?P<word>[^\W\d_]{1,3}(?:\.[^\W\d_]{1,3})+\.|[^\W_]+(?:[-_&/.+][^\W_]+)*)
  | (?P<sign>(?<=\d)\+|<=|>=|!=|<>|[<>=,;:.?!&()])
    """,
    re.VERBOSE,
)

_ACRONYMS = re.compile(r"[A-Z]{2,}s\Z")


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, quoted text or sign of a question."""

    text: str
    kind: TokenKind
    lower: str
    stem: str
    begin: int
    finish: int
    """Where the text stands in the question."""
    number: float | int | None = None

    @property
    def is_capitalised(self) -> bool:
        """True for words written as names are."""
        return self.text[:1].isupper()


def _number(text: str) -> float | int | None:
    digits = text.strip("$\u20ac\u00a3\u20b9%").replace(",", "")
    value = float(digits)
    return int(value) if value.is_integer() and "." not in digits else value


def _token(match: re.Match[str]) -> Token:
    text = match.group()
    kind = match.lastgroup
    place = match.span()
    if kind == "quoted":
        inner = text.strip("\"'").strip()
        return Token(inner, "quoted", inner.lower(), inner.lower(), *place)
    if kind == "date":
        return Token(text, "quoted", text.lower(), text.lower(), *place)
    if kind == "number":
        return Token(text, "number", text.lower(), text.lower(), *place, _number(text))
    if kind == "sign":
        return Token(text, "sign", text, text, *place)
    lower = _degrees(text) if kind == "degrees" else text.lower()
    if kind == "possessive":
        return Token("'s", "word", "'s", "'s", *place)
    number = load_lexicon().calendar.numbers.get(lower)
    is_acronym = _ACRONYMS.match(text) is not None
    root = lower[:-1] if is_acronym else stem(lower)
    return Token(text, "word", lower, root, *place, number)


def straighten(question: str) -> str:
    """Returns the question with plain quotes and dashes, every character in its place."""
    return question.translate(_STRAIGHT)


def _degrees(text: str) -> str:
    """`fahrenheit` for `°F`; an empty text for any other."""
    return {"f": "fahrenheit", "c": "celsius"}.get(text[-1:].lower(), "")


def tokenize(question: str) -> list[Token]:
    """Cuts a question into tokens, in order. Text that is neither word nor sign is left out."""
    return [_token(match) for match in _TOKEN.finditer(straighten(question))]
