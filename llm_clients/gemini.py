"""Google's Gemini over generateContent."""

from langchain_core.exceptions import ModelError
from langchain_google_genai import ChatGoogleGenerativeAI
from langchain_google_genai.chat_models import ChatGoogleGenerativeAIError

from llm_clients.call_failure import CallFailedError, FailureKind
from llm_clients.model_list import ModelEntry
from llm_clients.model_options import ModelOptions, OpenedModel


def open_gemini(entry: ModelEntry, options: ModelOptions) -> OpenedModel:
    """Returns the chat model. One attempt, for retries are ours."""
    model = ChatGoogleGenerativeAI(
        model=entry.id,
        base_url=options.base_url,
        api_key=options.api_key(),
        temperature=options.temperature,
        max_output_tokens=options.maximum_tokens,
        timeout=options.timeout_seconds,
        max_retries=1,
    )
    return OpenedModel(model, model.aclose)


def gemini_failure(error: Exception) -> CallFailedError | None:
    """Returns what an exception means that LangChain does not classify; None for any other."""
    if isinstance(error, ModelError):
        return None
    if isinstance(error, ChatGoogleGenerativeAIError):
        return CallFailedError(FailureKind.MISCONFIGURED, str(error))
    if isinstance(error, ValueError):
        # A body or a piece of a stream that is no JSON.
        return CallFailedError(FailureKind.CUT_OFF, f"{type(error).__name__}: {error}")
    return None
