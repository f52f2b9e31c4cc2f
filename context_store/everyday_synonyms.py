"""Everyday words that stand for each other, by the stems that the search index holds."""

from collections import defaultdict
from functools import cache

from context_store.question_words import stem
from planner.language.lexicon import synonym_lines


@cache
def synonym_stems() -> dict[str, tuple[str, ...]]:
    """Returns a stem -> the stems that may be meant instead."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for line in synonym_lines():
        first, *others = (stem(word) for word in line)
        for other in others:
            found[first][other] = None
            found[other][first] = None
    return {
        word: tuple(other for other in others if other != word) for word, others in found.items()
    }
