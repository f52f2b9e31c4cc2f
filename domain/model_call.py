"""One call of a chat model, as the run record keeps it, and what the calls of a run share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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
    asked_of: str = ""
    """Provider and its own id of the model: what a cassette knows it by. Empty in old records."""
    key: str = ""
    """Hash that a cassette finds the call by; it stands for the prompt before redaction."""
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


def _forget(call: ModelCall) -> None:
    """Keeps nothing."""


@dataclass(frozen=True, slots=True)
class CallScope:
    """What the model calls of one run share."""

    run_id: str = ""
    on_call: Callable[[ModelCall], None] = _forget
    """Told of every call, the failed ones too."""
    deadline: float | None = None
    """No call outlasts it, in seconds of `time.monotonic()`; None: only the timeout of each."""
    prompt_versions: Mapping[str, str] = field(default_factory=dict)
    """Prompt name to version, in place of the version in production."""


def total_cost(calls: Sequence[ModelCall]) -> float | None:
    """Returns what the calls cost in US dollars; None for no call, or one without a price."""
    costs = [call.cost_usd for call in calls]
    if not costs:
        return None
    return None if None in costs else sum(cost for cost in costs if cost is not None)
