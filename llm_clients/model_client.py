"""Calls a model with retries, a deadline, a second model, and a meter."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

from domain.model_call import CallScope
from llm_clients.call import ModelReply, PromptCall
from llm_clients.call_failure import CallFailedError, FailureKind
from llm_clients.meter import Meter
from llm_clients.model_list import ModelEntry
from llm_clients.retries import Patience
from llm_clients.transport import Transport

Read = TypeVar("Read")

_AGAIN = (
    "\n\nYour last reply could not be read: {reason}\n"
    "Reply again, in exactly the form that was asked for."
)
_WITHOUT_FALLBACK = frozenset({FailureKind.REFUSED})
"""What one provider's filter declines is not tried on the next."""


class UnreadableReplyError(ValueError):
    """The reply is whole but not in the form that was asked for."""


class ModelClient:
    """One model, and another that is asked where the first fails."""

    def __init__(
        self,
        name: str,
        entry: ModelEntry,
        transport: Transport,
        patience: Patience | None = None,
        fallback: "ModelClient | None" = None,
        provider: str = "",
    ) -> None:
        """`provider`: whose model it is, where the name does not begin with it: a replayed one."""
        self.name = name
        """The string that selected the model."""
        self.entry = entry
        self._provider = provider or name.partition(":")[0]
        self._transport = transport
        self._patience = patience or Patience()
        self._fallback = fallback

    async def ask(
        self, call: PromptCall, scope: CallScope, read: Callable[[ModelReply], Read]
    ) -> Read:
        """Returns what `read` makes of the reply; one that it cannot read is asked for again.

        Raises ModelError where no model gave a usable reply.
        """
        try:
            return await self._ask_twice(call, scope, read)
        except CallFailedError as failure:
            if self._fallback is None or failure.kind in _WITHOUT_FALLBACK:
                raise failure.for_analyst() from failure
        return await self._fallback.ask(call, scope, read)

    async def stream(self, call: PromptCall, scope: CallScope) -> AsyncIterator[str]:
        """Yields prose as it comes. Tries again, or elsewhere, only before the first piece.

        Raises ModelError where no model gave a whole reply.
        """
        has_begun = False
        try:
            async for piece in self._stream_once(call, scope):
                has_begun = True
                yield piece
            return
        except CallFailedError as failure:
            if self._fallback is None or has_begun or failure.kind in _WITHOUT_FALLBACK:
                raise failure.for_analyst() from failure
        async for piece in self._fallback.stream(call, scope):
            yield piece

    async def close(self) -> None:
        """Frees the connections of this model and of the one behind it."""
        await self._transport.close()
        if self._fallback is not None:
            await self._fallback.close()

    async def _ask_twice(
        self, call: PromptCall, scope: CallScope, read: Callable[[ModelReply], Read]
    ) -> Read:
        try:
            return await self._ask(call, scope, read)
        except UnreadableReplyError as error:
            again = call.model_copy(update={"user": call.user + _AGAIN.format(reason=error)})
        try:
            return await self._ask(again, scope, read)
        except UnreadableReplyError as error:
            raise CallFailedError(FailureKind.UNREADABLE, str(error)) from error

    async def _ask(
        self, call: PromptCall, scope: CallScope, read: Callable[[ModelReply], Read]
    ) -> Read:
        meter = Meter(self.name, self._provider, self.entry, call, scope)
        try:
            reply = await self._complete(call, scope, meter)
        except CallFailedError as failure:
            meter.failed(failure)
            raise
        except asyncio.CancelledError:
            meter.failed(CallFailedError(FailureKind.STOPPED))
            raise
        try:
            found = read(reply)
        except UnreadableReplyError as error:
            meter.failed(CallFailedError(FailureKind.UNREADABLE, str(error)), reply)
            raise
        meter.succeeded(reply)
        return found

    async def _complete(self, call: PromptCall, scope: CallScope, meter: Meter) -> ModelReply:
        async for attempt in self._patience.tries(scope):
            with attempt:
                meter.tries += 1
                return await self._patience.within(scope, self._transport.complete(call))
        raise AssertionError("the last try returns or raises")

    async def _stream_once(self, call: PromptCall, scope: CallScope) -> AsyncIterator[str]:
        meter = Meter(self.name, self._provider, self.entry, call, scope)
        try:
            pieces, piece = await self._first_piece(call, scope, meter)
            while isinstance(piece, str):
                yield piece
                piece = await self._patience.within(scope, anext(pieces))
        except CallFailedError as failure:
            meter.failed(failure)
            raise
        except (asyncio.CancelledError, GeneratorExit):
            meter.failed(CallFailedError(FailureKind.STOPPED))
            raise
        meter.succeeded(piece)

    async def _first_piece(
        self, call: PromptCall, scope: CallScope, meter: Meter
    ) -> tuple[AsyncIterator[str | ModelReply], str | ModelReply]:
        async for attempt in self._patience.tries(scope):
            with attempt:
                meter.tries += 1
                pieces = self._transport.stream(call)
                return pieces, await self._patience.within(scope, anext(pieces))
        raise AssertionError("the last try returns or raises")
