"""One string selects the chat model: `<provider>:<what the provider calls it>`."""

from langchain_core.language_models.chat_models import BaseChatModel

from domain.errors import OperatorError
from llm_clients.scripted import scripted_model

_PROVIDERS = {"scripted": scripted_model}


def open_chat_model(name: str) -> BaseChatModel:
    """Returns the chat model that `VTION_LLM` names; raises OperatorError for an unknown one."""
    provider, _, model = name.partition(":")
    if provider not in _PROVIDERS or not model:
        known = ", ".join(["embedded", *(f"{known}:..." for known in _PROVIDERS)])
        raise OperatorError(f"VTION_LLM={name} is not known.", f"Use one of: {known}.")
    return _PROVIDERS[provider](model)
