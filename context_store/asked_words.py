"""The words of a question as they are searched: their stems, other words for them, their weight."""

from collections.abc import Sequence
from dataclasses import dataclass

from context_store.everyday_synonyms import synonym_stems
from context_store.question_words import FUNCTION_WORDS, QUESTION_WORDS, QuestionWord, stem

_QUESTION_WORD = 0.35
"""`number`, `list`, `first`: mostly how the answer should look, at times the name of a column."""
_SYNONYM = 0.6


@dataclass(frozen=True, slots=True)
class AskedWord:
    """One word of a question: stems that may stand for it, each with what a hit counts."""

    position: int
    stems: tuple[tuple[str, float], ...]


def asked_words(words: Sequence[QuestionWord]) -> list[AskedWord]:
    """Returns the words that may name something, each once."""
    found: dict[str, AskedWord] = {}
    for position, word in enumerate(words):
        own = stem(word.folded)
        if own in found or (word.folded in FUNCTION_WORDS and len(word.folded) > 1):
            continue
        weight = _QUESTION_WORD if word.folded in QUESTION_WORDS else 1.0
        others = ((other, weight * _SYNONYM) for other in synonym_stems().get(own, ()))
        found[own] = AskedWord(position, ((own, weight), *others))
    return list(found.values())
