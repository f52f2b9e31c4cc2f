"""One doubt about one gold statement."""

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

FindingKind: TypeAlias = Literal[
    "broken", "empty", "nondeterministic", "ambiguous", "weak", "redundant", "stale"
]
SERIOUS: frozenset[FindingKind] = frozenset(
    {"broken", "empty", "nondeterministic", "ambiguous", "stale"}
)
"""With one of these a score of the sample means nothing."""


class Finding(BaseModel):
    """What is doubtful, in words for the suite's author."""

    model_config = ConfigDict(frozen=True)

    sample: str
    """`suite/sample`."""
    kind: FindingKind
    detail: str
    gold: str = ""
