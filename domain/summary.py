"""A result rolled up to at most 50 rows: all that a writer, an event or a log may see."""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.column_type import TypeFamily
from domain.dictionary import Cell
from domain.plan import CalendarPart, TimeGrain

MAXIMUM_ROWS = 50
"""Most rows that may leave the aggregation node."""


class Additivity(StrEnum):
    """What merging two rows does to a column's values."""

    SUM = "sum"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    NONE = "none"
    """Averages, ratios and distinct counts: merged only as a mean, and said so."""


class SummaryColumn(BaseModel):
    """One column: `dimension` splits, `measure` counts."""

    model_config = ConfigDict(frozen=True)

    name: str
    label: str
    role: Literal["dimension", "measure"]
    family: TypeFamily
    unit: str = ""
    additivity: Additivity = Additivity.NONE
    total: float | None = None
    """Sum over all true rows of a SUM column, before any roll-up."""
    grain: TimeGrain | None = None
    """What one value of a time dimension spans; None where it is not known."""
    part: CalendarPart | None = None
    """Set on a dimension of recurring calendar parts, such as days of the week."""
    value_labels: dict[str, str] = Field(default_factory=dict)
    """Meaning of a dimension's codes: stored value -> words. Rows of a `Summary` hold the words."""


class Summary(BaseModel):
    """At most 50 rows, with totals of the whole result and what was done to get here."""

    model_config = ConfigDict(frozen=True)

    columns: tuple[SummaryColumn, ...]
    rows: tuple[tuple[Cell, ...], ...] = Field(max_length=MAXIMUM_ROWS)
    true_row_count: int
    """Rows of the result before the roll-up."""
    is_listing: bool = False
    """The statement listed rows: what stands here are counts over them, no row itself."""
    roll_up: str = ""
    """One sentence on what was merged; empty where nothing was."""
    truncated: bool = False
    """The warehouse held more rows than the row cap: totals are of the capped part."""

    @model_validator(mode="after")
    def _rows_fit_columns(self) -> "Summary":
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every row needs one cell a column")
        return self
