"""What happens during a run, in the order it happens. The API maps these onto AG-UI events."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from domain.answer import Answer, Receipt
from domain.chart_spec import ChartSpec
from domain.cross_check import CrossCheck
from domain.draft import Clarification, ClarificationOption
from domain.error_codes import ErrorCode, ErrorReason
from domain.evidence import ScoredTable, ValueMatch
from domain.verdict import Violation


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True)


class RunStarted(_Event):
    """First event of a run."""

    kind: Literal["run_started"] = "run_started"
    run_id: str
    thread_id: str


class StepStarted(_Event):
    """A node begins."""

    kind: Literal["step_started"] = "step_started"
    step: str


class StepFinished(_Event):
    """A node ended."""

    kind: Literal["step_finished"] = "step_finished"
    step: str
    duration_ms: float


class ContextActivity(_Event):
    """`vtion.context`: what was retrieved."""

    tables: tuple[ScoredTable, ...]
    values: tuple[ValueMatch, ...]
    metrics: tuple[str, ...] = ()
    context_version: str


class SqlActivity(_Event):
    """`vtion.sql`: one attempt and what the guard or the engine said of it."""

    attempt: int
    sql: str
    status: Literal["drafted", "accepted", "doubted", "rejected", "failed"]
    """doubted: allowed, but sent back to the model once as likely to mislead."""
    reasons: tuple[Violation, ...] = ()
    drafter: str


class ExecutionActivity(_Event):
    """`vtion.execution`: how the statement ran."""

    row_count: int
    bytes_scanned: int | None
    bytes_estimated: int | None = None
    duration_ms: float
    cost_usd: float | None
    warehouse: str


class QueueActivity(_Event):
    """`vtion.queue`: the run waits for its turn, in the service or in its warehouse."""

    position: int
    """1 is next; 0: the warehouse's turn has come."""


class RunQueued(_Event):
    """The service or the warehouse is full; comes again whenever the place changes."""

    kind: Literal["run_queued"] = "run_queued"
    content: QueueActivity


class ContextRetrieved(_Event):
    """The evidence is there."""

    kind: Literal["context_retrieved"] = "context_retrieved"
    content: ContextActivity


class SqlAttempted(_Event):
    """An attempt was drafted, accepted, rejected or failed."""

    kind: Literal["sql_attempted"] = "sql_attempted"
    content: SqlActivity


class ExecutionFinished(_Event):
    """The statement ran."""

    kind: Literal["execution_finished"] = "execution_finished"
    content: ExecutionActivity


class ChartReady(_Event):
    """`vtion.chart`: the chart can be drawn."""

    kind: Literal["chart_ready"] = "chart_ready"
    content: ChartSpec


class AnswerDelta(_Event):
    """A piece of the answer's prose."""

    kind: Literal["answer_delta"] = "answer_delta"
    text: str


class AnswerReplaced(_Event):
    """The prose changed, by the verifier or for a new start: this is the whole of it."""

    kind: Literal["answer_replaced"] = "answer_replaced"
    text: str


class ReceiptReady(_Event):
    """`vtion.receipt`: what the answer rests on."""

    kind: Literal["receipt_ready"] = "receipt_ready"
    content: Receipt


class RunClosed(_Event):
    """The graph's own end, for the runner alone: the whole answer and what it took."""

    kind: Literal["run_closed"] = "run_closed"
    answer: Answer
    failure_code: str = ""
    """Set where no model gave a usable reply: such a run failed."""
    cross_check: CrossCheck | None = None
    chosen_option: ClarificationOption | None = None


class RunInterrupted(_Event):
    """Last event of a run that waits for the analyst's choice."""

    kind: Literal["run_interrupted"] = "run_interrupted"
    clarification: Clarification
    answer: Answer


class RunFinished(_Event):
    """Last event of a run that ended as it should: answered, refused or cancelled."""

    kind: Literal["run_finished"] = "run_finished"
    answer: Answer


class RunFailed(_Event):
    """Last event of a run that an error ended. `message` is safe to show."""

    kind: Literal["run_failed"] = "run_failed"
    code: ErrorCode
    message: str
    reference: str
    reason: ErrorReason = ""
    parameters: dict[str, str | int | float] = {}


RunEvent: TypeAlias = Annotated[
    RunStarted
    | RunQueued
    | StepStarted
    | StepFinished
    | ContextRetrieved
    | SqlAttempted
    | ExecutionFinished
    | ChartReady
    | AnswerDelta
    | AnswerReplaced
    | ReceiptReady
    | RunInterrupted
    | RunFinished
    | RunFailed,
    Field(discriminator="kind"),
]
