"""One call of a chat model, as the run record keeps it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class ModelCall(BaseModel):
    """What was asked of a model and what it took. No secret is ever part of it."""

    model_config = ConfigDict(frozen=True)

    prompt: str
    """Name of the prompt, such as `draft_sql`."""
    prompt_version: str
    model: str
    """The string that selected the model, such as `bedrock:sonnet`."""
    rendered: str = ""
    """The text that the model saw, whole."""
    reply: str = ""
    status: Literal["succeeded", "failed"] = "succeeded"
    error: str = ""
    """A safe sentence; empty where the call succeeded."""
    tries: int = 1
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    cost_usd: float | None = None
    """None where the model has no price in the list."""
    duration_ms: float = 0.0
