"""One string selects the model: `<provider>:<alias or id>`. Clients are imported when used."""

from dataclasses import replace
from pathlib import Path

from domain.errors import OperatorError
from llm_clients.cassette import Cassette
from llm_clients.cassette_transports import RecordingTransport, ReplayTransport, recorded_model
from llm_clients.chat_transport import ChatTransport
from llm_clients.model_client import ModelClient
from llm_clients.model_list import ModelEntry, find_model
from llm_clients.model_options import ModelOptions, OpenedModel
from llm_clients.retries import Patience
from llm_clients.transport import Transport

PROVIDERS = ("bedrock", "gemini", "local", "openai", "replay", "scripted")
_LOCAL_URL = "http://127.0.0.1:8091/v1"


def open_client(
    name: str,
    options: ModelOptions | None = None,
    patience: Patience | None = None,
    record: Path | None = None,
    fallback: ModelClient | None = None,
) -> ModelClient:
    """Returns a client of the model that `name` selects.

    `record` is the cassette that every call is added to. Raises OperatorError for a name that no
    provider answers to; whether the model answers shows at the first call.
    """
    provider, _, model = name.partition(":")
    if provider not in PROVIDERS or not model:
        known = ", ".join(["embedded", *(f"{known}:..." for known in PROVIDERS)])
        raise OperatorError(f"The model {name} is not known.", f"Use one of: {known}.")
    if provider == "replay":
        return _replaying(name, model, patience)
    entry = find_model(provider, model)
    transport: Transport = open_transport(provider, entry, options or ModelOptions())
    if record is not None:
        transport = RecordingTransport(transport, Cassette(record), provider, entry.id)
    return ModelClient(name, entry, transport, patience, fallback)


def _replaying(name: str, place: str, patience: Patience | None) -> ModelClient:
    file, _, wanted = place.partition("#")
    cassette = Cassette(Path(file))
    provider, _, model = wanted.partition(":")
    if not wanted:
        provider, model = recorded_model(cassette, Path(file))
    entry = find_model(provider, model)
    transport = ReplayTransport(cassette, provider, entry.id)
    return ModelClient(name, entry, transport, patience, provider=provider)


def open_transport(provider: str, entry: ModelEntry, options: ModelOptions) -> ChatTransport:
    """Returns how calls reach a model of a provider; its library is imported here."""
    match provider:
        case "bedrock":
            from llm_clients.bedrock import bedrock_failure, open_bedrock

            return ChatTransport(open_bedrock, entry, options, bedrock_failure)
        case "gemini":
            from llm_clients.gemini import gemini_failure, open_gemini

            return ChatTransport(open_gemini, entry, options, gemini_failure)
        case "scripted":
            from llm_clients.scripted import scripted_model

            script = OpenedModel(scripted_model(entry.id))
            return ChatTransport(lambda _, __: script, entry, options)
        case _:
            if provider == "local" and options.base_url is None:
                options = replace(options, base_url=_LOCAL_URL)
            from llm_clients.openai import open_openai, openai_failure

            return ChatTransport(open_openai, entry, options, openai_failure)
