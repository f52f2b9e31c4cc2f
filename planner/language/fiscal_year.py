"""Fiscal years: `FY26`, `last fiscal year`, where a rule of the data says when one begins."""

import re
from collections.abc import Iterable
from datetime import date

from planner.language.calendar_words import Span, add_months, year_of
from planner.language.lexicon import load_lexicon
from planner.language.tokenizer import Token

_RULE = re.compile(
    r"\b(?:fiscal|financial) years? .{0,40}?\b(?:in|on|from|with)\b"
    r"(?: the)?(?: \d{1,2}(?:st)?(?: of)?)? ([a-z]+)",
    re.IGNORECASE,
)
_SHORT = re.compile(r"fy'?(\d{2}|\d{4})")
_WORDS = ("fiscal", "financial")
_CENTURY = 2000


def fiscal_start(rules: Iterable[str]) -> int | None:
    """Returns the month in which a fiscal year begins, as the dictionary's rules say it."""
    for rule in rules:
        match = _RULE.search(rule)
        month = load_lexicon().calendar.months.get(match[1].lower()) if match else None
        if month is not None:
            return month
    return None


def read_fiscal(
    tokens: list[Token], position: int, today: date, start: int | None
) -> tuple[Span, int] | None:
    """Reads a fiscal year that begins at a token; a year is called by the year it ends in."""
    if start is None:
        return None
    words = [token.lower for token in tokens[position : position + 4]]
    this = today.year + (start > 1 and today.month >= start)
    year, size = _year(tokens, position, words, this)
    if year is None:
        return None
    begin = date(year - (start > 1), start, 1)
    label = " ".join(token.text for token in tokens[position : position + size])
    return Span(begin, add_months(begin, 12), label), position + size


def _year(
    tokens: list[Token], position: int, words: list[str], this: int
) -> tuple[int | None, int]:
    """The fiscal year that is said, and how many tokens say it."""
    match = _SHORT.fullmatch(words[0]) if words else None
    if match is not None:
        number = int(match[1])
        return (number if number > _CENTURY else _CENTURY + number), 1
    if words[:1] == ["fy"] and len(words) > 1:
        year = year_of(tokens[position + 1])
        return year, 2
    if len(words) > 1 and words[0] in _WORDS and words[1] == "year":
        year = year_of(tokens[position + 2]) if len(words) > 2 else None
        return year, 3
    if len(words) > 2 and words[1] in _WORDS and words[2] == "year":
        ago = {"this": 0, "current": 0, "last": 1, "previous": 1, "past": 1}.get(words[0])
        return (this - ago if ago is not None else None), 3
    return None, 0
