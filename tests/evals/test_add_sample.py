"""A run of production becomes a sample that the suite can run."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from context_store.store import ContextStore
from domain.errors import OperatorError
from domain.model_call import ModelCall
from domain.run_history import Feedback
from evals.add_sample import add_to_suite, keep_evidence, sample_of_run
from evals.begin_run import RunOptions, begin_run
from evals.runner import run_tasks
from evals.solvers.open_solver import SolverChoice
from evals.suite_file import load_suite
from graph.asked import Asked
from graph.service import open_service
from run_store.run_store import RunStore
from settings.settings import Settings


async def _ask(settings: Settings, *questions: str) -> list[str]:
    ids = []
    async with open_service(settings) as (_, runner):
        for question in questions:
            asked = Asked(question=question, thread_id="thread")
            ids.append(asked.run_id)
            async for _ in runner.run(asked):
                pass
    return ids


@pytest.fixture
def settings(shop_settings: Settings, tmp_path: Path) -> Settings:
    return shop_settings.model_copy(update={"state": f"sqlite:///{tmp_path / 'state.sqlite'}"})


async def _sample(store: RunStore, run_id: str, suite: Path, **given: str | bool) -> None:
    sample, _ = await sample_of_run(store, run_id, **given)  # type: ignore[arg-type]
    add_to_suite(suite, sample)


async def test_an_approved_follow_up_is_asked_again_as_a_dialogue(
    settings: Settings, tmp_path: Path
) -> None:
    suite = tmp_path / "production.yaml"
    first, second = await _ask(settings, "How many orders are there?", "By product name")
    async with open_service(settings) as (service, _):
        await _sample(service.run_store, first, suite, approve=True)
        await _sample(service.run_store, second, suite, approve=True)
        with pytest.raises(OperatorError, match="same id"):
            await _sample(service.run_store, second, suite, approve=True)
    loaded = load_suite(str(suite))
    assert [len(sample.steps) for sample in loaded.suite.samples] == [1, 2]
    begun = begin_run(RunOptions([str(suite)]), tmp_path / "run", tmp_path)
    await run_tasks(
        begun.tasks,
        begun.folder,
        {"": settings},
        SolverChoice("graph"),
        concurrency=1,
        on_result=lambda _: None,
    )
    results = list(begun.folder.results())
    assert [result.passed for result in results] == [True, True]
    assert any(score.scorer == "execution" for score in results[1].steps[1].scores)


async def test_a_thumbs_down_waits_for_gold_and_keeps_its_evidence(
    settings: Settings, tmp_path: Path
) -> None:
    [run_id] = await _ask(settings, "How many orders are there?")
    async with open_service(settings) as (service, _):
        store = service.run_store
        await store.give_feedback(
            Feedback(run_id=run_id, rating="down", created_at=datetime.now(UTC))
        )
        sample, record = await sample_of_run(store, run_id)
        assert sample.tags == ("production", "thumbs-down", "no-gold")
        assert "COUNT(*)" in sample.note
        assert not sample.gold
        with pytest.raises(OperatorError, match="rated down"):
            await sample_of_run(store, run_id, approve=True)
        mended, _ = await sample_of_run(store, run_id, gold="SELECT COUNT(*) FROM orders")
        assert mended.dialect == "athena"
        with pytest.raises(OperatorError, match="no run"):
            await sample_of_run(store, "unknown")
    call = ModelCall(prompt="draft_sql", prompt_version="v1", model="m", reply="SELECT 1")
    kept = record.model_copy(update={"model_calls": (call,)})
    keep_evidence(tmp_path / "kept", kept, ContextStore(settings.context))
    receipt = record.answer.receipt if record.answer else None
    assert receipt is not None
    snapshot = ContextStore(tmp_path / "kept" / "context").current()
    assert snapshot.dictionary.version == receipt.context_version
    assert "SELECT 1" in (tmp_path / "kept" / "replies.yaml").read_text()
