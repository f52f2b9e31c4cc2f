"""What one user of a role may take."""

from pydantic import BaseModel, ConfigDict, Field


class Budget(BaseModel):
    """Bounds for each user; what is None has none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    runs_per_minute: int | None = Field(default=None, ge=1)
    concurrent_runs: int | None = Field(default=None, ge=1)
    daily_tokens: int | None = Field(default=None, ge=1)
    """Tokens of models, in and out, a day (UTC)."""
    daily_bytes: int | None = Field(default=None, ge=1)
    """Bytes that statements scan, a day (UTC)."""


def most_generous(budgets: list[Budget]) -> Budget:
    """Returns the widest bound of each kind: a second role takes nothing away."""
    widest: dict[str, int | None] = {}
    for name in Budget.model_fields:
        bounds = [getattr(budget, name) for budget in budgets]
        widest[name] = None if None in bounds else max(bounds, default=None)
    return Budget.model_validate(widest)
