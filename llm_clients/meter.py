"""Measures one call and tells the run of it."""

import time

import structlog

from domain.model_call import CallScope, ModelCall
from llm_clients.call import ModelReply, PromptCall, call_key
from llm_clients.call_failure import CallFailedError
from llm_clients.model_list import ModelEntry
from llm_clients.usage import Usage

_log = structlog.get_logger(__name__)


class Meter:
    """One call from its start to its end, retries included."""

    def __init__(
        self, model: str, provider: str, entry: ModelEntry, call: PromptCall, scope: CallScope
    ) -> None:
        self.tries = 0
        self._model = model
        self._provider = provider
        self._entry = entry
        self._call = call
        self._scope = scope
        self._started = time.perf_counter()

    def succeeded(self, reply: ModelReply) -> None:
        """Closes the call with its reply."""
        self._close(reply, "")

    def failed(self, failure: CallFailedError, reply: ModelReply | None = None) -> None:
        """Closes the call with the reason; a reply of no use was paid for all the same."""
        _log.warning(
            "model_call_failed",
            model=self._model,
            prompt=self._call.prompt,
            prompt_version=self._call.version,
            kind=failure.kind.value,
            detail=failure.detail,
            tries=self.tries,
        )
        self._close(reply or ModelReply(), failure.sentence)

    def _close(self, reply: ModelReply, error: str) -> None:
        usage = reply.usage
        self._scope.on_call(
            ModelCall(
                prompt=self._call.prompt,
                prompt_version=self._call.version,
                model=self._model,
                asked_of=f"{self._provider}:{self._entry.id}",
                key=call_key(self._provider, self._entry.id, self._call),
                rendered=self._call.rendered,
                reply=reply.said,
                status="failed" if error else "succeeded",
                error=error,
                tries=max(1, self.tries),
                tokens_in=usage.tokens_in,
                tokens_out=usage.tokens_out,
                tokens_cached=usage.tokens_cached,
                cost_usd=self._cost(usage),
                duration_ms=round((time.perf_counter() - self._started) * 1000, 1),
            )
        )

    def _cost(self, usage: Usage) -> float | None:
        prices = self._entry.prices
        return None if prices is None else prices.cost(usage)
