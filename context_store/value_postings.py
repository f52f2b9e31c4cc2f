"""The values of all columns, packed: by whole text, by single word, and by misspelt word."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count

import numpy as np

from context_store.names import word_set
from context_store.packed_arrays import Array
from context_store.postings import Postings, postings_arrays
from context_store.question_words import folded_words
from context_store.sorted_strings import (
    SortedStrings,
    Strings,
    hash_of,
    sorted_string_arrays,
    string_arrays,
)
from domain.dictionary import Cell

VALUE_ARRAYS = "value."
"""How the names of all arrays here begin."""
SHORTEST_TYPO = 4
"""Letters of a word from which on a typo in it is forgiven."""
_LEGAL_FORMS = word_set("inc incorporated ltd limited corp corporation co llc plc pvt gmbh sa ag")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is found: the number of its column, and the value as it is stored."""

    column: int
    value: Cell


class _Numbering(defaultdict[str, int]):
    """Numbers strings as they are first seen."""

    def __init__(self) -> None:
        super().__init__(partial(next, count()))


class _Collector:
    def __init__(self) -> None:
        self.places: list[tuple[int, int, bool]] = []
        self.stored, self.keys, self.words = _Numbering(), _Numbering(), _Numbering()
        self.whole: defaultdict[int, list[int]] = defaultdict(list)
        self.short: defaultdict[int, list[int]] = defaultdict(list)
        self.lengths: dict[int, int] = {}
        self.keys_of_word: defaultdict[int, dict[int, None]] = defaultdict(dict)

    def add(self, text: str, place: Place) -> None:
        words = folded_words(text)
        if not any(words):
            return
        value = place.value
        number = len(self.places)
        self.places.append((place.column, self.stored[str(value)], isinstance(value, int)))
        key = self.keys["".join(words)]
        self.whole[key].append(number)
        self.lengths[key] = len(words)
        for word in words:
            self.keys_of_word[self.words[word]][key] = None
        while len(words) > 1 and words[-1] in _LEGAL_FORMS:
            words = words[:-1]
            self.short[self.keys["".join(words)]].append(number)


def value_arrays(values: Iterable[tuple[str, Place]]) -> dict[str, Array]:
    """Returns the arrays of values, each given as a text that names it and where it is found."""
    seen = _Collector()
    for text, place in values:
        seen.add(text, place)
    words, ordered = sorted_string_arrays("value.words", seen.words)
    backwards, _ = sorted_string_arrays("value.backwards", (word[::-1] for word in ordered))
    keys = range(len(seen.keys))
    columns, stored, numeric = zip(*seen.places, strict=True) if seen.places else ((), (), ())
    return {
        "value.columns": np.array(columns, np.uint32),
        "value.stored_numbers": np.array(stored, np.uint32),
        "value.numeric": np.array(numeric, np.bool_),
        "value.lengths": np.array([seen.lengths.get(key, 1) for key in keys], np.uint32),
        **string_arrays("value.stored", seen.stored),
        **string_arrays("value.keys", seen.keys),
        **postings_arrays("value.whole", [seen.whole[key] for key in keys]),
        **postings_arrays("value.short", [seen.short[key] for key in keys]),
        **words,
        **postings_arrays(
            "value.keys_of_word", [sorted(seen.keys_of_word[seen.words[w]]) for w in ordered]
        ),
        **backwards,
        **_misspelt_arrays(ordered),
    }


def _misspelt_arrays(words: Sequence[str]) -> dict[str, Array]:
    pairs = [(hash_of(v), n) for n, word in enumerate(words) for v in one_letter_left_out(word)]
    hashes = np.array([pair[0] for pair in pairs], np.uint32)
    order = np.argsort(hashes, kind="stable")
    numbers = np.array([pair[1] for pair in pairs], np.uint32)
    return {"value.misspelt_hashes": hashes[order], "value.misspelt_words": numbers[order]}


def one_letter_left_out(word: str) -> set[str]:
    """Returns the word and all that is left of it without one letter; none of a short word."""
    if len(word) < SHORTEST_TYPO:
        return set()
    return {word, *(word[:index] + word[index + 1 :] for index in range(len(word)))}


class ValuePostings:
    """Reads the arrays."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.columns = arrays["value.columns"]
        """Place -> column number."""
        self.keys = Strings(arrays, "value.keys")
        self.words = SortedStrings(arrays, "value.words")
        self.backwards = SortedStrings(arrays, "value.backwards")
        self.whole = Postings(arrays, "value.whole")
        self.short = Postings(arrays, "value.short")
        self.keys_of_word = Postings(arrays, "value.keys_of_word")
        self.lengths = arrays["value.lengths"]
        """Key -> its words."""
        self._stored = Strings(arrays, "value.stored")
        self._stored_numbers = arrays["value.stored_numbers"]
        self._numeric = arrays["value.numeric"]
        self._misspelt_hashes = arrays["value.misspelt_hashes"]
        self._misspelt_words = arrays["value.misspelt_words"]

    def place(self, number: int) -> Place:
        """Returns where a value is found."""
        text = self._stored.text(int(self._stored_numbers[number]))
        value = int(text) if self._numeric[number] else text
        return Place(int(self.columns[number]), value)

    def words_like(self, word: str) -> set[str]:
        """Returns the words that become equal to this one when each loses at most one letter.

        Some others may be among them: two words can share a hash.
        """
        hashes = np.array([hash_of(variant) for variant in one_letter_left_out(word)], np.uint32)
        first = np.searchsorted(self._misspelt_hashes, hashes, "left").tolist()
        last = np.searchsorted(self._misspelt_hashes, hashes, "right").tolist()
        numbers = {
            number
            for low, high in zip(first, last, strict=True)
            for number in self._misspelt_words[low:high].tolist()
        }
        return {self.words.text(number) for number in numbers}
