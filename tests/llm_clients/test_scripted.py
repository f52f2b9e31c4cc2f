"""The scripted provider says its lines in order, whole and streamed."""

from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage

from domain.errors import OperatorError
from llm_clients.chat_model import open_chat_model

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
    model = open_chat_model(f"scripted:{script}")
    said = [str((await model.ainvoke("the weather?")).text) for _ in range(2)]
    assert said == ["Sunny.", "Rain.\nThen sun."]
    with pytest.raises(OperatorError, match="no line left"):
        await model.ainvoke("the weather?")
    assert [(await model.ainvoke("greet")).text for _ in range(2)] == ["Hello.", "Hello."]


async def test_a_reply_streams_in_pieces(script: Path) -> None:
    model = open_chat_model(f"scripted:{script}")
    await model.ainvoke("weather")
    pieces = [str(chunk.text) async for chunk in model.astream([HumanMessage("weather")])]
    assert "".join(pieces) == "Rain.\nThen sun."
    assert len([piece for piece in pieces if piece]) > 1


def test_unknown_provider_names_the_known_ones() -> None:
    with pytest.raises(OperatorError, match="embedded"):
        open_chat_model("oracle:1")


def test_broken_script_is_named(tmp_path: Path) -> None:
    path = tmp_path / "script.yaml"
    path.write_text("- {reply: 1, whenever: x}")
    with pytest.raises(OperatorError, match=r"script\.yaml"):
        open_chat_model(f"scripted:{path}")
