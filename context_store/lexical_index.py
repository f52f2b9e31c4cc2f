"""BM25 over short documents with weighted fields, its weights worked out when it is built."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from context_store.packed_arrays import Array
from context_store.postings import Postings
from context_store.question_words import FUNCTION_WORDS, stem
from context_store.sorted_strings import Strings, sorted_string_arrays

_K1 = 1.2
_B = 0.5
REASONS = ("name", "synonym", "description", "value")
"""The fields of a document, as they are named in evidence."""


@dataclass(frozen=True, slots=True)
class Field:
    """Words of a document and how much a hit in them counts. `reason` is one of `REASONS`."""

    reason: str
    weight: float
    words: Sequence[str]


def lexical_arrays(name: str, documents: Iterable[Sequence[Field]]) -> dict[str, Array]:
    """Returns the arrays of an index over documents, numbered as they come."""
    ids: dict[str, int] = {}
    terms, numbers, counts, reasons = array("I"), array("I"), array("f"), array("B")
    lengths = array("f")
    for number, fields in enumerate(documents):
        length = 0.0
        for word, (count, reason) in _count(fields).items():
            terms.append(ids.setdefault(word, len(ids)))
            numbers.append(number)
            counts.append(count)
            reasons.append(REASONS.index(reason))
            length += count
        lengths.append(length)
    strings, ordered = sorted_string_arrays(f"{name}.words", ids)
    rank = np.empty(len(ids), np.uint32)
    rank[[ids[word] for word in ordered]] = np.arange(len(ordered), dtype=np.uint32)
    word_of = rank[np.asarray(terms, np.uint32)] if len(ids) else np.zeros(0, np.uint32)
    order = np.argsort(word_of, kind="stable")
    frequency = np.bincount(word_of, minlength=len(ids))
    document = np.asarray(numbers, np.uint32)[order]
    weights = _weights(
        np.asarray(counts, np.float64)[order],
        np.asarray(lengths, np.float64),
        document,
        np.repeat(frequency, frequency),
    )
    return strings | {
        f"{name}.starts": np.concatenate([[0], np.cumsum(frequency)]).astype(np.uint32),
        f"{name}.numbers": document,
        f"{name}.weights": weights.astype(np.float32),
        f"{name}.reasons": np.asarray(reasons, np.uint8)[order],
    }


def _weights(counts: Array, lengths: Array, document: Array, frequency: Array) -> Array:
    total = len(lengths)
    mean = float(lengths.mean()) if total and lengths.any() else 1.0
    norm = _K1 * (1 - _B + _B * lengths[document] / mean)
    rarity = np.log(1 + (total + 0.5) / (frequency + 0.5))
    weights: Array = rarity * counts * (_K1 + 1) / (counts + norm)
    return weights


class LexicalIndex:
    """Scores documents against the words of a question."""

    def __init__(self, arrays: Mapping[str, Array], name: str, documents: int) -> None:
        self._words = Strings(arrays, f"{name}.words")
        self._postings = Postings(arrays, name)
        self._weights = arrays[f"{name}.weights"]
        self._reasons = arrays[f"{name}.reasons"]
        self._documents = documents

    def rows(self, stems: Iterable[str]) -> list[int]:
        """Returns the numbers of the words that some document holds."""
        return [row for row in self._words.find(list(dict.fromkeys(stems))) if row >= 0]

    def scores(self, rows: Sequence[int]) -> Array:
        """Returns a score for every document."""
        if not rows:
            return np.zeros(self._documents)
        numbers = np.concatenate([self._postings.array(row) for row in rows])
        weights = np.concatenate([self._weights[self._postings.bounds(row)] for row in rows])
        scores: Array = np.bincount(numbers, weights, self._documents)
        return scores

    def loudest(self, rows: Sequence[int], first: int, last: int) -> dict[int, str]:
        """Returns, of the documents `first` to `last`, the field that spoke loudest."""
        best: dict[int, tuple[float, str]] = {}
        for row in rows:
            bounds = self._postings.bounds(row)
            numbers = self._postings.array(row)
            low, high = np.searchsorted(numbers, [first, last])
            for at in range(low, high):
                weight = float(self._weights[bounds.start + at])
                number = int(numbers[at])
                if weight > best.get(number, (0.0, ""))[0]:
                    best[number] = (weight, REASONS[self._reasons[bounds.start + at]])
        return {number: reason for number, (_, reason) in best.items()}


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
