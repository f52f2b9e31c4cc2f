"""The record of one run: written once at its end, read by its owner, admins and evaluations."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from domain.answer import Answer, AnswerStatus
from domain.cross_check import CrossCheck
from domain.draft import ClarificationOption, FailedAttempt
from domain.model_call import ModelCall


class RunRecord(BaseModel):
    """How a question became its answer. Holds no result row beyond the answer's own points."""

    model_config = ConfigDict(frozen=True)

    run_id: str
    thread_id: str
    user_id: str = ""
    """Who asked; empty in local mode without sign-in."""
    question: str
    status: AnswerStatus
    started_at: datetime
    """UTC."""
    duration_ms: float
    timings_ms: dict[str, float] = Field(default_factory=dict)
    """Per node; a node that ran twice is summed."""
    answer: Answer | None = None
    """None where the run failed or was cancelled before there was one."""
    failed_attempts: tuple[FailedAttempt, ...] = ()
    model_calls: tuple[ModelCall, ...] = ()
    cross_check: CrossCheck | None = None
    """None where one reading was all that was asked for."""
    chosen_option: ClarificationOption | None = None
    """What the analyst chose where the run asked back."""
    error_code: str = ""
    reference: str = ""
    """What an operator finds the failure by in the logs."""
    code_version: str = ""
