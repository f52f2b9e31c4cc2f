"""A key in AWS Secrets Manager: read, kept, renewed, and never shown."""

import json
from collections.abc import Iterator
from typing import Any, TypeAlias

import boto3
import pytest
from moto import mock_aws

from domain.errors import OperatorError
from llm_clients.api_key import SecretsManagerKey
from llm_clients.chat_transport import ChatTransport
from llm_clients.model_list import find_model
from llm_clients.model_options import ModelOptions, OpenedModel
from llm_clients.scripted import Line, ScriptedChatModel
from tests.llm_clients.ask import call

SecretsClient: TypeAlias = Any
"""boto3 makes its clients' classes at run time."""

_REGION = "ap-south-1"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretsClient]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield boto3.client("secretsmanager", region_name=_REGION)


def test_a_key_is_kept_and_taken_up_anew_when_it_was_rotated(secrets: SecretsClient) -> None:
    secrets.create_secret(Name="model-key", SecretString="sk-first")
    clock = Clock()
    key = SecretsManagerKey("model-key", _REGION, clock)
    assert key().get_secret_value() == "sk-first"
    secrets.put_secret_value(SecretId="model-key", SecretString="sk-second")
    clock.now = 60
    assert key().get_secret_value() == "sk-first"
    clock.now = 901
    assert key().get_secret_value() == "sk-second"
    assert "sk-" not in f"{key!r} {key()!r} {key()}"


def test_a_field_of_a_json_secret(secrets: SecretsClient) -> None:
    secrets.create_secret(Name="keys", SecretString=json.dumps({"openai": "sk-one", "n": 1}))
    assert SecretsManagerKey("keys#openai", _REGION)().get_secret_value() == "sk-one"
    with pytest.raises(OperatorError, match="KeyError") as raised:
        SecretsManagerKey("keys#gemini", _REGION)()
    assert "sk-one" not in str(raised.value)


def test_a_missing_secret_is_the_operators(secrets: SecretsClient) -> None:
    with pytest.raises(OperatorError, match="cannot be read"):
        SecretsManagerKey("nothing", _REGION)()


async def test_a_client_is_opened_anew_for_a_rotated_key(secrets: SecretsClient) -> None:
    secrets.create_secret(Name="model-key", SecretString="sk-first")
    clock = Clock()
    key = SecretsManagerKey("model-key", _REGION, clock)
    opened: list[str] = []

    def open_model(entry: object, options: ModelOptions) -> OpenedModel:
        opened.append(key().get_secret_value())
        return OpenedModel(ScriptedChatModel(lines=[Line(reply="yes", repeat=True)]))

    entry = find_model("scripted", "any")
    transport = ChatTransport(open_model, entry, ModelOptions(api_key=key))
    for now in (0, 60, 901):
        clock.now = now
        if now == 901:
            secrets.put_secret_value(SecretId="model-key", SecretString="sk-second")
        assert (await transport.complete(call("?"))).said == "yes"
    assert opened == ["sk-first", "sk-second"]
