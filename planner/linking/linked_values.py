"""Values of the data that a text may stand for."""

from collections.abc import Iterator

from domain.evidence import Evidence, ValueMatch
from planner.schema.schema_index import SchemaIndex, Target

_CODE = 3
"""Values of so few capital letters are codes: `New` names none of them."""


class LinkedValues:
    """Values known from the dictionary, and those found for one question."""

    def __init__(self, index: SchemaIndex, evidence: Evidence) -> None:
        self._index = index
        self._evidence = _values_by_text(evidence)

    def find(self, lower: str, text: str) -> Iterator[Target]:
        """Yields the values that a text names, the likeliest first; `lower` is the text's own."""
        found = [*self._index.find_values(lower), *self._evidence.get(lower, ())]
        seen: set[tuple[str, str, object]] = set()
        for target in sorted(found, key=lambda t: (-t.score, str(t.value) != text)):
            place = (target.table, target.column, target.value)
            if place not in seen and not _is_code_by_chance(text, target.value):
                seen.add(place)
                yield target


def _is_code_by_chance(text: str, value: object) -> bool:
    """`New` of New York is not the code `NEW`."""
    is_code = isinstance(value, str) and value.isalpha() and value.isupper()
    is_same = text.lower() == str(value).lower()
    return is_code and is_same and 1 < len(text) <= _CODE and text.istitle()


def _values_by_text(evidence: Evidence) -> dict[str, list[Target]]:
    found: dict[str, list[Target]] = {}
    for match in evidence.values:
        found.setdefault(match.text.strip().lower(), []).append(_value_target(match))
    return found


def _value_target(match: ValueMatch) -> Target:
    return Target("value", match.table, match.column, match.value, match.score)
