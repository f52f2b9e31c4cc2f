"""Another model answers from the next question on, if it answers a probe."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from cli.context import ensure_context
from domain.run_event import RunFinished
from graph.asked import Asked
from graph.brain import EMBEDDED, open_brain, probe_model
from graph.question_runner import QuestionRunner
from graph.service import open_service
from settings.settings import Settings
from tests.contract.models.behaviour import Fails, Says
from tests.contract.models.loopback import serving
from tests.contract.models.openai_server import OpenAiServer
from tests.shop import write_shop


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    data = write_shop(tmp_path / "data")
    settings = Settings(
        warehouse=f"duckdb://{data}", context=tmp_path / "context", state="sqlite:///:memory:"
    )
    ensure_context(settings)
    return settings


def _script(folder: Path) -> str:
    lines = [
        {"when": "You write SQL", "reply": json.dumps({"sql": "SELECT COUNT(*) FROM orders"})},
        {"when": "You write the answer", "reply": "There are 1,200."},
    ]
    path = folder / "script.yaml"
    path.write_text(yaml.safe_dump(lines))
    return f"scripted:{path}"


async def _drafter(runner: QuestionRunner) -> str:
    asked = Asked(question="How many orders are there?")
    last = [event async for event in runner.run(asked)][-1]
    assert isinstance(last, RunFinished)
    assert last.answer.receipt is not None
    return last.answer.receipt.drafter


async def test_a_model_that_answers_the_probe_takes_over(
    settings: Settings, tmp_path: Path
) -> None:
    script = _script(tmp_path)
    async with open_service(settings) as (service, runner):
        assert await _drafter(runner) == service.model == "embedded"
        probe = await service.switch_model(script)
        assert probe.is_ready
        assert await _drafter(runner) == service.model == script


async def test_one_that_does_not_leaves_the_old_one_in_place(settings: Settings) -> None:
    with serving(OpenAiServer()) as server:
        settings = settings.model_copy(update={"llm_base_url": server.url})
        async with open_service(settings) as (service, runner):
            for model, words in (
                ("openai:gpt-4.1", "administrator"),
                ("oracle:1", "not known"),
                ("replay:/no/such/file", "no recorded calls"),
            ):
                server.will(Fails(401))
                probe = await service.switch_model(model)
                assert not probe.is_ready
                assert words in probe.message
                assert "sk-" not in probe.message
                assert service.model == "embedded"
            assert await _drafter(runner) == "embedded"
            server.plan[:] = [Says(arguments={"word": "ready"})]
            assert (await service.switch_model("openai:gpt-4.1")).is_ready
            assert service.model == "openai:gpt-4.1"


@pytest.mark.parametrize("model", ["openai:gpt-4.1", "gemini:flash", "bedrock:sonnet"])
async def test_one_without_key_or_region_is_not_ready(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, model: str
) -> None:
    for name in ("OPENAI_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    probe = await probe_model(settings, model)
    assert not probe.is_ready
    assert "administrator" in probe.message


async def test_a_model_that_was_replaced_is_closed_after_its_last_run(
    settings: Settings, tmp_path: Path
) -> None:
    closed: list[str] = []

    async def close() -> None:
        closed.append("first")

    first = replace(open_brain(settings, EMBEDDED), close=close)
    async with open_service(settings, brain=first) as (service, _):
        async with service.leases.lend(first.drafter):
            await service.switch_model(_script(tmp_path))
            await asyncio.sleep(0)
            assert closed == []
        await asyncio.sleep(0)
        assert closed == ["first"]
    assert closed == ["first"]
