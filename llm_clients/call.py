"""What is asked of a model, and what it replies: the same for every provider and for a cassette."""

import hashlib
import json
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field

from llm_clients.usage import Usage


class CallParameters(BaseModel):
    """What shapes a reply besides its prompt."""

    model_config = ConfigDict(frozen=True)

    temperature: float = 0.0
    maximum_tokens: int = 2_000
    """Longest reply."""
    output_schema: dict[str, Any] | None = None
    """JSON schema of the reply; None for prose."""
    candidate: int = 0
    """Tells calls apart that ask the same thing again for another reply."""


class PromptCall(BaseModel):
    """One call: a rendered prompt, the part that stays the same between questions first."""

    model_config = ConfigDict(frozen=True)

    prompt: str
    """Name of the prompt, such as `draft_sql`."""
    version: str
    system: str
    """Instructions and schema: the part that a provider may cache."""
    user: str
    parameters: CallParameters = CallParameters()

    @property
    def rendered(self) -> str:
        """The whole text."""
        return f"{self.system}\n\n{self.user}" if self.system else self.user


class ModelReply(BaseModel):
    """A whole reply."""

    model_config = ConfigDict(frozen=True)

    text: str = ""
    arguments: dict[str, Any] | None = None
    """What the model gave to the output schema's tool; None where it wrote text."""
    usage: Usage = Field(default_factory=Usage)

    @property
    def said(self) -> str:
        """The reply as text, whichever way it was given."""
        return self.text if self.arguments is None else json.dumps(self.arguments)


def call_key(provider: str, model: str, call: PromptCall) -> str:
    """Returns the hash that a call is recorded under."""
    parts = [provider, model, call.system, call.user, call.parameters.model_dump()]
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()
