"""Finds words of a question among the values of columns, with small typos forgiven."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from context_store.names import word_set
from context_store.question_words import (
    FUNCTION_WORDS,
    QUESTION_WORDS,
    QuestionWord,
    folded_words,
    question_words,
    stem,
)
from domain.dictionary import Cell
from domain.evidence import ValueMatch

MAXIMUM_MATCHES = 30
_LONGEST_SPAN = 8
_LEGAL_FORMS = word_set("inc incorporated ltd limited corp corporation co llc plc pvt gmbh sa ag")
_SHORTEST_TYPO = 4
_LEAST_LIKENESS = 80
_CORRECTIONS = 3
_MOST_PARTIAL = 5
_SHORTEST_PARTIAL = 4
_SHORTEST_INSIDE = 5
_COLUMNS_SHOWN = 8
_WITHOUT_LEGAL_FORM, _SCHEMA_WORD, _NUMBER, _PARTIAL = 0.97, 0.6, 0.7, 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is found."""

    table: str
    column: str
    value: Cell


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    score: float
    places: Sequence[Place]

    def lies_within(self, other: "_Found") -> bool:
        longer = other.end - other.start > self.end - self.start
        return longer and other.start <= self.start and self.end <= other.end


class ValueLookup:
    """An index over values: whole values, values without their legal form, and single words."""

    def __init__(
        self, values: Iterable[tuple[str, Place]], is_schema_word: Callable[[str], bool]
    ) -> None:
        self._is_schema_word = is_schema_word
        self._whole: dict[str, list[Place]] = defaultdict(list)
        self._short: dict[str, list[Place]] = defaultdict(list)
        self._by_word: dict[str, set[str]] = defaultdict(set)
        self._lengths: dict[str, int] = {}
        for text, place in values:
            self._add(folded_words(text), place)
        self._forwards = sorted(self._by_word)
        self._backwards = sorted(word[::-1] for word in self._by_word)
        self._misspelt: dict[str, list[str]] = defaultdict(list)
        for word in self._by_word:
            for variant in _one_letter_left_out(word):
                self._misspelt[variant].append(word)

    def _add(self, words: list[str], place: Place) -> None:
        key = "".join(words)
        if not key:
            return
        self._whole[key].append(place)
        self._lengths[key] = len(words)
        for word in words:
            self._by_word[word].add(key)
        while len(words) > 1 and words[-1] in _LEGAL_FORMS:
            words = words[:-1]
            self._short["".join(words)].append(place)

    def find(self, question: str) -> list[ValueMatch]:
        """Returns the values that the question names, best first, at most `MAXIMUM_MATCHES`."""
        words = question_words(question)
        shouts = question.isupper()
        found = list(self._find_whole(words, shouts))
        found += self._find_misspelt(words, found)
        found += self._find_partial(words, found)
        kept = [one for one in found if not any(one.lies_within(other) for other in found)]
        kept.sort(key=lambda one: (-one.score, one.start - one.end))
        matches = [
            ValueMatch(
                text=question[words[one.start].start : words[one.end - 1].end],
                table=place.table,
                column=place.column,
                value=place.value,
                score=round(one.score, 3),
            )
            for one in kept
            for place in one.places[:_COLUMNS_SHOWN]
        ]
        return matches[:MAXIMUM_MATCHES]

    def _find_whole(self, words: Sequence[QuestionWord], shouts: bool) -> Iterator[_Found]:
        for start, end in _spans(len(words)):
            span = words[start:end]
            key = "".join(word.folded for word in span)
            places = self._whole.get(key)
            weight = 1.0
            if places is None:
                places, weight = self._short.get(key), _WITHOUT_LEGAL_FORM
            if places is None or not _may_name_a_value(span, start, shouts):
                continue
            yield _Found(start, end, weight * self._trust(span), places)

    def _trust(self, span: Sequence[QuestionWord]) -> float:
        """Returns less than 1 for a word that may mean a column or a plain number instead."""
        if len(span) > 1:
            return 1.0
        if span[0].folded.isdigit():
            return _NUMBER
        return _SCHEMA_WORD if self._is_schema_word(stem(span[0].folded)) else 1.0

    def _find_misspelt(
        self, words: Sequence[QuestionWord], found: Sequence[_Found]
    ) -> Iterator[_Found]:
        taken = _positions(found)
        corrected = {
            index: self._corrections(word.folded)
            for index, word in enumerate(words)
            if index not in taken and self._may_be_misspelt(word)
        }
        yield from self._find_inside_words(words, corrected)
        for start, end in _spans(len(words)):
            fixable = [index for index in range(start, end) if corrected.get(index)]
            if not fixable:
                continue
            for choice in range(_CORRECTIONS):
                key = "".join(
                    _choose(corrected.get(index, ()), choice, words[index].folded)
                    for index in range(start, end)
                )
                places = self._whole.get(key) or self._short.get(key)
                if places:
                    asked = "".join(word.folded for word in words[start:end])
                    yield _Found(start, end, 0.95 * fuzz.ratio(asked, key) / 100, places)
                    break

    def _find_inside_words(
        self, words: Sequence[QuestionWord], corrected: dict[int, list[str]]
    ) -> Iterator[_Found]:
        """Finds values by how one of their words begins or ends: `stream` for `Livestream`."""
        for index, corrections in corrected.items():
            asked = words[index].folded
            if corrections or len(asked) < _SHORTEST_INSIDE:
                continue
            holders = _beginning_with(self._forwards, asked, _MOST_PARTIAL + 1)
            backwards = _beginning_with(self._backwards, asked[::-1], _MOST_PARTIAL + 1)
            holders |= {word[::-1] for word in backwards}
            keys = {key for holder in holders for key in self._by_word[holder]}
            if len(keys) <= _MOST_PARTIAL:
                for key in sorted(keys):
                    score = _PARTIAL + 0.4 * len(asked) / max(len(key), len(asked))
                    yield _Found(index, index + 1, score, self._whole[key])

    def _may_be_misspelt(self, word: QuestionWord) -> bool:
        return (
            len(word.folded) >= _SHORTEST_TYPO
            and not word.folded.isdigit()
            and word.folded not in self._by_word
            and word.folded not in FUNCTION_WORDS
            and word.folded not in QUESTION_WORDS
            and not self._is_schema_word(stem(word.folded))
        )

    def _corrections(self, word: str) -> list[str]:
        likely = (
            {known for variant in _one_letter_left_out(word) for known in self._misspelt[variant]}
            if len(word) >= _SHORTEST_TYPO
            else set()
        )
        rated = [(fuzz.ratio(word, known), known) for known in likely]
        rated = [pair for pair in rated if pair[0] >= _LEAST_LIKENESS]
        return [known for _, known in sorted(rated, key=lambda pair: (-pair[0], pair[1]))][
            :_CORRECTIONS
        ]

    def _find_partial(
        self, words: Sequence[QuestionWord], found: Sequence[_Found]
    ) -> Iterator[_Found]:
        """Finds values by some of their words: `Delta` for `Delta Air Lines Inc.`."""
        taken = _positions(found)
        for start, end in _spans(len(words)):
            span = words[start:end]
            if taken & set(range(start, end)) or not self._may_be_part(span):
                continue
            keys = set.intersection(*(self._by_word[word.folded] for word in span))
            if 0 < len(keys) <= _MOST_PARTIAL:
                taken |= set(range(start, end))
                for key in sorted(keys):
                    coverage = len(span) / self._lengths[key]
                    yield _Found(start, end, _PARTIAL + 0.4 * min(1, coverage), self._whole[key])

    def _may_be_part(self, span: Sequence[QuestionWord]) -> bool:
        if any(word.folded not in self._by_word for word in span):
            return False
        ends = (span[0].folded, span[-1].folded)
        if any(word in FUNCTION_WORDS for word in ends):
            return False
        telling = [
            word.folded
            for word in span
            if len(word.folded) >= _SHORTEST_PARTIAL
            and not word.folded.isdigit()
            and word.folded not in FUNCTION_WORDS
            and word.folded not in QUESTION_WORDS
            and not self._is_schema_word(stem(word.folded))
        ]
        return bool(telling)


def _spans(count: int) -> Iterator[tuple[int, int]]:
    """Yields runs of words, longest first."""
    for length in range(min(_LONGEST_SPAN, count), 0, -1):
        for start in range(count - length + 1):
            yield start, start + length


def _beginning_with(ordered: Sequence[str], beginning: str, limit: int) -> set[str]:
    """Returns at most `limit` of the ordered words that begin so."""
    first = bisect_left(ordered, beginning)
    return {word for word in ordered[first : first + limit] if word.startswith(beginning)}


def _positions(found: Iterable[_Found]) -> set[int]:
    return {index for one in found for index in range(one.start, one.end)}


def _choose(corrections: Sequence[str], choice: int, otherwise: str) -> str:
    return corrections[min(choice, len(corrections) - 1)] if corrections else otherwise


def _one_letter_left_out(word: str) -> set[str]:
    if len(word) < _SHORTEST_TYPO:
        return set()
    return {word, *(word[:index] + word[index + 1 :] for index in range(len(word)))}


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
