"""BM25 over short documents with weighted fields, its weights worked out when it is built."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from context_store.question_words import FUNCTION_WORDS, stem

_K1 = 1.2
_B = 0.5


@dataclass(frozen=True, slots=True)
class Field:
    """Words of a document and how much a hit in them counts. `reason` names the field."""

    reason: str
    weight: float
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Hit:
    """A document's score, and the field that spoke loudest."""

    score: float
    reason: str


class LexicalIndex:
    """Scores documents, numbered as they came, against the words of a question."""

    def __init__(self, documents: Sequence[Sequence[Field]]) -> None:
        counted = [_count(fields) for fields in documents]
        lengths = [sum(count for count, _ in document.values()) for document in counted]
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        frequency = Counter(word for document in counted for word in document)
        self._postings: dict[str, list[tuple[int, float, str]]] = defaultdict(list)
        for number, (document, length) in enumerate(zip(counted, lengths, strict=True)):
            norm = _K1 * (1 - _B + _B * length / (mean or 1.0))
            for word, (count, reason) in document.items():
                rarity = math.log(1 + (len(counted) + 0.5) / (frequency[word] + 0.5))
                weight = rarity * count * (_K1 + 1) / (count + norm)
                self._postings[word].append((number, weight, reason))

    def search(self, stems: Iterable[str]) -> dict[int, Hit]:
        """Returns the documents that hold any of the stems."""
        scores: dict[int, float] = defaultdict(float)
        loudest: dict[int, tuple[float, str]] = {}
        for word in set(stems):
            for number, weight, reason in self._postings.get(word, ()):
                scores[number] += weight
                if number not in loudest or weight > loudest[number][0]:
                    loudest[number] = (weight, reason)
        return {number: Hit(score, loudest[number][1]) for number, score in scores.items()}


def _count(fields: Sequence[Field]) -> dict[str, tuple[float, str]]:
    """Returns, a stem: its weighted count, and the field that gave most of it."""
    counts: dict[str, tuple[float, str]] = {}
    for field in sorted(fields, key=lambda field: -field.weight):
        for word in dict.fromkeys(field.words):
            if word in FUNCTION_WORDS and len(word) > 1:
                continue
            count, reason = counts.get(stem(word), (0.0, field.reason))
            counts[stem(word)] = (count + field.weight, reason)
    return counts
