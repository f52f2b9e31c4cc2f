"""The answer to a question, and the receipt that it can be checked by."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Literal, Protocol, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from domain.chart_spec import ChartSpec
from domain.dictionary import Dictionary
from domain.draft import Assumption, Clarification
from domain.model_call import CallScope
from domain.plan import Plan
from domain.summary import Summary

AnswerStatus: TypeAlias = Literal["answered", "refused", "clarify", "failed", "cancelled"]


class Receipt(BaseModel):
    """What an answer rests on."""

    model_config = ConfigDict(frozen=True)

    run_id: str
    sql: str = ""
    """Athena SQL as it ran, after the guard's rewrites."""
    tables: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    true_row_count: int = 0
    rows_seen_by_writer: int = 0
    bytes_scanned: int | None = None
    """None where the warehouse does not say."""
    bytes_estimated: int | None = None
    """The most that it could have read, as told before it ran; None where that was unknown."""
    cost_usd: float | None = None
    warehouse: str = ""
    drafter: str = ""
    writer: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    """Part of `tokens_in` that the provider had read before."""
    model_cost_usd: float | None = None
    """By the price list; None where no model was called or one has no price."""
    prompt_versions: dict[str, str] = Field(default_factory=dict)
    context_version: str = ""
    attempts: int = 0
    confidence: float | None = None
    """How sure the reading is, 0 to 1; raised where another reading gave the same result."""
    today: date | None = None
    notes: tuple[str, ...] = ()


class Answer(BaseModel):
    """The outcome of one run, whole: what `POST /query` returns with `Accept: application/json`."""

    model_config = ConfigDict(frozen=True)

    run_id: str
    thread_id: str
    status: AnswerStatus
    text: str = ""
    """Markdown. For a refusal, why; for a clarification, the question back."""
    chart: ChartSpec | None = None
    follow_ups: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    """For a refusal: the nearest questions that can be answered."""
    clarification: Clarification | None = None
    receipt: Receipt | None = None


class WriteRequest(BaseModel):
    """Everything a writer may use: never a row of the data, only the summary."""

    question: str
    dictionary: Dictionary
    summary: Summary
    plan: Plan | None
    assumptions: tuple[Assumption, ...] = ()
    notes: tuple[str, ...] = ()
    """Sentences that the answer must say."""
    unsupported_figures: tuple[str, ...] = ()
    """Figures of an earlier try that the summary does not bear out; set for the one rewrite."""
    scope: CallScope = CallScope()


class AnswerPart(BaseModel):
    """One piece of an answer as it is written: prose to append, or chart and follow-ups."""

    model_config = ConfigDict(frozen=True)

    is_restart: bool = False
    """The writer begins anew: what it wrote so far does not stand."""
    text: str = ""
    chart: ChartSpec | None = None
    follow_ups: tuple[str, ...] = ()


class Writer(Protocol):
    """Turns a summary into prose, chart and follow-ups: the embedded one, or a chat model."""

    @property
    def name(self) -> str:
        """What stands on the receipt."""

    def write(self, request: WriteRequest) -> AsyncIterator[AnswerPart]:
        """Yields prose piece by piece; chart and follow-ups in the last part."""
