"""The scripted provider says its lines in order, whole and streamed."""

from pathlib import Path

import pytest

from domain.errors import OperatorError
from llm_clients.open_client import open_client
from tests.llm_clients.ask import ask, call, stream

_SCRIPT = """
- {when: weather, reply: Sunny.}
- {when: weather, reply: "Rain.\\nThen sun."}
- {when: greet, reply: Hello., repeat: true}
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "script.yaml"
    path.write_text(_SCRIPT)
    return path


async def test_lines_are_said_once_in_order_unless_they_repeat(script: Path) -> None:
    client = open_client(f"scripted:{script}")
    said = [await ask(client, call("the weather?")) for _ in range(2)]
    assert said == ["Sunny.", "Rain.\nThen sun."]
    with pytest.raises(OperatorError, match="no line left"):
        await ask(client, call("the weather?"))
    assert [await ask(client, call("greet")) for _ in range(2)] == ["Hello.", "Hello."]


async def test_a_reply_streams_in_pieces(script: Path) -> None:
    client = open_client(f"scripted:{script}")
    await ask(client, call("weather"))
    pieces = await stream(client, call("weather"))
    assert pieces == ["Rain.\n", "Then sun."]


@pytest.mark.parametrize("name", ["oracle:1", "bedrock", "openai:", ""])
def test_unknown_provider_names_the_known_ones(name: str) -> None:
    with pytest.raises(OperatorError, match="embedded"):
        open_client(name)


def test_broken_script_is_named(tmp_path: Path) -> None:
    path = tmp_path / "script.yaml"
    path.write_text("- {reply: 1, whenever: x}")
    with pytest.raises(OperatorError, match=r"script\.yaml"):
        open_client(f"scripted:{path}")
