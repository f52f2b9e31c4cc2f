"""Lists of numbers by row, in two arrays: which documents hold a word, which places a value."""

from collections.abc import Mapping, Sequence

import numpy as np

from context_store.packed_arrays import Array


def postings_arrays(name: str, rows: Sequence[Sequence[int]]) -> dict[str, Array]:
    """Returns the arrays of rows of whole numbers."""
    ends = np.cumsum([len(row) for row in rows], dtype=np.int64)
    flat = [number for row in rows for number in row]
    return {
        f"{name}.starts": np.concatenate([np.zeros(1, np.int64), ends]).astype(np.uint32),
        f"{name}.numbers": np.array(flat, np.uint32),
    }


class Postings:
    """Rows of whole numbers."""

    def __init__(self, arrays: Mapping[str, Array], name: str) -> None:
        self._starts = arrays[f"{name}.starts"].data
        self._numbers = arrays[f"{name}.numbers"]

    def bounds(self, row: int) -> slice:
        """Returns where a row lies in arrays that run beside the numbers."""
        return slice(self._starts[row], self._starts[row + 1])

    def count(self, row: int) -> int:
        """Returns the length of a row."""
        return int(self._starts[row + 1]) - int(self._starts[row])

    def row(self, row: int) -> list[int]:
        """Returns a row as numbers."""
        found: list[int] = self.array(row).tolist()
        return found

    def array(self, row: int) -> Array:
        """Returns a row without copying it."""
        return self._numbers[self.bounds(row)]
