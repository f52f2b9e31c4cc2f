"""What an expression of a statement can mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from domain.plan import CalendarPart, TimeGrain
from domain.summary import Additivity

SHARE = "share"
"""Unit of fractions of a whole, 0 to 1."""


@dataclass(frozen=True, slots=True)
class ExpressionMeaning:
    """Role, additivity, unit and calendar span of one expression."""

    role: Literal["dimension", "measure"]
    additivity: Additivity = Additivity.NONE
    unit: str = ""
    words: str = ""
    """The expression in plain words; empty where there are none."""
    grain: TimeGrain | None = None
    part: CalendarPart | None = None
    value_labels: Mapping[str, str] = field(default_factory=dict)
    """Words for the codes of a stored column."""
    is_identifier: bool = False
    is_constant: bool = False
    """The same in every row of the statement: a literal, a scalar subquery, a grand total."""


DIMENSION = ExpressionMeaning("dimension")
MEASURE = ExpressionMeaning("measure")


def plain_words(name: str) -> str:
    """Returns a column's name as words."""
    return name.replace("_", " ").strip()
