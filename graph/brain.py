"""Who drafts and who writes: the embedded planner, or a chat model."""

from collections.abc import Callable

from pydantic import SecretStr

from domain.answer import Writer
from domain.draft import Drafter
from llm_clients.api_key import SecretsManagerKey
from llm_clients.model_client import ModelClient
from llm_clients.model_options import ModelOptions
from llm_clients.open_client import open_client
from llm_clients.retries import Patience
from model_brain.drafter import ModelDrafter
from model_brain.writer import ModelWriter
from planner.drafter import EmbeddedDrafter
from planner.writer import EmbeddedWriter
from prompts.registry import FOLDER, PromptRegistry
from settings.settings import Settings

EMBEDDED = "embedded"


def open_brain(settings: Settings, model: str) -> tuple[Drafter, Writer]:
    """Returns drafter and writer of the model that the string selects."""
    if model == EMBEDDED:
        return EmbeddedDrafter(with_ranking=settings.with_ranking), EmbeddedWriter()
    client, prompts = open_model(settings, model), open_prompts(settings)
    return ModelDrafter(client, prompts), ModelWriter(client, prompts, EmbeddedWriter())


def open_prompts(settings: Settings) -> PromptRegistry:
    """Returns the prompts that the settings name; those that come with the service by default."""
    return PromptRegistry(settings.prompts or FOLDER)


def open_model(settings: Settings, model: str) -> ModelClient:
    """Returns a client of the model, with the fallback of the settings behind it."""
    fallback = settings.llm_fallback
    second = _client(settings, fallback, None) if fallback and fallback != model else None
    return _client(settings, model, second)


def _client(settings: Settings, model: str, fallback: ModelClient | None) -> ModelClient:
    patience = Patience(
        timeout_seconds=settings.llm_timeout_seconds, attempts=settings.llm_attempts
    )
    options = ModelOptions(
        base_url=settings.llm_base_url,
        api_key=_key(settings),
        region=settings.llm_region,
        timeout_seconds=settings.llm_timeout_seconds,
    )
    return open_client(model, options, patience, settings.llm_record, fallback)


def _key(settings: Settings) -> Callable[[], SecretStr | None]:
    if settings.llm_api_key_secret:
        return SecretsManagerKey(settings.llm_api_key_secret, settings.llm_region)
    return lambda: settings.llm_api_key
