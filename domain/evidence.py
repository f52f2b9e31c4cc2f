"""What was retrieved for a question, with scores: shown in the step timeline."""

from pydantic import BaseModel, ConfigDict, Field

from domain.dictionary import Cell, Relationship, VerifiedQuery


class ScoredColumn(BaseModel):
    """A column that may matter."""

    model_config = ConfigDict(frozen=True)

    column: str
    score: float
    reason: str
    """Why, in few words: `name`, `synonym`, `value`."""


class ScoredTable(BaseModel):
    """A table that may matter, with its best columns first."""

    model_config = ConfigDict(frozen=True)

    table: str
    score: float
    columns: tuple[ScoredColumn, ...] = ()


class ValueMatch(BaseModel):
    """A word of the question found among a column's values."""

    model_config = ConfigDict(frozen=True)

    text: str
    table: str
    column: str
    value: Cell
    score: float = Field(ge=0, le=1)


class DirectAnswer(BaseModel):
    """A verified query that asks the same, with the values of this question in its SQL."""

    model_config = ConfigDict(frozen=True)

    question: str
    """As it was verified."""
    sql: str
    approved_by: str = ""
    changed: tuple[tuple[str, str], ...] = ()
    """What stood there -> what stands there now, in the words of the questions."""


class Evidence(BaseModel):
    """Everything retrieved for one question."""

    model_config = ConfigDict(frozen=True)

    tables: tuple[ScoredTable, ...] = ()
    values: tuple[ValueMatch, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    metrics: tuple[str, ...] = ()
    verified_queries: tuple[VerifiedQuery, ...] = ()
    business_rules: tuple[str, ...] = ()
    direct_answer: DirectAnswer | None = None
