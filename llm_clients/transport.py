"""How a call reaches a model: over a provider's client, or from a cassette."""

from collections.abc import AsyncIterator
from typing import Protocol

from llm_clients.call import ModelReply, PromptCall


class Transport(Protocol):
    """Sends one call once. Retries, deadlines and meters are the client's."""

    async def complete(self, call: PromptCall) -> ModelReply:
        """Returns the whole reply; raises CallFailedError."""

    def stream(self, call: PromptCall) -> AsyncIterator[str | ModelReply]:
        """Yields the prose piece by piece, the whole reply last; raises CallFailedError."""

    async def close(self) -> None:
        """Frees what connections there are."""
