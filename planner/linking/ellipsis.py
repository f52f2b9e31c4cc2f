"""Writes out what a question leaves unsaid: `first and last name`, `full name`."""

from dataclasses import replace
from itertools import pairwise

from planner.language.lexicon import load_lexicon
from planner.language.tokenizer import Token, tokenize
from planner.schema.schema_index import SchemaIndex

_EXACT = 0.95
_NAMED = 0.9
_SPENDING = ("spend", "spends", "spent", "spending")
_TIMES = ("time", "hours", "minutes", "seconds")
_MORE = ("most", "least", "more", "less", "much")
_JOINTS = ("and", "or", ",", "&")


def spell_out(tokens: list[Token], index: SchemaIndex) -> list[Token]:
    """Returns the tokens with a shared noun repeated, and a full name as its two parts."""
    spelled = _without_aliases(_with_durations(tokens, index), index)
    return _full_names(_shared_nouns(spelled, index), index)


def _with_durations(tokens: list[Token], index: SchemaIndex) -> list[Token]:
    """`how much time did they spend on ...` asks for a duration, where the data has one."""
    tokens = _with_most_time(tokens, index)
    spends = [n for n, token in enumerate(tokens) if token.lower in _SPENDING]
    times = [n for n in range(len(tokens)) if tokens[n].lower in _TIMES]
    if not spends or not times or times[0] > spends[-1]:
        return tokens
    if spends[-1] - times[0] == 1:
        return tokens
    if not any(t.score >= _NAMED for t in index.find_names(("durat",))):
        return tokens
    duration, used = tokenize("duration used")
    instead = {**dict.fromkeys(spends, used), times[0]: duration}
    return [
        replace(instead[n], text=t.text, begin=t.begin, finish=t.finish) if n in instead else t
        for n, t in enumerate(tokens)
    ]


def _with_most_time(tokens: list[Token], index: SchemaIndex) -> list[Token]:
    """`got the most time`: time in which things last, where nothing is called so."""
    if not any(t.score >= _NAMED for t in index.find_names(("durat",))):
        return tokens
    spelled = list(tokens)
    for position, (before, token) in enumerate(pairwise(tokens), start=1):
        if before.lower in _MORE and token.lower == "time" and not _is_column(index, "time"):
            duration = tokenize("duration")[0]
            spelled[position] = replace(
                duration, text=token.text, begin=token.begin, finish=token.finish
            )
    return spelled


def _without_aliases(tokens: list[Token], index: SchemaIndex) -> list[Token]:
    """Replaces words such as `surname` where the data has no name of that kind, but the other."""
    spelled: list[Token] = []
    position = 0
    while position < len(tokens):
        size = next((n for n in (3, 2, 1) if _alias(tokens, position, n, index)), 0)
        if size == 0:
            spelled.append(tokens[position])
            position += 1
            continue
        begin, finish = tokens[position].begin, tokens[position + size - 1].finish
        words = tokenize(_alias(tokens, position, size, index))
        spelled += [replace(token, begin=begin, finish=finish) for token in words]
        position += size
    return spelled


def _alias(tokens: list[Token], position: int, size: int, index: SchemaIndex) -> str:
    span = tokens[position : position + size]
    text = load_lexicon().aliases.get(tuple(token.lower for token in span), "")
    if not text or len(span) < size or _is_column(index, *(token.stem for token in span)):
        return ""
    if size > 1 and any(_is_table(index, token.stem) for token in span):
        return ""
    named = index.find_names(tuple(token.stem for token in tokenize(text)))
    return text if any(t.score >= _EXACT for t in named) else ""


def _is_column(index: SchemaIndex, *stems: str) -> bool:
    found = index.find_names(stems)
    return any(t.kind == "column" and t.score >= _EXACT for t in found)


def _is_table(index: SchemaIndex, word: str) -> bool:
    return any(t.kind == "table" and t.score >= _NAMED for t in index.find_names((word,)))


def _shared_nouns(tokens: list[Token], index: SchemaIndex) -> list[Token]:
    spelled = list(tokens)
    for position in range(len(spelled) - 4, -1, -1):
        first, joint, second, noun = spelled[position : position + 4]
        if joint.lower in _JOINTS and first.kind == second.kind == noun.kind == "word":
            whole = _is_column(index, first.stem, noun.stem) and _is_column(
                index, second.stem, noun.stem
            )
            if whole and not _is_column(index, first.stem):
                spelled.insert(position + 1, replace(noun, begin=first.begin, finish=first.finish))
    return spelled


def _full_names(tokens: list[Token], index: SchemaIndex) -> list[Token]:
    has_parts = _is_column(index, "first", "name") and _is_column(index, "last", "name")
    if not has_parts or _is_column(index, "full", "name"):
        return tokens
    spelled: list[Token] = []
    for position, token in enumerate(tokens):
        following = tokens[position + 1] if position + 1 < len(tokens) else None
        if token.lower == "full" and following is not None and following.stem == "name":
            parts = tokenize("first name and last")
            spelled += [replace(t, begin=token.begin, finish=token.finish) for t in parts]
        else:
            spelled.append(token)
    return spelled
