"""What came of comparing the results of several readings of one question."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class CrossCheck(BaseModel):
    """For the evaluator: the analyst sees only the confidence that it leads to."""

    model_config = ConfigDict(frozen=True)

    outcome: Literal["agreed", "disagreed", "alone"]
    """`alone`: no other reading led to SQL that ran."""
    readings: int
    """How many readings ran, the answer's own included."""
    votes: int
    """How many of them gave the answer's result."""
    others: tuple[str, ...] = ()
    """SQL that gave other results."""
