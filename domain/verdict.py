"""The guard's decision on one statement."""

from pydantic import BaseModel, ConfigDict, Field


class Violation(BaseModel):
    """One broken rule: an id for machines, a sentence for the analyst, a hint for the drafter."""

    model_config = ConfigDict(frozen=True)

    rule: str
    message: str
    hint: str = ""


class Verdict(BaseModel):
    """Allowed with the SQL to run, or rejected with reasons. Only `sql` may be executed."""

    model_config = ConfigDict(frozen=True)

    sql: str = ""
    """SQL regenerated from the checked and rewritten tree; empty when rejected."""
    tables: tuple[str, ...] = ()
    """Names of the tables that it reads, sorted; CTEs and row policies left out."""
    violations: tuple[Violation, ...] = ()
    warnings: tuple[Violation, ...] = Field(default_factory=tuple)
    """Lints: the statement runs, the drafter may want to know."""
    bytes_estimated: int | None = None
    """The most that a run can read, where the warehouse could tell before it ran."""
    notes: tuple[str, ...] = ()
    """Sentences that the answer must say, such as a suppression of small groups."""

    @property
    def allowed(self) -> bool:
        """True where no rule is broken."""
        return not self.violations
