"""`vtion prompts` on a folder of its own."""

import asyncio
import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from cli.context import ensure_context
from cli.prompts import prompts_app
from domain.errors import NotFoundError, OperatorError, UserError
from graph.asked import Asked
from graph.service import open_service
from prompts.registry import FOLDER
from settings.settings import Settings
from tests.shop import write_shop

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


_SCRIPT = [
    {
        "when": "You write SQL",
        "reply": '{"sql": "SELECT COUNT(*) AS n FROM orders"}',
        "repeat": True,
    },
    {"when": "You write the answer", "reply": "There are **1,200** orders.", "repeat": True},
]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A shop with a scripted model, named by the environment as a user would."""
    data = write_shop(tmp_path / "data")
    script = tmp_path / "script.yaml"
    script.write_text(yaml.safe_dump(_SCRIPT))
    for name, value in {
        "WAREHOUSE": f"duckdb://{data}",
        "CONTEXT": str(tmp_path / "context"),
        "STATE": f"sqlite:///{tmp_path / 'state.sqlite'}",
        "LLM": f"scripted:{script}",
    }.items():
        monkeypatch.setenv(f"VTION_{name}", value)
    settings = Settings()
    ensure_context(settings)
    return settings


async def _ask(settings: Settings, question: str) -> str:
    asked = Asked(question=question)
    async with open_service(settings) as (_, runner):
        async for _event in runner.run(asked):
            pass
    return asked.run_id


def test_what_a_past_runs_model_saw_is_shown(shop: Settings) -> None:
    run_id = asyncio.run(_ask(shop, "How many orders are there?"))
    shown = _run("render", "--run", run_id)
    for words in ("draft_sql/v1", "How many orders are there?", "SELECT COUNT(*)", "1,200"):
        assert words in shown
    with pytest.raises(NotFoundError, match="no record"):
        _run("render", "--run", "unknown")


def test_one_question_is_tried_under_two_versions(shop: Settings, folder: Path) -> None:
    path = folder / "draft_sql" / "v78.md"
    path.write_text((folder / "draft_sql" / "v1.md").read_text())
    shown = _run("try", "How many orders are there?", "--new", "v78")
    assert "draft_sql/v1" in shown
    assert "draft_sql/v78" in shown
    assert shown.count("answered") == 2
