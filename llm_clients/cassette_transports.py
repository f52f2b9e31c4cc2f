"""Replays recorded calls without a key or a network, and records calls as they pass."""

from collections.abc import AsyncIterator
from pathlib import Path

from domain.errors import OperatorError
from llm_clients.call import ModelReply, PromptCall
from llm_clients.cassette import Cassette
from llm_clients.transport import Transport


class ReplayTransport:
    """Gives the recorded reply, piece by piece as it came."""

    def __init__(self, cassette: Cassette, provider: str, model: str) -> None:
        self._cassette = cassette
        self._provider = provider
        self._model = model

    async def complete(self, call: PromptCall) -> ModelReply:
        """Returns the recorded reply."""
        return self._cassette.find(self._provider, self._model, call).reply

    async def stream(self, call: PromptCall) -> AsyncIterator[str | ModelReply]:
        """Yields the recorded pieces, then the whole reply."""
        recording = self._cassette.find(self._provider, self._model, call)
        for piece in recording.pieces:
            yield piece
        yield recording.reply

    async def close(self) -> None:
        """Holds no connection."""


class RecordingTransport:
    """Passes calls on and keeps those that succeed."""

    def __init__(self, inner: Transport, cassette: Cassette, provider: str, model: str) -> None:
        self._inner = inner
        self._cassette = cassette
        self._provider = provider
        self._model = model

    async def complete(self, call: PromptCall) -> ModelReply:
        """Returns the model's reply."""
        reply = await self._inner.complete(call)
        self._cassette.add(self._provider, self._model, call, reply, [])
        return reply

    async def stream(self, call: PromptCall) -> AsyncIterator[str | ModelReply]:
        """Yields what the model yields."""
        pieces: list[str] = []
        async for piece in self._inner.stream(call):
            if isinstance(piece, str):
                pieces.append(piece)
            else:
                self._cassette.add(self._provider, self._model, call, piece, pieces)
            yield piece

    async def close(self) -> None:
        """Frees the connections of the model that is recorded."""
        await self._inner.close()


def recorded_model(cassette: Cassette, path: Path) -> tuple[str, str]:
    """Returns provider and model of a cassette's calls; OperatorError where they are several."""
    models = sorted({(line.provider, line.model) for line in cassette.recordings})
    if len(models) == 1:
        return models[0]
    if not models:
        raise OperatorError(
            f"{path} holds no recorded calls.", "Record some with VTION_LLM_RECORD."
        )
    names = ", ".join(f"{provider}:{model}" for provider, model in models)
    raise OperatorError(
        f"{path} holds calls of several models: {names}.",
        "Name one: VTION_LLM=replay:<file>#<provider>:<model>.",
    )
