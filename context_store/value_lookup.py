"""Finds words of a question among the values of columns, with small typos forgiven."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz

from context_store.packed_arrays import Array
from context_store.postings import Postings
from context_store.question_words import (
    FUNCTION_WORDS,
    QUESTION_WORDS,
    QuestionWord,
    question_words,
    stem,
)
from context_store.sorted_strings import Strings
from context_store.value_postings import SHORTEST_TYPO, ValuePostings

_LONGEST_SPAN = 8
_LEAST_LIKENESS = 80
_CORRECTIONS = 3
_MOST_PARTIAL = 5
_SHORTEST_PARTIAL = 4
_SHORTEST_INSIDE = 5
_WITHOUT_LEGAL_FORM, _SCHEMA_WORD, _NUMBER, _PARTIAL = 0.97, 0.6, 0.7, 0.5


@dataclass(frozen=True, slots=True)
class FoundValue:
    """Words `start` to `end` of a question, and the places where a value of that name is found."""

    start: int
    end: int
    score: float
    places: Array

    def lies_within(self, other: "FoundValue") -> bool:
        """True where the other one reads more words, these among them."""
        longer = other.end - other.start > self.end - self.start
        return longer and other.start <= self.start and self.end <= other.end


class ValueLookup:
    """Finds whole values, values without their legal form, misspelt values and parts of values."""

    def __init__(self, postings: ValuePostings, schema_words: Strings) -> None:
        self._postings = postings
        self._schema_words = schema_words

    def find(self, question: str) -> list[FoundValue]:
        """Returns the values that the question names, best first."""
        return _Search(question, self._postings, self._schema_words).find()


class _Search:
    """One question against the values."""

    def __init__(self, question: str, postings: ValuePostings, schema_words: Strings) -> None:
        self._words = question_words(question)
        self._shouts = question.isupper()
        self._postings = postings
        folded = [word.folded for word in self._words]
        self._numbers = postings.words.find(folded)
        known = schema_words.find([stem(word) for word in folded])
        self._is_schema_word = [number >= 0 for number in known]

    def find(self) -> list[FoundValue]:
        """Returns what was found, best first."""
        found = list(self._find_whole())
        found += self._find_misspelt(found)
        found += self._find_partial(found)
        kept = [one for one in found if not any(one.lies_within(other) for other in found)]
        return sorted(kept, key=lambda one: (-one.score, one.start - one.end))

    def _find_whole(self) -> Iterator[FoundValue]:
        spans = list(_spans(len(self._words)))
        keys = self._postings.keys.find([self._key(start, end) for start, end in spans])
        for (start, end), key in zip(spans, keys, strict=True):
            if key < 0 or not _may_name_a_value(self._words[start:end], start, self._shouts):
                continue
            places, weight = self._places(key)
            yield FoundValue(start, end, weight * self._trust(start, end), places)

    def _key(self, start: int, end: int) -> str:
        return "".join(word.folded for word in self._words[start:end])

    def _places(self, key: int) -> tuple[Array, float]:
        """Returns the places of a whole value, or else of one without its legal form."""
        if self._postings.whole.count(key):
            return self._postings.whole.array(key), 1.0
        return self._postings.short.array(key), _WITHOUT_LEGAL_FORM

    def _trust(self, start: int, end: int) -> float:
        """Returns less than 1 for a word that may mean a column or a plain number instead."""
        if end - start > 1:
            return 1.0
        if self._words[start].folded.isdigit():
            return _NUMBER
        return _SCHEMA_WORD if self._is_schema_word[start] else 1.0

    def _find_misspelt(self, found: Sequence[FoundValue]) -> Iterator[FoundValue]:
        taken = _positions(found)
        corrected = {
            index: self._corrections(word.folded)
            for index, word in enumerate(self._words)
            if index not in taken and self._may_be_misspelt(index)
        }
        yield from self._find_inside_words(corrected)
        for start, end in _spans(len(self._words)):
            if any(corrected.get(index) for index in range(start, end)):
                yield from self._find_corrected(start, end, corrected)

    def _find_corrected(
        self, start: int, end: int, corrected: dict[int, list[str]]
    ) -> Iterator[FoundValue]:
        keys = [
            "".join(
                _choose(corrected.get(index, ()), choice, self._words[index].folded)
                for index in range(start, end)
            )
            for choice in range(_CORRECTIONS)
        ]
        for key, number in zip(keys, self._postings.keys.find(keys), strict=True):
            if number >= 0:
                likeness = fuzz.ratio(self._key(start, end), key) / 100
                yield FoundValue(start, end, 0.95 * likeness, self._places(number)[0])
                return

    def _find_inside_words(self, corrected: dict[int, list[str]]) -> Iterator[FoundValue]:
        """Finds values by how one of their words begins or ends: `stream` for `Livestream`."""
        for index, corrections in corrected.items():
            asked = self._words[index].folded
            if corrections or len(asked) < _SHORTEST_INSIDE:
                continue
            keys = self._keys_holding(asked)
            if len(keys) > _MOST_PARTIAL:
                continue
            for key in sorted(keys, key=self._postings.keys.encoded):
                length = len(self._postings.keys.text(key))
                score = _PARTIAL + 0.4 * len(asked) / max(length, len(asked))
                yield FoundValue(index, index + 1, score, self._postings.whole.array(key))

    def _keys_holding(self, asked: str) -> set[int]:
        """Returns some of the keys one of whose words begins or ends so; all where they are few."""
        words, backwards = self._postings.words, self._postings.backwards
        holders = set(words.beginning_with(asked, _MOST_PARTIAL + 1))
        ends = backwards.beginning_with(asked[::-1], _MOST_PARTIAL + 1)
        holders |= set(words.find([backwards.text(number)[::-1] for number in ends]))
        keys: set[int] = set()
        for holder in holders:
            keys |= set(self._postings.keys_of_word.array(holder)[: _MOST_PARTIAL + 1].tolist())
        return keys

    def _may_be_misspelt(self, index: int) -> bool:
        word = self._words[index].folded
        return len(word) >= SHORTEST_TYPO and self._numbers[index] < 0 and self._is_telling(index)

    def _is_telling(self, index: int) -> bool:
        """False for a number, a small word, and a word that names a table or column."""
        word = self._words[index].folded
        return not (
            word.isdigit()
            or word in FUNCTION_WORDS
            or word in QUESTION_WORDS
            or self._is_schema_word[index]
        )

    def _corrections(self, word: str) -> list[str]:
        rated = [(fuzz.ratio(word, known), known) for known in self._postings.words_like(word)]
        rated = [pair for pair in rated if pair[0] >= _LEAST_LIKENESS]
        return [known for _, known in sorted(rated, key=lambda pair: (-pair[0], pair[1]))][
            :_CORRECTIONS
        ]

    def _find_partial(self, found: Sequence[FoundValue]) -> Iterator[FoundValue]:
        """Finds values by some of their words: `Delta` for `Delta Air Lines Inc.`."""
        taken = _positions(found)
        for start, end in _spans(len(self._words)):
            if taken & set(range(start, end)) or not self._may_be_part(start, end):
                continue
            keys = _shared(self._postings.keys_of_word, self._numbers[start:end])
            if not 0 < len(keys) <= _MOST_PARTIAL:
                continue
            taken |= set(range(start, end))
            for key in sorted(keys, key=self._postings.keys.encoded):
                coverage = (end - start) / int(self._postings.lengths[key])
                score = _PARTIAL + 0.4 * min(1, coverage)
                yield FoundValue(start, end, score, self._postings.whole.array(key))

    def _may_be_part(self, start: int, end: int) -> bool:
        if any(number < 0 for number in self._numbers[start:end]):
            return False
        if any(self._words[index].folded in FUNCTION_WORDS for index in (start, end - 1)):
            return False
        return any(
            len(self._words[index].folded) >= _SHORTEST_PARTIAL and self._is_telling(index)
            for index in range(start, end)
        )


def _shared(postings: Postings, rows: Sequence[int]) -> list[int]:
    """Returns the numbers that are in every row; more than asked for where they are many."""
    rarest, *others = sorted(rows, key=postings.count)
    numbers = postings.array(rarest)
    for row in others:
        numbers = numbers[np.isin(numbers, postings.array(row), assume_unique=True)]
    shared: list[int] = numbers[: _MOST_PARTIAL + 1].tolist()
    return shared


def _spans(count: int) -> Iterator[tuple[int, int]]:
    """Yields runs of words, longest first."""
    for length in range(min(_LONGEST_SPAN, count), 0, -1):
        for start in range(count - length + 1):
            yield start, start + length


def _positions(found: Iterable[FoundValue]) -> set[int]:
    return {index for one in found for index in range(one.start, one.end)}


def _choose(corrections: Sequence[str], choice: int, otherwise: str) -> str:
    return corrections[min(choice, len(corrections) - 1)] if corrections else otherwise


def _may_name_a_value(span: Sequence[QuestionWord], start: int, shouts: bool) -> bool:
    """False for `in` or `or`: such a word is a value only where it is written in capitals."""
    plain = [word for word in span if word.folded in FUNCTION_WORDS]
    if len(span) > 1:
        return len(plain) < len(span)
    word = span[0]
    if word.folded.isdigit():
        return len(word.folded) > 2
    if plain or len(word.folded) == 1:
        return word.text.isupper() and not shouts and (len(word.text) > 1 or start > 0)
    if word.folded in QUESTION_WORDS:
        return word.text[0].isupper() and start > 0 and not shouts
    return True
