"""When a run is worth a checkpoint: by what follows, and by what it took since the last one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_ASKED = "clarify"
"""A question back must be known before it is asked."""
_AROUND_STATEMENTS = frozenset({"execute_sql", "synthesize_answer"})
"""Before a statement is submitted, and when its result is rolled up."""
_WORTH_MS = 500.0
"""What models and engine worked for longer since the last checkpoint is not asked of them twice."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Shared by the steps, which go on until a checkpoint is due, and by the saver."""

    keeps_statements: bool = True
    """True where statements cost money, or outlive the process that submitted them."""
    stops_at_every_node: bool = False
    """True where each node shall be seen by LangGraph, as in a trace."""

    def is_due(self, following: str, spent_ms: float) -> bool:
        """Returns whether a checkpoint is worth it before a step, after so much work."""
        is_around = self.keeps_statements and following in _AROUND_STATEMENTS
        return following == _ASKED or is_around or spent_ms >= _WORTH_MS


def spent_ms(values: Mapping[str, Any]) -> float:
    """Returns what the state cost: a crowded process makes nothing of it dearer.

    A result counts once it is rolled up: until then its rows are in this process alone.
    """
    spent = sum(call.duration_ms for call in values.get("model_calls", ()))
    execution = values.get("execution")
    if execution is not None and values.get("summary") is not None:
        spent += execution.engine_ms
    return float(spent)
