"""Finds out whether a model answers, before anything depends on it."""

import time

from pydantic import BaseModel, ConfigDict

from domain.errors import ModelError, OperatorError
from domain.model_call import CallScope
from llm_clients.call import CallParameters, ModelReply, PromptCall
from llm_clients.model_client import ModelClient, UnreadableReplyError

_SCHEMA = {
    "title": "Ready",
    "description": "Whether the model is ready.",
    "type": "object",
    "properties": {"word": {"type": "string", "description": "The word ready."}},
    "required": ["word"],
    "additionalProperties": False,
}
_QUESTION = 'Reply with this JSON object and nothing else: {"word": "ready"}'
# Models that think first need room for it.
_TOKENS = 1_000


class Probe(BaseModel):
    """What came of asking a model for one word in the form that drafts have."""

    model_config = ConfigDict(frozen=True)

    model: str
    is_ready: bool
    duration_ms: float = 0.0
    message: str = ""
    """Why it is not ready, in a sentence for an administrator; empty where it is."""


async def probe_client(client: ModelClient) -> Probe:
    """Asks for one word. Never raises for a model that does not answer."""
    started = time.perf_counter()
    call = PromptCall(
        prompt="probe",
        version="-",
        system="",
        user=_QUESTION,
        parameters=CallParameters(maximum_tokens=_TOKENS, output_schema=_SCHEMA),
    )
    try:
        await client.ask(call, CallScope(), _read)
    except (ModelError, OperatorError) as error:
        return Probe(model=client.name, is_ready=False, message=error.message)
    duration_ms = round((time.perf_counter() - started) * 1000, 1)
    return Probe(model=client.name, is_ready=True, duration_ms=duration_ms)


def _read(reply: ModelReply) -> str:
    if "ready" not in reply.said.lower():
        raise UnreadableReplyError("The word is missing.")
    return reply.said
