"""The state that flows through the graph. Everything here may be checkpointed: no result rows."""

from datetime import date
from typing import TypedDict

from pydantic import BaseModel, ConfigDict

from domain.answer import Answer
from domain.chart_spec import ChartSpec
from domain.cross_check import CrossCheck
from domain.draft import ClarificationOption, DraftOutcome, FailedAttempt, Turn
from domain.evidence import Evidence
from domain.model_call import ModelCall
from domain.summary import Summary
from domain.verdict import Verdict


class Execution(BaseModel):
    """How the accepted statement ran. Its rows stay in the warehouse, behind `query_id`."""

    model_config = ConfigDict(frozen=True)

    query_id: str
    row_count: int
    bytes_scanned: int | None = None
    bytes_estimated: int | None = None
    engine_ms: float = 0.0
    cost_usd: float | None = None


class RunState(TypedDict):
    """One run of one thread. Only `turns` outlives the run; all else is reset by the next."""

    run_id: str
    thread_id: str
    question: str
    today: date
    turns: tuple[Turn, ...]
    evidence: Evidence | None
    draft: DraftOutcome | None
    chosen_option: ClarificationOption | None
    failed_attempts: tuple[FailedAttempt, ...]
    verdict: Verdict | None
    execution: Execution | None
    cross_check: CrossCheck | None
    summary: Summary | None
    failure: str
    """A sentence for the analyst when the run cannot go on; empty otherwise."""
    failure_code: str
    """Set where the failure is none of the question's, such as a model that does not answer."""
    model_calls: tuple[ModelCall, ...]
    """Every call of this run so far, the failed ones too."""
    text: str
    chart: ChartSpec | None
    follow_ups: tuple[str, ...]
    notes: tuple[str, ...]
    answer: Answer | None


class RunInput(TypedDict):
    """What a new run writes over the state of its thread."""

    run_id: str
    thread_id: str
    question: str
    today: date
    evidence: None
    draft: None
    chosen_option: None
    failed_attempts: tuple[FailedAttempt, ...]
    verdict: None
    execution: None
    cross_check: None
    summary: None
    failure: str
    failure_code: str
    model_calls: tuple[ModelCall, ...]
    text: str
    chart: None
    follow_ups: tuple[str, ...]
    notes: tuple[str, ...]
    answer: None


def new_run(run_id: str, thread_id: str, question: str, today: date) -> RunInput:
    """Returns the input of a fresh run: the question, and everything else empty."""
    return RunInput(
        run_id=run_id,
        thread_id=thread_id,
        question=question,
        today=today,
        evidence=None,
        draft=None,
        chosen_option=None,
        failed_attempts=(),
        verdict=None,
        execution=None,
        cross_check=None,
        summary=None,
        failure="",
        failure_code="",
        model_calls=(),
        text="",
        chart=None,
        follow_ups=(),
        notes=(),
        answer=None,
    )
