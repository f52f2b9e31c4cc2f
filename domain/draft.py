"""What a drafter returns: SQL, a question back, or an honest no."""

from datetime import date
from typing import Annotated, Literal, Protocol, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from domain.dictionary import Dictionary
from domain.evidence import Evidence
from domain.model_call import CallScope
from domain.plan import Plan
from domain.verdict import Violation


class Assumption(BaseModel):
    """One reading of the question that the answer rests on: a chip on the receipt."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["measure", "dimension", "filter", "period", "order", "limit", "note"]
    text: str
    is_changed: bool = False
    """True where the analyst changed it in an answer, and had it run again."""


class SqlDraft(BaseModel):
    """Athena SQL and how the question was read."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["sql"] = "sql"
    sql: str
    plan: Plan | None = None
    """Set by the planner; None for SQL that a model wrote."""
    assumptions: tuple[Assumption, ...] = ()
    confidence: float = Field(default=0.5, ge=0, le=1)
    author: str = ""
    """Who wrote it, where several do."""
    alternatives: tuple["SqlDraft", ...] = ()
    """Other readings of the same question: their results are held against this one's."""
    is_outvoted_by_first: bool = False
    """True: where results differ and no majority decides, the first alternative is believed."""


class ClarificationOption(BaseModel):
    """One way to read the question."""

    model_config = ConfigDict(frozen=True)

    id: str
    label: str
    effect: str
    """What would be computed, in plain words."""


class Clarification(BaseModel):
    """A question back, with two to four options."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["clarification"] = "clarification"
    question: str
    options: tuple[ClarificationOption, ...] = Field(min_length=2, max_length=4)


class CannotAnswer(BaseModel):
    """An honest no: why, which words could not be placed, and what could be asked instead."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["cannot_answer"] = "cannot_answer"
    reason: str
    unplaced: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()


DraftOutcome: TypeAlias = Annotated[
    SqlDraft | Clarification | CannotAnswer, Field(discriminator="kind")
]


class FailedAttempt(BaseModel):
    """SQL that was rejected or failed, and why: goes back to the drafter."""

    model_config = ConfigDict(frozen=True)

    sql: str
    reasons: tuple[Violation, ...]
    assumptions: tuple[Assumption, ...] = ()
    """How it read the question, for SQL that is mended and not drafted anew."""


class Turn(BaseModel):
    """An earlier question of the same thread, as it was understood."""

    model_config = ConfigDict(frozen=True)

    question: str
    sql: str = ""
    plan: Plan | None = None
    answer: str = ""


class DraftRequest(BaseModel):
    """Everything a drafter may use. `today` is the date that relative dates refer to."""

    question: str
    dictionary: Dictionary
    evidence: Evidence
    today: date
    turns: tuple[Turn, ...] = ()
    failed_attempts: tuple[FailedAttempt, ...] = ()
    chosen_option: ClarificationOption | None = None
    """The analyst's answer to a clarification of this run."""
    scope: CallScope = CallScope()


class Drafter(Protocol):
    """Turns a question into SQL: the embedded planner, or a chat model."""

    @property
    def name(self) -> str:
        """What stands on the receipt, such as `embedded` or a model's id."""

    async def draft(self, request: DraftRequest) -> DraftOutcome:
        """Returns SQL, a question back, or an honest no. Never raises for a bad question."""
