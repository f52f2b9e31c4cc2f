"""How a provider's client is opened."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from langchain_core.language_models.chat_models import BaseChatModel
from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """What the settings say about the connection."""

    base_url: str | None = None
    api_key: Callable[[], SecretStr | None] = lambda: None
    """Asked whenever a client is opened; None: the provider library's own environment."""
    region: str | None = None
    timeout_seconds: float = 60.0
    temperature: float | None = None
    """None: the model takes none."""
    maximum_tokens: int = 2_000
    """Longest reply."""


async def _nothing_to_close() -> None:
    """Holds no connection."""


@dataclass(frozen=True, slots=True)
class OpenedModel:
    """A chat model and what frees its connections."""

    model: BaseChatModel
    close: Callable[[], Awaitable[None]] = _nothing_to_close
