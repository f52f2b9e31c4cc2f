"""A run of production becomes a sample that the suite can run."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from context_store.store import ContextStore
from domain.errors import ConflictError, NotFoundError, UserError
from domain.run_event import RunInterrupted, RunStarted
from domain.run_history import Feedback
from evals.begin_run import RunOptions, begin_run
from evals.kept_run import kept_run
from evals.production_suite import ProductionSuite, kept_folder
from evals.result import SampleResult
from evals.runner import OpenSolver, run_tasks
from evals.solvers.kept import kept_runs
from evals.solvers.open_solver import SolverChoice
from evals.suite_file import load_suite
from graph.asked import Asked
from graph.service import open_service
from llm_clients.cassette import Cassette
from run_store.run_store import open_run_store
from settings.settings import Settings
from tests.evals.stand_in_model import stand_in_model


async def _ask(settings: Settings, *questions: str) -> list[str]:
    ids = []
    async with open_service(settings) as (_, runner):
        for question in questions:
            asked = Asked(question=question, thread_id="thread")
            ids.append(asked.run_id)
            async for _ in runner.run(asked):
                pass
    return ids


async def _rate_down(settings: Settings, run_id: str, comment: str) -> None:
    given = Feedback(run_id=run_id, rating="down", comment=comment, created_at=datetime.now(UTC))
    async with open_run_store(settings.state) as store:
        await store.give_feedback(given)


@pytest.fixture
def settings(shop_settings: Settings, tmp_path: Path) -> Settings:
    return shop_settings.model_copy(update={"state": f"sqlite:///{tmp_path / 'state.sqlite'}"})


@asynccontextmanager
async def _production(settings: Settings, folder: Path) -> AsyncIterator[ProductionSuite]:
    async with open_run_store(settings.state) as store:
        contexts = ContextStore(settings.context)
        yield ProductionSuite(folder / "production.yaml", store, contexts)


async def _replay(
    suite: Path, out: Path, sources: dict[str, Settings] | None, settings: Settings
) -> list[SampleResult]:
    """Asks the suite anew: on these sources, or each sample on what was kept of it."""
    begun = begin_run(RunOptions([str(suite)]), out, out.parent)
    tasks = begun.tasks
    solver: OpenSolver = SolverChoice("graph")
    if sources is None:
        kept, tasks = kept_runs(begun.suites[0], tasks)
        sources, solver = kept.settings(settings), kept
    await run_tasks(tasks, begun.folder, sources, solver, concurrency=1, on_result=lambda _: None)
    return list(begun.folder.results())


async def test_an_approved_follow_up_is_asked_again_as_a_dialogue(
    settings: Settings, tmp_path: Path
) -> None:
    first, second = await _ask(settings, "How many orders are there?", "By product name")
    async with _production(settings, tmp_path) as production:
        await production.take(first, approve=True)
        await production.take(second, approve=True)
        with pytest.raises(ConflictError, match="already"):
            await production.take(second, approve=True)
        with pytest.raises(NotFoundError, match="no run"):
            await production.take("unknown")
    loaded = load_suite(str(production.path))
    assert [len(sample.steps) for sample in loaded.suite.samples] == [1, 2]
    results = await _replay(production.path, tmp_path / "run", {"": settings}, settings)
    assert [result.passed for result in results] == [True, True]
    assert any(score.scorer == "execution" for score in results[1].steps[1].scores)


async def test_a_question_back_and_the_choice_are_asked_again(
    settings: Settings, tmp_path: Path
) -> None:
    options = [{"label": "Orders", "effect": "counts orders"}, {"label": "Customers"}]
    replies = [
        {"question": "What is to be counted?", "options": options},
        {"sql": "SELECT COUNT(*) AS n FROM customers", "confidence": 0.9},
        "They stand in the result.",
    ]
    lines = [{"reply": each if isinstance(each, str) else json.dumps(each)} for each in replies]
    (tmp_path / "script.yaml").write_text(yaml.safe_dump(lines))
    scripted = settings.model_copy(update={"llm": f"scripted:{tmp_path / 'script.yaml'}"})
    async with open_service(scripted) as (_, runner):
        asked = Asked(question="How many are there?", thread_id="thread")
        events = [event async for event in runner.run(asked)]
        interrupted = events[-1]
        assert isinstance(interrupted, RunInterrupted)
        option = interrupted.clarification.options[-1]
        resumed = Asked(question="", thread_id="thread", option_id=option.id)
        run_ids = {e.run_id async for e in runner.run(resumed) if isinstance(e, RunStarted)}
    async with _production(settings, tmp_path) as production:
        sample = await production.take(run_ids.pop(), approve=True)
    assert [turn.choose for turn in sample.steps] == ["", "Customers"]
    assert sample.steps[0].expect == ("clarify",)
    assert sample.steps[1].gold
    [result] = await _replay(production.path, tmp_path / "run", None, settings)
    assert result.passed


async def test_a_thumbs_down_waits_in_the_inbox_until_it_is_a_sample(
    settings: Settings, tmp_path: Path
) -> None:
    [run_id] = await _ask(settings, "How many orders are there?")
    await _rate_down(settings, run_id, "Returns are in it.\nAsk asha@example.com")
    async with _production(settings, tmp_path) as production:
        [waiting] = await production.waiting()
        assert (waiting.run_id, waiting.question) == (run_id, "How many orders are there?")
        assert waiting.comment.startswith("Returns are in it.")
        with pytest.raises(UserError, match="rated down"):
            await production.take(run_id, approve=True)
        sample = await production.take(run_id)
        assert await production.waiting() == []
    assert sample.tags == ("production", "thumbs-down", "no-gold")
    assert "COUNT(*)" in sample.note
    assert sample.note.endswith("The user says: Returns are in it. Ask [email]")
    assert not sample.gold
    assert load_suite(str(production.path)).suite.samples == (sample,)


async def test_a_run_of_a_model_is_replayed_from_what_was_kept(
    settings: Settings, tmp_path: Path
) -> None:
    question = "How many orders were there in February 2026?"
    with stand_in_model() as url:
        keyed = settings.model_copy(update={"llm": "openai:stand-in", "llm_base_url": url})
        [run_id] = await _ask(keyed, question)
    async with _production(settings, tmp_path) as production:
        sample = await production.take(
            run_id,
            gold="SELECT COUNT(*) FROM orders WHERE order_date"
            " >= DATE '2026-02-01' AND order_date < DATE '2026-03-01'",
        )
    folder = kept_folder(production.path, sample.id)
    cassette = Cassette(folder / "calls.jsonl")
    assert "openai:stand-in" in cassette.notes[0]
    assert run_id in cassette.notes[0]
    assert {line.prompt for line in cassette.recordings} == {"draft_sql", "synthesize_answer"}
    assert set(kept_run(folder).prompt_versions) == {"draft_sql", "synthesize_answer"}
    assert kept_run(folder).today is not None
    # The context has moved on since: what was kept is used, not what serves.
    elsewhere = settings.model_copy(update={"context": tmp_path / "nothing", "today": None})
    [result] = await _replay(production.path, tmp_path / "run", None, elsewhere)
    assert result.passed
    assert result.versions.model.startswith("replay:")
    assert "2026-03-01" in result.steps[0].sql


async def test_calls_are_kept_without_keys_and_personal_data(
    settings: Settings, tmp_path: Path
) -> None:
    question = "How many orders did asha@example.com, key sk-abcd12345678, place?"
    with stand_in_model() as url:
        keyed = settings.model_copy(update={"llm": "openai:stand-in", "llm_base_url": url})
        [run_id] = await _ask(keyed, question)
    async with _production(settings, tmp_path) as production:
        sample = await production.take(run_id)
    calls = (kept_folder(production.path, sample.id) / "calls.jsonl").read_text()
    for text in (calls, production.path.read_text()):
        assert "[email], key [key]" in text
        assert "asha@" not in text
        assert "sk-abcd" not in text
