"""Who drafts and who writes: the embedded planner, or a chat model."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pydantic import SecretStr

from domain.answer import Writer
from domain.draft import Drafter
from domain.errors import OperatorError
from llm_clients.api_key import SecretsManagerKey
from llm_clients.model_client import ModelClient
from llm_clients.model_options import ModelOptions
from llm_clients.open_client import open_client
from llm_clients.probe import Probe, probe_client
from llm_clients.retries import Patience
from model_brain.drafter import ModelDrafter
from model_brain.seconded_drafter import Readings, SecondedDrafter
from model_brain.writer import ModelWriter
from planner.drafter import EmbeddedDrafter
from planner.writer import EmbeddedWriter
from prompts.registry import FOLDER, PromptRegistry
from settings.settings import Settings

EMBEDDED = "embedded"
_WITHOUT_NETWORK = ("replay:", "scripted:")


@dataclass(frozen=True, slots=True)
class Brain:
    """Who drafts and who writes."""

    model: str
    """The string that selected it."""
    drafter: Drafter
    writer: Writer
    close: Callable[[], Awaitable[None]]


def open_brain(settings: Settings, model: str) -> Brain:
    """Returns the brain that the string selects; raises OperatorError for an unknown one."""
    if model == EMBEDDED:
        drafter = EmbeddedDrafter(with_ranking=settings.with_ranking)
        return Brain(model, drafter, EmbeddedWriter(), _nothing_to_close)
    client = open_model(settings, model)
    return brain_of(settings, client, open_prompts(settings))


def brain_of(settings: Settings, client: ModelClient, prompts: PromptRegistry) -> Brain:
    """Returns the brain that a client is the model of."""
    by_rule = EmbeddedWriter()
    writer = ModelWriter(client, prompts, by_rule) if client.entry.writes_prose else by_rule
    return Brain(client.name, _drafter(settings, client, prompts), writer, client.close)


def _drafter(settings: Settings, client: ModelClient, prompts: PromptRegistry) -> Drafter:
    drafter = ModelDrafter(client, prompts, settings.llm_prompt_tokens)
    readings = Readings(
        candidates=settings.llm_candidates,
        with_planner=settings.llm_cross_check != "off",
        believes_planner=client.entry.believes_planner,
    )
    if readings.candidates == 1 and not readings.with_planner:
        return drafter
    planner = EmbeddedDrafter(with_ranking=settings.with_ranking)
    return SecondedDrafter(drafter, planner, readings)


async def probe_model(settings: Settings, model: str) -> Probe:
    """Finds out whether a model answers; one that needs no network is ready if it can be opened."""
    try:
        if model == EMBEDDED:
            return Probe(model=model, is_ready=True)
        # Without a fallback and with one try: what is asked is this model, now.
        alone = settings.model_copy(
            update={"llm_fallback": "", "llm_attempts": 1, "llm_record": None}
        )
        client = open_model(alone, model)
        if model.startswith(_WITHOUT_NETWORK):
            return Probe(model=model, is_ready=True)
        try:
            return await probe_client(client)
        finally:
            await client.close()
    except OperatorError as error:
        return Probe(model=model, is_ready=False, message=f"{error.message} {error.remedy}".strip())


async def _nothing_to_close() -> None:
    """Holds no connection."""


def open_prompts(settings: Settings) -> PromptRegistry:
    """Returns the prompts that the settings name; those that come with the service by default."""
    return PromptRegistry(settings.prompts or FOLDER)


def open_model(settings: Settings, model: str) -> ModelClient:
    """Returns a client of the model, with the fallback of the settings behind it."""
    fallback = settings.llm_fallback
    if fallback == EMBEDDED:
        raise OperatorError(
            "VTION_LLM_FALLBACK names a second model.",
            "The planner stands in by itself unless VTION_LLM_CROSS_CHECK=off.",
        )
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
