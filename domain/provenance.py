"""Where a line of the dictionary comes from: who wrote it, when, and how sure that is."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class LineSource(StrEnum):
    """Who wrote a line of the dictionary."""

    PROFILE = "profile"
    MODEL = "model"
    PERSON = "person"
    IMPORT = "import"


class Provenance(BaseModel):
    """Who stands for one line."""

    model_config = ConfigDict(frozen=True)

    source: LineSource = LineSource.PROFILE
    confidence: float = Field(default=0.5, ge=0, le=1)
    reviewer: str = ""
    """The person who wrote, approved or imported the line; empty where nobody has looked at it."""
    on: date | None = None

    @property
    def is_reviewed(self) -> bool:
        """True where a person stands for the line: no later build overwrites it."""
        return bool(self.reviewer)


class Sourced(BaseModel):
    """An entry whose lines, named by their fields, may come from different places."""

    source: LineSource = LineSource.PROFILE
    """The strongest source among the lines."""
    confidence: float = Field(default=0.5, ge=0, le=1)
    lines: dict[str, Provenance] = Field(default_factory=dict)
    """Field -> where it comes from; what is not named was read from the profile."""

    def provenance(self, field: str) -> Provenance:
        """Returns where a field's line comes from."""
        return self.lines.get(field, Provenance())
