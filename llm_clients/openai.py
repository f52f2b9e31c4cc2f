"""OpenAI's chat completions, and every server that speaks them: vLLM, Ollama, llama.cpp."""

import httpx
import openai
from langchain_core.exceptions import ModelError
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from llm_clients.call_failure import CallFailedError, FailureKind, retry_after
from llm_clients.model_list import ModelEntry
from llm_clients.model_options import ModelOptions, OpenedModel

_NO_KEY = SecretStr("none")
_SERVER = 500
_OVERFLOWS = (
    "context_length_exceeded",
    "maximum context length",
    "exceed_context_size",
    "exceeds the available context size",
)


def open_openai(entry: ModelEntry, options: ModelOptions) -> OpenedModel:
    """Returns the chat model. Retries are ours, so the library's own are off."""
    key = options.api_key()
    if key is None and options.base_url is not None:
        # A server of one's own asks for none, but the library does.
        key = _NO_KEY
    connections = httpx.AsyncClient(timeout=options.timeout_seconds)
    model = ChatOpenAI(
        model_name=entry.id,
        openai_api_base=options.base_url,
        openai_api_key=key,
        temperature=options.temperature,
        max_tokens=options.maximum_tokens,
        request_timeout=options.timeout_seconds,
        max_retries=0,
        stream_usage=True,
        use_responses_api=False,
        # The library would share one client between event loops and never close it.
        http_async_client=connections,
    )
    return OpenedModel(model, connections.aclose)


def openai_failure(error: Exception) -> CallFailedError | None:
    """Returns what an exception means that LangChain does not classify; None for any other."""
    if isinstance(error, openai.APIError) and _is_overflow(error):
        return CallFailedError(FailureKind.TOO_LONG, str(error))
    match error:
        case ModelError():
            return None
        case openai.ContentFilterFinishReasonError():
            return CallFailedError(FailureKind.REFUSED, str(error))
        case openai.LengthFinishReasonError():
            return CallFailedError(FailureKind.UNREADABLE, str(error))
        case openai.APIStatusError(status_code=status):
            kind = FailureKind.UNREACHABLE if status >= _SERVER else FailureKind.MISCONFIGURED
            return CallFailedError(kind, str(error), retry_after(error))
        case openai.APIError() | ValueError():
            # An error event within a stream, or a body that is no JSON.
            return CallFailedError(FailureKind.CUT_OFF, f"{type(error).__name__}: {error}")
        case _:
            return None


def _is_overflow(error: openai.APIError) -> bool:
    """True for the ways in which OpenAI and the servers that speak its protocol say so."""
    said = f"{error.code} {error.type} {error.message}"
    return any(words in said for words in _OVERFLOWS)
