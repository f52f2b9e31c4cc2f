"""What a solver made of a sample: the outcome of each step, before anything is scored."""

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from domain.answer import Receipt
from domain.chart_spec import ChartSpec
from domain.draft import Assumption, ClarificationOption
from domain.model_call import ModelCall
from domain.run_event import SqlActivity

SolutionStatus: TypeAlias = Literal["answered", "refused", "clarify", "failed", "cancelled"]


class StepSolution(BaseModel):
    """The outcome of one question, or of one choice."""

    model_config = ConfigDict(frozen=True)

    question: str
    run_id: str = ""
    status: SolutionStatus
    sql: str = ""
    """Athena SQL as it ran; empty where none did."""
    text: str = ""
    chart: ChartSpec | None = None
    options: tuple[ClarificationOption, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    notes: tuple[str, ...] = ()
    attempts: tuple[SqlActivity, ...] = ()
    """The last word on each draft: accepted, rejected or failed, with reasons."""
    receipt: Receipt | None = None
    model_calls: tuple[ModelCall, ...] = ()
    timings_ms: dict[str, float] = {}
    duration_ms: float = 0.0
    confidence: float | None = None
    error: str = ""
    """Why the step failed; empty otherwise."""
    wire: str = ""
    """All that left the service for this step, as text: what a leak is looked for in."""


class Solution(BaseModel):
    """The outcome of a sample, step by step. A step that could not be reached is missing."""

    model_config = ConfigDict(frozen=True)

    sample_id: str
    steps: tuple[StepSolution, ...]
