"""Calls are recorded and replayed byte for byte; what is missing is explained."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml

from domain.errors import OperatorError
from domain.model_call import ModelCall
from llm_clients.cassette import Cassette, Recording
from llm_clients.open_client import open_client
from tests.llm_clients.ask import ask, call, stream

_LINES: list[dict[str, object]] = [
    {"when": "weather", "reply": "Sunny.\nThen rain.", "repeat": True},
    {"when": "contact", "reply": "Write to asha@example.com, key sk-abcdefgh12345678.\nBye."},
]


@pytest.fixture
def cassette(tmp_path: Path) -> Path:
    _script(tmp_path / "calls.jsonl", _LINES)
    return tmp_path / "calls.jsonl"


def _script(cassette: Path, lines: Sequence[Mapping[str, object]]) -> None:
    (cassette.parent / "script.yaml").write_text(yaml.safe_dump(list(lines)))


def _write(cassette: Path, lines: list[Recording]) -> None:
    cassette.write_text("\n".join(line.model_dump_json() for line in lines))


def _text(cassette: Path) -> str:
    return cassette.read_text()


async def _record(cassette: Path) -> None:
    client = open_client(f"scripted:{cassette.parent / 'script.yaml'}", record=cassette)
    await ask(client, call("the weather?", "be brief"))
    await stream(client, call("the weather tomorrow?"))
    await stream(client, call("contact? I am ravi@example.com, +91 98765 43210"))


async def test_a_recorded_call_is_replayed_byte_for_byte(cassette: Path) -> None:
    await _record(cassette)
    client = open_client(f"replay:{cassette}")
    calls: list[ModelCall] = []
    assert await ask(client, call("the weather?", "be brief"), calls) == "Sunny.\nThen rain."
    pieces = await stream(client, call("the weather tomorrow?"), calls)
    assert pieces == ["Sunny.\n", "Then rain."]
    again = await stream(open_client(f"replay:{cassette}"), call("the weather tomorrow?"))
    assert again == pieces
    assert [made.status for made in calls] == ["succeeded", "succeeded"]


async def test_keys_and_personal_data_are_not_recorded_but_the_call_is_found(
    cassette: Path,
) -> None:
    await _record(cassette)
    text = _text(cassette)
    for secret in ("asha@", "ravi@", "sk-abcdefgh", "98765"):
        assert secret not in text
    asked = call("contact? I am ravi@example.com, +91 98765 43210")
    pieces = await stream(open_client(f"replay:{cassette}"), asked)
    assert "".join(pieces) == "Write to [email], key [key].\nBye."


async def test_a_missing_call_names_its_prompt_and_what_changed(cassette: Path) -> None:
    await _record(cassette)
    client = open_client(f"replay:{cassette}")
    with pytest.raises(OperatorError) as raised:
        await ask(client, call("the weather?", "be very brief", temperature=0.5))
    for words in ("test/v1", "temperature was", "-be brief", "+be very brief"):
        assert words in str(raised.value)
    other = call("the weather?", "be brief").model_copy(update={"version": "v2"})
    assert await ask(client, other) == "Sunny.\nThen rain."
    unknown = call("x").model_copy(update={"prompt": "unheard"})
    with pytest.raises(OperatorError, match="No call of this prompt was recorded; there is: test"):
        await ask(client, unknown)


async def test_a_call_recorded_again_is_replayed_as_it_was_last(cassette: Path) -> None:
    await _record(cassette)
    _script(cassette, [{"reply": "Fog."}])
    client = open_client(f"scripted:{cassette.parent / 'script.yaml'}", record=cassette)
    await ask(client, call("the weather?", "be brief"))
    replaying = open_client(f"replay:{cassette}")
    assert await ask(replaying, call("the weather?", "be brief")) == "Fog."


def test_an_empty_and_a_mixed_cassette_are_refused(tmp_path: Path, cassette: Path) -> None:
    with pytest.raises(OperatorError, match="no recorded calls"):
        open_client(f"replay:{tmp_path / 'none.jsonl'}")
    (tmp_path / "broken.jsonl").write_text("{}\n")
    with pytest.raises(OperatorError, match="no cassette"):
        open_client(f"replay:{tmp_path / 'broken.jsonl'}")


async def test_of_several_recorded_models_one_is_named(cassette: Path) -> None:
    await _record(cassette)
    lines = Cassette(cassette).recordings
    twin = lines[0].model_copy(update={"model": "other", "key": "k"})
    _write(cassette, [lines[0], twin])
    with pytest.raises(OperatorError, match="several models"):
        open_client(f"replay:{cassette}")
    named = open_client(f"replay:{cassette}#scripted:{cassette.parent / 'script.yaml'}")
    assert await ask(named, call("the weather?", "be brief")) == "Sunny.\nThen rain."


async def test_a_note_says_where_recordings_come_from(cassette: Path) -> None:
    Cassette(cassette).describe("Said by a script.")
    await _record(cassette)
    assert _text(cassette).startswith('{"note":"Said by a script."}\n')
    assert Cassette(cassette).notes == ["Said by a script."]
    assert await ask(open_client(f"replay:{cassette}"), call("the weather?", "be brief"))
