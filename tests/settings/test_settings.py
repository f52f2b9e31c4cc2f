"""Settings come from the environment, then the file, then the defaults; wrong ones are named."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from domain.errors import OperatorError
from settings.settings import Settings


@pytest.fixture(autouse=True)
def _in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "vtion.toml").write_text('llm = "scripted:a"\nport = 81\ntoday = 2026-01-31\n')
    monkeypatch.setenv("VTION_PORT", "82")
    settings = Settings()
    assert (settings.llm, settings.port, settings.today) == ("scripted:a", 82, date(2026, 1, 31))


def test_wrong_value_and_unknown_line_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VTION_PORT", "many")
    with pytest.raises(ValidationError, match="port"):
        Settings()
    monkeypatch.delenv("VTION_PORT")
    (tmp_path / "vtion.toml").write_text("prot = 81\n")
    with pytest.raises(ValidationError, match="prot"):
        Settings()


def test_a_key_is_not_in_the_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VTION_LLM_API_KEY", "a-secret")
    assert "a-secret" not in repr(Settings())


@pytest.mark.parametrize("content", [b"llm = [broken\n", b"\xff\xfe\x00", b"\x00"])
def test_a_file_that_is_broken_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vtion.toml").write_bytes(content)
    with pytest.raises(OperatorError, match=r"vtion\.toml cannot be read"):
        Settings()
