"""What is kept of runs beyond their records: lists, conversations, feedback and usage."""

from datetime import date, datetime
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from domain.answer import Answer, AnswerStatus
from domain.draft import SqlDraft
from domain.user import User

RunStatus: TypeAlias = AnswerStatus | Literal["running"]
Rating: TypeAlias = Literal["up", "down"]


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class Feedback(_Kept):
    """A thumb and a comment on one run."""

    run_id: str
    rating: Rating
    comment: str = ""
    created_at: datetime


class FeedbackEntry(Feedback):
    """One line of a list of feedback."""

    question: str
    """Empty where the run is no longer kept."""


class DislikedRun(_Kept):
    """A run that its user rated down: a sample to be, until an evaluator has looked at it."""

    run_id: str
    question: str
    status: RunStatus
    comment: str
    rated_at: datetime


class RunRequest(_Kept):
    """What was asked, whole: all that another worker needs to take the run up."""

    user: User
    option_id: str | None = None
    given: SqlDraft | None = None
    prompt_versions: dict[str, str] = Field(default_factory=dict)
    llm: str = ""
    basis: str = ""
    """The context and the policy that its statements are judged by."""


class RunBegun(_Kept):
    """What is known of a run at its start: kept at once, so that a crash leaves a trace."""

    run_id: str
    thread_id: str
    user_id: str
    question: str
    started_at: datetime
    model: str = ""
    request: RunRequest | None = None


class LapsedRun(_Kept):
    """A run whose worker is gone."""

    run_id: str
    thread_id: str
    question: str
    started_at: datetime
    resumptions: int
    """How often it has been taken up, this time included."""
    crashes: int
    """How many workers ended without handing it over."""
    request: RunRequest


class RunEntry(_Kept):
    """One line of a list of runs."""

    run_id: str
    thread_id: str
    user_id: str
    question: str
    status: RunStatus
    started_at: datetime
    duration_ms: float
    model: str
    tokens_in: int
    tokens_out: int
    bytes_scanned: int
    cost_usd: float
    error_code: str
    reference: str
    rating: Rating | None = None


class ThreadEntry(_Kept):
    """One line of a user's list of conversations."""

    thread_id: str
    title: str
    """The first question."""
    created_at: datetime
    updated_at: datetime
    run_count: int
    found: str = ""
    """In a search: the latest question that holds a word of it, or whose answer does."""


class ThreadTurn(_Kept):
    """One question of a conversation and what became of it."""

    run_id: str
    question: str
    status: RunStatus
    started_at: datetime
    answer: Answer | None = None
    """None while the run goes on, and where it failed."""
    rating: Rating | None = None


class UsageEntry(_Kept):
    """What one user took of one model on one day (UTC)."""

    day: date
    user_id: str
    model: str
    runs: int
    tokens_in: int
    tokens_out: int
    bytes_scanned: int
    cost_usd: float
