"""Names of tables and columns as words: glued, shortened or in camel case."""

import re
from functools import lru_cache
from itertools import product
from typing import TypeAlias

from planner.language.lexicon import load_lexicon, stem

Stems: TypeAlias = tuple[str, ...]

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_TAILS = ("id", "no", "name", "code", "date", "type", "num", "count", "year", "time", "title")
_MAXIMUM_FORMS = 6


def name_words(name: str) -> list[str]:
    """Splits `num_employees`, `StuID` or `petType` into lower-case words, glued ones included."""
    return list(_name_words(name))


@lru_cache(maxsize=200_000)
def _name_words(name: str) -> tuple[str, ...]:
    words: list[str] = []
    for word in _WORD.findall(name):
        words.extend(_unglued(word.lower()))
    short = load_lexicon().abbreviations
    if len(words) > 1 and len(words[0]) == 1 and words[0] + words[1] in short:
        return (words[0] + words[1], *words[2:])
    return tuple(words)


def _unglued(word: str) -> list[str]:
    lexicon = load_lexicon()
    known = lexicon.vocabulary
    if len(word) < 5 or word in known or word in lexicon.abbreviations:
        return [word]
    for cut in range(len(word) - 2, 2, -1):
        head, tail = word[:cut], word[cut:]
        if (head in known or head in lexicon.abbreviations) and tail in _TAILS:
            return [head, tail]
    return [word]


def expansions(words: list[str]) -> list[Stems]:
    """Returns stems of the words, with abbreviations as they stand and written out."""
    return list(_expansions(tuple(words)))


@lru_cache(maxsize=200_000)
def _expansions(words: tuple[str, ...]) -> tuple[Stems, ...]:
    short = load_lexicon().abbreviations
    options = [
        [(stem(word),)]
        if word not in short or short[word] == word
        else [tuple(stem(w) for w in short[word].split()), (stem(word),)]
        for word in words
    ]
    forms = [tuple(w for part in choice for w in part) for choice in product(*options)]
    return tuple(dict.fromkeys(forms))[:_MAXIMUM_FORMS]
