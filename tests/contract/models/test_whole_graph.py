"""A question's whole way with each provider's real client: answered, mended, degraded, failed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from cli.context import ensure_context
from domain.answer import Answer
from domain.run_event import AnswerDelta, AnswerReplaced, RunEvent, RunFailed, SqlAttempted
from domain.run_record import RunRecord
from graph.asked import Asked
from graph.service import open_service
from settings.settings import Settings
from tests.contract.models.behaviour import (
    Behaviour,
    BreaksOff,
    Fails,
    Garbles,
    Hangs,
    Overflows,
    Refuses,
    Says,
)
from tests.contract.models.conftest import Wire
from tests.shop import write_shop

_SQL = "SELECT category, COUNT(*) AS orders FROM orders JOIN products USING (product_id) GROUP BY 1"
_PROSE = "**Drinks** and **Pantry** have 600 orders each, 1,200 in all."
_TAIL = (
    '\n===\n{"chart": {"type": "pie", "x": "category", "series": [], "title": "Orders by kind"},'
    ' "follow_ups": ["How many orders were there per city?"]}'
)

# How a schema is asked for makes no difference here: once for each provider is enough.
pytestmark = pytest.mark.parametrize(
    "wire", ["bedrock:sonnet", "openai:gpt-4.1", "gemini:flash"], indirect=True
)


def _draft(sql: str) -> Says:
    empty = {"question": "", "options": [], "cannot_answer": ""}
    return Says(arguments={"sql": sql, "assumptions": ["all days"], "confidence": 0.8, **empty})


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("shop")
    data = write_shop(folder / "data")
    ensure_context(Settings(warehouse=f"duckdb://{data}", context=folder / "context"))
    return data, folder / "context"


@dataclass(frozen=True)
class Outcome:
    events: list[RunEvent]
    record: RunRecord

    @property
    def answer(self) -> Answer:
        assert self.record.answer is not None
        return self.record.answer

    @property
    def calls(self) -> list[tuple[str, str, int]]:
        return [(call.prompt, call.status, call.tries) for call in self.record.model_calls]


def _settings(wire: Wire, shop: tuple[Path, Path]) -> Settings:
    is_bedrock = wire.model.startswith("bedrock")
    return Settings(
        warehouse=f"duckdb://{shop[0]}",
        context=shop[1],
        state="sqlite:///:memory:",
        llm=wire.model,
        llm_base_url=wire.server.url,
        llm_region="ap-south-1",
        llm_api_key=None if is_bedrock else SecretStr("sk-loopback-1234567890"),
        llm_timeout_seconds=10,
        # What the planner makes up for is proven with the cross-check.
        llm_cross_check="off",
    )


async def _run(wire: Wire, shop: tuple[Path, Path], *plan: Behaviour) -> Outcome:
    """Asks a question of the real service; what is left of the plan is a fault of the test."""
    wire.server.will(*plan)
    asked = Asked(question="How many orders were there per category?")
    async with open_service(_settings(wire, shop)) as (service, runner):
        events = [event async for event in runner.run(asked)]
        record = await service.run_store.record(asked.run_id)
    assert record is not None
    assert wire.server.plan == []
    return Outcome(events, record)


async def test_a_run_that_is_cancelled_keeps_its_calls(wire: Wire, shop: tuple[Path, Path]) -> None:
    wire.server.will(_draft(_SQL), Hangs())
    asked = Asked(question="How many orders were there per category?")
    async with open_service(_settings(wire, shop)) as (service, runner):
        task = asyncio.ensure_future(_read(runner.run(asked)))
        while len(wire.server.requests) < 2:  # noqa: ASYNC110 the server runs in a thread
            await asyncio.sleep(0.005)
        task.cancel()
        await asyncio.wait({task})
        record = await service.run_store.record(asked.run_id)
    assert record is not None
    assert record.status == "cancelled"
    assert [(call.prompt, call.status) for call in record.model_calls] == [
        ("draft_sql", "succeeded"),
        ("synthesize_answer", "failed"),
    ]


async def _read(events: AsyncIterator[RunEvent]) -> list[RunEvent]:
    return [event async for event in events]


async def test_a_question_is_answered_streamed_and_metered(
    wire: Wire, shop: tuple[Path, Path]
) -> None:
    outcome = await _run(wire, shop, _draft(_SQL), Says(_PROSE + _TAIL))
    answer = outcome.answer
    assert answer.status == "answered"
    assert answer.text == _PROSE
    pieces = [event.text for event in outcome.events if isinstance(event, AnswerDelta)]
    assert "".join(pieces) == _PROSE
    assert len(pieces) > 5
    assert answer.chart is not None
    assert (answer.chart.type, answer.chart.title) == ("pie", "Orders by kind")
    assert answer.follow_ups == ("How many orders were there per city?",)
    receipt = answer.receipt
    assert receipt is not None
    assert receipt.drafter == receipt.writer == wire.model
    assert (receipt.tokens_in, receipt.tokens_out, receipt.tokens_cached) == (200, 40, 80)
    assert receipt.model_cost_usd is not None
    assert set(receipt.prompt_versions) == {"draft_sql", "synthesize_answer"}
    assert [a.text for a in receipt.assumptions] == ["all days"]
    assert outcome.calls == [("draft_sql", "succeeded", 1), ("synthesize_answer", "succeeded", 1)]
    assert "How many orders" in outcome.record.model_calls[0].rendered
    for call in outcome.record.model_calls:
        assert "@mail.example" not in call.rendered
        assert "Person 1" not in call.rendered


async def test_sql_that_the_guard_turns_down_is_mended_with_its_reasons(
    wire: Wire, shop: tuple[Path, Path]
) -> None:
    outcome = await _run(
        wire, shop, _draft("SELECT email FROM customers"), _draft(_SQL), Says(_PROSE)
    )
    assert outcome.answer.status == "answered"
    assert [call[0] for call in outcome.calls] == ["draft_sql", "repair_sql", "synthesize_answer"]
    assert "email" in outcome.record.model_calls[1].rendered


async def test_sql_that_drops_a_fraction_is_mended_without_another_call(
    wire: Wire, shop: tuple[Path, Path]
) -> None:
    truncated = _SQL.replace("COUNT(*)", "COUNT(*) / SUM(COUNT(*)) OVER ()")
    outcome = await _run(wire, shop, _draft(truncated), Says("Both have a half."))
    assert [call[0] for call in outcome.calls] == ["draft_sql", "synthesize_answer"]
    assert outcome.answer.receipt is not None
    assert "AS DOUBLE) / SUM" in outcome.answer.receipt.sql
    notes = [a.text for a in outcome.answer.receipt.assumptions]
    assert "Whole numbers are divided with their fraction." in notes


_UNKNOWN = _SQL.replace("GROUP BY", "WHERE category = 'Snacks' GROUP BY")


async def test_sql_that_likely_misleads_is_sent_back_once(
    wire: Wire, shop: tuple[Path, Path]
) -> None:
    outcome = await _run(wire, shop, _draft(_UNKNOWN), _draft(_SQL), Says(_PROSE))
    assert outcome.answer.status == "answered"
    assert [call[0] for call in outcome.calls] == ["draft_sql", "repair_sql", "synthesize_answer"]
    assert "category holds 'Drinks', 'Pantry'." in outcome.record.model_calls[1].rendered


async def test_sql_that_a_model_stands_by_runs_with_its_warning(
    wire: Wire, shop: tuple[Path, Path]
) -> None:
    outcome = await _run(wire, shop, _draft(_UNKNOWN), _draft(_UNKNOWN), Says("Nothing was found."))
    attempts = [e.content for e in outcome.events if isinstance(e, SqlAttempted)]
    assert [attempt.status for attempt in attempts] == [
        "drafted",
        "doubted",
        "drafted",
        "accepted",
    ]
    assert attempts[-1].reasons[0].rule == "unknown_value"


async def test_transport_faults_are_ridden_out_and_on_record(
    wire: Wire, shop: tuple[Path, Path]
) -> None:
    plan = (Fails(429, retry_after=0), Garbles(), _draft(_SQL), Fails(500), Says(_PROSE))
    outcome = await _run(wire, shop, *plan)
    assert outcome.answer.status == "answered"
    assert outcome.calls == [("draft_sql", "succeeded", 3), ("synthesize_answer", "succeeded", 2)]


async def test_a_stream_that_breaks_off_is_begun_anew(wire: Wire, shop: tuple[Path, Path]) -> None:
    outcome = await _run(wire, shop, _draft(_SQL), BreaksOff("**Drinks** and"), Says(_PROSE))
    assert outcome.answer.text == _PROSE
    assert any(isinstance(event, AnswerReplaced) for event in outcome.events)
    assert [call[:2] for call in outcome.calls[1:]] == [
        ("synthesize_answer", "failed"),
        ("synthesize_answer", "succeeded"),
    ]


async def test_a_result_is_put_into_words_even_where_the_model_is_gone(
    wire: Wire, shop: tuple[Path, Path]
) -> None:
    outcome = await _run(wire, shop, _draft(_SQL), Refuses())
    assert outcome.answer.status == "answered"
    assert "600" in outcome.answer.text
    assert "written by rule" in outcome.answer.text
    assert outcome.calls[1][:2] == ("synthesize_answer", "failed")


async def test_figures_that_the_result_does_not_bear_out_are_written_anew(
    wire: Wire, shop: tuple[Path, Path]
) -> None:
    outcome = await _run(wire, shop, _draft(_SQL), Says("There are 4,711 orders."), Says(_PROSE))
    assert outcome.answer.text == _PROSE
    assert "4,711" in outcome.record.model_calls[2].rendered


@pytest.mark.parametrize(
    ("behaviours", "code", "words"),
    [
        ([Fails(500)] * 3, "model_unavailable", "cannot be reached"),
        ([Fails(429, retry_after=600)], "model_unavailable", "busy"),
        ([Refuses()], "model_refused", "declined"),
        ([Overflows()], "prompt_too_long", "fewer things"),
        ([Fails(401)], "model_failed", "administrator"),
        ([Says("no"), Says("no")], "model_failed", "could not be used"),
    ],
    ids=["500", "429", "refusal", "overflow", "401", "unreadable"],
)
async def test_a_draft_that_fails_ends_the_run_with_a_clear_sentence_on_record(
    wire: Wire, shop: tuple[Path, Path], behaviours: list[Behaviour], code: str, words: str
) -> None:
    outcome = await _run(wire, shop, *behaviours)
    assert outcome.record.status == "failed"
    last = outcome.events[-1]
    assert isinstance(last, RunFailed)
    assert words in last.message
    assert outcome.record.error_code == last.code == code
    assert all(status == "failed" for _, status, _ in outcome.calls)
    assert sum(tries for _, _, tries in outcome.calls) == len(behaviours)
    assert words in outcome.record.model_calls[-1].error or code == "model_failed"
