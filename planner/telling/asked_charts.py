"""The kind of chart that a question names."""

import re

_PARTS_OF_A_WHOLE = re.compile(
    r"\b(share|shares|composition|breakdown|split|mix|proportion|percentage|made up)\b",
    re.IGNORECASE,
)
_ASKED = (
    ("pie", re.compile(r"\b(pie|donut|doughnut)\b", re.IGNORECASE)),
    (
        "scatter",
        re.compile(r"\bscatter\b|\b(correlation|relationship) (between|of)\b", re.IGNORECASE),
    ),
    ("line", re.compile(r"\bline (chart|graph|plot)\b", re.IGNORECASE)),
    ("bar", re.compile(r"\b(histogram|(bar|column) (chart|graph|plot))\b", re.IGNORECASE)),
)


def asked_kind(question: str) -> str:
    """Returns the kind of chart that the question names, or an empty text."""
    return next((kind for kind, words in _ASKED if words.search(question)), "")


def asks_for_shares(question: str) -> bool:
    """True for questions about the parts of a whole."""
    return bool(_PARTS_OF_A_WHOLE.search(question))
