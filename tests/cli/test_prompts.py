"""`vtion prompts` on a folder of its own."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.prompts import prompts_app
from domain.errors import NotFoundError, OperatorError, UserError
from prompts.registry import FOLDER

_RUNNER = CliRunner()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "prompts"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    monkeypatch.setenv("VTION_PROMPTS", str(copy))
    monkeypatch.setenv("COLUMNS", "200")
    return copy


def _run(*arguments: str) -> str:
    result = _RUNNER.invoke(prompts_app, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_a_new_version_is_made_labelled_sealed_and_rolled_back(folder: Path) -> None:
    _run("new", "draft_sql", "v77")
    path = folder / "draft_sql" / "v77.md"
    path.write_text(path.read_text().replace("You write SQL", "You write good SQL"))
    assert "+You write good SQL" in _run("diff", "draft_sql", "production", "v77")
    _run("label", "draft_sql", "v77", "--label", "production")
    assert "good SQL" in _run("show", "draft_sql")
    assert "v77" in _run("list")
    _run("check")
    _run("rollback", "draft_sql")
    assert "good SQL" not in _run("show", "draft_sql")
    path.write_text(path.read_text().replace("good", "bad"))
    with pytest.raises(OperatorError, match="v77"):
        _run("check")


def test_what_there_is_not_is_said(folder: Path) -> None:
    with pytest.raises(NotFoundError, match="draft_sql"):
        _run("show", "no_such_prompt")
    with pytest.raises(NotFoundError, match="v1"):
        _run("show", "draft_sql", "v999")
    with pytest.raises(UserError, match="already"):
        _run("new", "draft_sql", "v1")


def test_a_label_without_a_checksum_fails_the_check(folder: Path) -> None:
    (folder / "checksums.txt").write_text("")
    with pytest.raises(UserError, match="draft_sql/v1"):
        _run("check")


def test_the_shipped_prompts_pass_the_check() -> None:
    assert "are whole" in _run("check")
