"""The real client libraries, each against a loopback server that speaks its provider's protocol."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from pydantic import SecretStr

from llm_clients.model_client import ModelClient
from llm_clients.model_options import ModelOptions
from llm_clients.open_client import open_client
from llm_clients.retries import Patience
from tests.contract.models.bedrock_server import BedrockServer
from tests.contract.models.gemini_server import GeminiServer
from tests.contract.models.loopback import Provider, serving
from tests.contract.models.openai_server import OpenAiServer

SERVERS: dict[str, type[Provider]] = {
    # Native schemas, and tools: the two ways in which providers hold a reply to a schema.
    "bedrock:sonnet": BedrockServer,
    "bedrock:claude-3-sonnet": BedrockServer,
    "openai:gpt-4.1": OpenAiServer,
    "gemini:flash": GeminiServer,
}

QUICK = Patience(timeout_seconds=10, attempts=3, first_wait_seconds=0.01)


@dataclass(frozen=True)
class Wire:
    """A provider's server and how its model is named."""

    model: str
    server: Provider
    opened: list[ModelClient] = field(default_factory=list)

    def client(
        self, patience: Patience = QUICK, fallback: ModelClient | None = None
    ) -> ModelClient:
        is_bedrock = self.model.startswith("bedrock")
        options = ModelOptions(
            base_url=self.server.url,
            # Bedrock's own keys come from the environment; its bearer keys refuse plain HTTP.
            api_key=lambda: None if is_bedrock else SecretStr("sk-loopback-1234567890"),
            region="ap-south-1",
            timeout_seconds=patience.timeout_seconds,
        )
        client = open_client(self.model, options, patience, fallback=fallback)
        self.opened.append(client)
        return client


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAABCDEFGHIJKLMNOP")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "loopback-secret-key")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_PROFILE", "AWS_BEARER_TOKEN_BEDROCK", "LANGSMITH_GATEWAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=SERVERS)
async def wire(request: pytest.FixtureRequest) -> AsyncIterator[Wire]:
    model = str(request.param)
    with serving(SERVERS[model]()) as server:
        wire = Wire(model, server)
        yield wire
        for client in wire.opened:
            await client.close()
