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


def best_of_groups(
    arrays: Mapping[str, Array], name: str, best: str, group_of: Array
) -> dict[str, Array]:
    """Returns, a word of the index `name`: the groups that hold it, and the most it weighs there.

    Groups are runs of documents.
    """
    numbers, starts = arrays[f"{name}.numbers"], arrays[f"{name}.starts"]
    word = np.repeat(np.arange(len(starts) - 1), starts[1:] - starts[:-1])
    group = group_of[numbers]
    is_first = np.ones(len(numbers), np.bool_)
    is_first[1:] = (word[1:] != word[:-1]) | (group[1:] != group[:-1])
    first = np.flatnonzero(is_first)
    weights = arrays[f"{name}.weights"]
    return {
        f"{best}.starts": np.searchsorted(first, starts).astype(np.uint32),
        f"{best}.numbers": group[first],
        f"{best}.weights": np.maximum.reduceat(weights, first) if len(first) else weights,
    }


class Hits:
    """What holds a word, and what the word weighs there."""

    def __init__(self, arrays: Mapping[str, Array], name: str) -> None:
        self._postings = Postings(arrays, name)
        self._weights = arrays[f"{name}.weights"]

    def hits(self, row: int) -> tuple[Array, Array]:
        """Returns the numbers of all that hold a word, in order, and the weights."""
        return self._postings.array(row), self._weights[self._postings.bounds(row)]


class LexicalIndex(Hits):
    """Scores documents against the words of a question."""

    def __init__(self, arrays: Mapping[str, Array], name: str) -> None:
        super().__init__(arrays, name)
        self._words = Strings(arrays, f"{name}.words")
        self._reasons = arrays[f"{name}.reasons"]

    def rows(self, stems: Sequence[str]) -> list[int]:
        """Returns the number of each word, -1 for one that no document holds."""
        return self._words.find(stems)

    def details(
        self, rows: Mapping[int, float], ranges: Sequence[tuple[int, int]]
    ) -> dict[int, tuple[float, str]]:
        """Returns, of the documents in the ranges: the score, and the field that spoke loudest.

        `rows` are words with what a hit in them counts.
        """
        found: dict[int, tuple[float, float, int]] = {}
        edges = np.array(ranges, np.uint32)
        for row, factor in rows.items():
            numbers, weights = self.hits(row)
            reasons = self._reasons[self._postings.bounds(row)]
            for low, high in np.searchsorted(numbers, edges).tolist():
                for at in range(low, high):
                    number, weight = int(numbers[at]), float(weights[at]) * factor
                    total, best, reason = found.get(number, (0.0, 0.0, 0))
                    if weight > best:
                        best, reason = weight, int(reasons[at])
                    found[number] = (total + weight, best, reason)
        return {n: (total, REASONS[reason]) for n, (total, _, reason) in found.items()}


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
