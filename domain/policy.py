"""What drafted SQL may touch: derived from the dictionary or read from a policy file."""

from pydantic import BaseModel, ConfigDict, Field


class RowPolicy(BaseModel):
    """Rows a caller may see: `column = the caller's attribute`, added to every scan of `table`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    column: str
    attribute: str
    """Key into the caller's attributes; a caller without it sees no row."""


class Policy(BaseModel):
    """Rules of access. Names are matched without case; what is not listed is not allowed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    denied_columns: dict[str, frozenset[str]] = Field(default_factory=dict)
    """Table -> columns that may not reach a result by any way."""
    person_keys: dict[str, str] = Field(default_factory=dict)
    """Table of, or about, individuals -> the column that identifies the person."""
    person_tables: frozenset[str] = frozenset()
    """Tables whose rows describe individuals: no row-level listings."""
    row_policies: tuple[RowPolicy, ...] = ()
    allow_count_distinct_of_denied: bool = True
    min_group_size: int = Field(default=0, ge=0)
    """Groups that rest on fewer distinct persons are suppressed; 0 switches this off."""
    row_cap: int = Field(default=100_000, ge=1)
    """LIMIT put on every statement."""
