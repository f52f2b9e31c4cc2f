"""A short mark of a result: it changes when the data does."""

import hashlib
from collections.abc import Sequence

from evals.execution_match import Row

_DIGITS = 5
_LENGTH = 12


def result_digest(rows: Sequence[Row]) -> str:
    """Returns a hash of the rows as a multiset; noise of floats does not change it."""
    lines = sorted(repr([_cell(value) for value in row]) for row in rows)
    return text_digest("\n".join(lines))


def text_digest(text: str) -> str:
    """Returns a short hash of a text, white space at its ends left out."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:_LENGTH]


def _cell(value: object) -> str:
    try:
        return f"{float(value):.{_DIGITS}g}"  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return str(value)
