"""Sends calls over a LangChain chat model; reads replies, refusals and cuts off its messages."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    SystemMessage,
)
from langchain_core.runnables import RunnableConfig
from pydantic import SecretStr

from domain.errors import VtionError
from llm_clients.api_key import SecretsManagerKey
from llm_clients.call import CallParameters, ModelReply, PromptCall
from llm_clients.call_failure import (
    CallFailedError,
    FailureKind,
    classified_failure,
    connection_failure,
    no_failure,
)
from llm_clients.model_list import ModelEntry
from llm_clients.model_options import ModelOptions, OpenedModel
from llm_clients.usage import Usage

Opener = Callable[[ModelEntry, ModelOptions], OpenedModel]
FailureReader = Callable[[Exception], CallFailedError | None]

_REFUSALS = frozenset(
    {
        "content_filter",
        "content_filtered",
        "guardrail_intervened",
        "refusal",
        "safety",
        "blocklist",
        "prohibited_content",
        "recitation",
        "spii",
    }
)
_CUT_SHORT = frozenset({"length", "max_tokens", "model_context_window_exceeded"})
_FINISH = ("finish_reason", "stop_reason", "stopReason")


class ChatTransport:
    """One model. Its client is opened at the first call, and anew when the key changes."""

    def __init__(
        self,
        open_model: Opener,
        entry: ModelEntry,
        options: ModelOptions,
        provider_failure: FailureReader = no_failure,
    ) -> None:
        self._open_model = open_model
        self._entry = entry
        self._options = options
        self._provider_failure = provider_failure
        self._opened: dict[ModelOptions, OpenedModel] = {}
        self._retired: list[OpenedModel] = []
        self._key: SecretStr | None = None

    async def complete(self, call: PromptCall) -> ModelReply:
        """Returns the whole reply."""
        model = await self._model(call)
        try:
            result = await model.ainvoke(self._messages(call), _config(call))
        except Exception as error:
            failure = self._failure(error)
            if failure is None:
                raise
            raise failure from error
        # With an output schema the library gives the message beside what it made of it.
        message = result["raw"] if isinstance(result, dict) else result
        return _reply(message)

    async def stream(self, call: PromptCall) -> AsyncIterator[str | ModelReply]:
        """Yields the prose piece by piece, the whole reply last."""
        whole: AIMessageChunk | None = None
        model = await self._model(call)
        try:
            async for chunk in model.astream(self._messages(call), _config(call)):
                whole = chunk if whole is None else whole + chunk
                if chunk.text:
                    yield str(chunk.text)
        except Exception as error:
            failure = self._failure(error)
            if failure is None:
                raise
            raise _within_stream(failure, whole) from error
        if whole is None:
            raise CallFailedError(FailureKind.CUT_OFF, "the stream was empty")
        yield _reply(whole)

    async def close(self) -> None:
        """Frees the connections."""
        for opened in (*self._opened.values(), *self._retired):
            await opened.close()
        self._opened.clear()
        self._retired.clear()

    async def _model(self, call: PromptCall) -> Any:  # noqa: ANN401 a runnable of either output
        """Returns the model as this call wants it, bound to its output schema where it has one."""
        model: Any = await self._client(call.parameters)
        schema, structured = call.parameters.output_schema, self._entry.structured
        if schema is None or structured == "prompt":
            return model
        method = "json_schema" if structured == "json_schema" else "function_calling"
        return model.with_structured_output(schema, method=method, include_raw=True)

    async def _client(self, parameters: CallParameters) -> BaseChatModel:
        options = replace(
            self._options,
            temperature=parameters.temperature if self._entry.takes_temperature else None,
            maximum_tokens=parameters.maximum_tokens + self._entry.thinking_tokens,
        )
        if options in self._opened and self._has_key():
            return self._present(options)
        return await asyncio.to_thread(self._present, options)

    def _has_key(self) -> bool:
        source = self._options.api_key
        return source.is_fresh if isinstance(source, SecretsManagerKey) else True

    def _present(self, options: ModelOptions) -> BaseChatModel:
        """Returns the client for the present key; may wait for a key, and for a library to load."""
        key = self._options.api_key()
        if key != self._key:
            # Calls in flight still use them.
            self._retired.extend(self._opened.values())
            self._opened.clear()
            self._key = key
        if options not in self._opened:
            self._opened[options] = self._open(options)
        return self._opened[options].model

    def _open(self, options: ModelOptions) -> OpenedModel:
        """Libraries refuse a missing key, region or id in as many ways as there are libraries."""
        try:
            return self._open_model(self._entry, options)
        except VtionError:
            raise
        except Exception as error:
            raise CallFailedError(FailureKind.MISCONFIGURED, str(error)) from error

    def _messages(self, call: PromptCall) -> list[BaseMessage]:
        if not call.system:
            return [HumanMessage(call.user)]
        if not self._entry.caches_prompts:
            return [SystemMessage(call.system), HumanMessage(call.user)]
        cached: list[str | dict[str, Any]] = [
            {"text": call.system},
            {"cachePoint": {"type": "default"}},
        ]
        return [SystemMessage(content=cached), HumanMessage(call.user)]

    def _failure(self, error: Exception) -> CallFailedError | None:
        return (
            self._provider_failure(error) or classified_failure(error) or connection_failure(error)
        )


def _within_stream(failure: CallFailedError, whole: AIMessageChunk | None) -> CallFailedError:
    """A connection that is lost between the pieces of a stream has cut it off."""
    if whole is None or failure.kind is not FailureKind.UNREACHABLE:
        return failure
    return CallFailedError(FailureKind.CUT_OFF, failure.detail)


def _config(call: PromptCall) -> RunnableConfig:
    """Names the call in traces."""
    metadata = {"prompt": call.prompt, "prompt_version": call.version}
    return {"run_name": call.prompt, "metadata": metadata}


def _reply(message: AIMessage) -> ModelReply:
    """Returns what the message says; raises CallFailedError for one that says nothing usable."""
    finish = _finish(message)
    if finish in _REFUSALS or message.additional_kwargs.get("refusal"):
        raise CallFailedError(FailureKind.REFUSED, finish)
    if _is_blocked(message):
        raise CallFailedError(FailureKind.REFUSED, "the prompt was blocked")
    if not finish:
        raise CallFailedError(FailureKind.CUT_OFF, "the reply has no end")
    if finish in _CUT_SHORT:
        raise CallFailedError(FailureKind.UNREADABLE, "the reply was longer than allowed")
    arguments = message.tool_calls[0]["args"] if message.tool_calls else None
    return ModelReply(text=str(message.text), arguments=arguments, usage=_usage(message))


def _finish(message: AIMessage) -> str:
    metadata = message.response_metadata
    found = next((metadata[name] for name in _FINISH if metadata.get(name)), "")
    return str(found).lower()


def _is_blocked(message: AIMessage) -> bool:
    feedback = message.response_metadata.get("prompt_feedback") or {}
    return bool(feedback.get("block_reason"))


def _usage(message: AIMessage) -> Usage:
    usage = message.usage_metadata
    if usage is None:
        return Usage()
    details = usage.get("input_token_details", {})
    return Usage(
        tokens_in=usage["input_tokens"],
        tokens_out=usage["output_tokens"],
        tokens_cached=details.get("cache_read") or 0,
        tokens_cache_written=details.get("cache_creation") or 0,
    )
