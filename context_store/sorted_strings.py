"""Distinct strings as a few arrays: a dictionary of a million words in some megabytes."""

from collections.abc import Iterable, Mapping, Sequence
from zlib import crc32

import numpy as np

from context_store.packed_arrays import Array


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def hash_of(text: str) -> int:
    """Returns 32 bits that stand for a string; two strings may share them."""
    return crc32(_encode(text))


def string_arrays(name: str, strings: Iterable[str]) -> dict[str, Array]:
    """Returns the arrays of distinct strings, numbered as they come."""
    encoded = [_encode(text) for text in strings]
    ends = np.cumsum([len(text) for text in encoded], dtype=np.int64)
    hashes = np.array([crc32(text) for text in encoded], np.uint32)
    order = np.argsort(hashes, kind="stable").astype(np.uint32)
    return {
        f"{name}.bytes": np.frombuffer(b"".join(encoded), np.uint8),
        f"{name}.starts": np.concatenate([np.zeros(1, np.int64), ends]).astype(np.uint32),
        f"{name}.hashes": hashes[order],
        f"{name}.hashed": order,
    }


def sorted_string_arrays(name: str, strings: Iterable[str]) -> tuple[dict[str, Array], list[str]]:
    """Returns the arrays of strings without repeats and in order, and the strings."""
    ordered = sorted(set(strings), key=_encode)
    return string_arrays(name, ordered), ordered


class Strings:
    """Strings by number, and numbers by string."""

    def __init__(self, arrays: Mapping[str, Array], name: str) -> None:
        self._bytes = arrays[f"{name}.bytes"].data
        self._starts = arrays[f"{name}.starts"].data
        self._hashes = arrays[f"{name}.hashes"]
        self._hashed = arrays[f"{name}.hashed"]

    def __len__(self) -> int:
        return len(self._starts) - 1

    def text(self, number: int) -> str:
        """Returns the string with this number."""
        return self.encoded(number).decode("utf-8", "surrogatepass")

    def encoded(self, number: int) -> bytes:
        """Returns the string with this number as UTF-8."""
        return bytes(self._bytes[self._starts[number] : self._starts[number + 1]])

    def find(self, texts: Sequence[str]) -> list[int]:
        """Returns the number of each string, -1 for one that is not here."""
        encoded = [_encode(text) for text in texts]
        hashes = np.array([crc32(text) for text in encoded], np.uint32)
        first = np.searchsorted(self._hashes, hashes, "left").tolist()
        last = np.searchsorted(self._hashes, hashes, "right").tolist()
        return [self._match(*sought) for sought in zip(encoded, first, last, strict=True)]

    def _match(self, sought: bytes, first: int, last: int) -> int:
        for at in range(first, last):
            number = int(self._hashed[at])
            if self.encoded(number) == sought:
                return number
        return -1


class SortedStrings(Strings):
    """Strings that were in the order of their UTF-8 bytes when they were packed."""

    def beginning_with(self, beginning: str, limit: int) -> range:
        """Returns the numbers of the strings that begin so, at most `limit` of them."""
        sought = _encode(beginning)
        first = last = self._first_not_below(sought)
        while last < min(len(self), first + limit) and self.encoded(last).startswith(sought):
            last += 1
        return range(first, last)

    def _first_not_below(self, sought: bytes) -> int:
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.encoded(middle) < sought:
                low = middle + 1
            else:
                high = middle
        return low
