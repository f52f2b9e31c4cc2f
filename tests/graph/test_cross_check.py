"""Several readings of one question: compared by result, believed by majority, told to few."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from cli.context import ensure_context
from domain.answer import Receipt
from domain.run_event import RunEvent
from domain.run_record import RunRecord
from graph.asked import Asked
from graph.service import open_service
from settings.settings import Settings
from tests.shop import write_shop
from warehouse.duckdb import DuckdbWarehouse
from warehouse.statement_journal import StatementJournal

_RIGHT = "SELECT COUNT(*) AS n FROM orders"
_WRONG = "SELECT COUNT(*) + 1 AS n FROM orders"
_PROSE = {"when": "You write the answer", "reply": "There are **1,200** orders.", "repeat": True}
_NOTHING = {"when": "You write the answer", "reply": "That is the count.", "repeat": True}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("shop")
    data = write_shop(folder / "data")
    ensure_context(Settings(warehouse=f"duckdb://{data}", context=folder / "context"))
    return data, folder / "context"


def _draft(sql: str, confidence: float = 0.5) -> dict[str, object]:
    return {"when": "You write SQL", "reply": json.dumps({"sql": sql, "confidence": confidence})}


@dataclass(frozen=True)
class Outcome:
    events: list[RunEvent]
    record: RunRecord

    @property
    def receipt(self) -> Receipt:
        assert self.record.answer is not None
        assert self.record.answer.receipt is not None
        return self.record.answer.receipt

    @property
    def prompts(self) -> list[str]:
        return [call.prompt for call in self.record.model_calls]


async def _run(
    shop: tuple[Path, Path], folder: Path, *lines: dict[str, object], **changes: object
) -> Outcome:
    script = folder / "script.yaml"
    script.write_text(yaml.safe_dump(list(lines)))
    settings = Settings(
        warehouse=f"duckdb://{shop[0]}",
        context=shop[1],
        state="sqlite:///:memory:",
        llm=f"scripted:{script}",
    ).model_copy(update=changes)
    asked = Asked(question="How many orders are there?")
    async with open_service(settings) as (service, runner):
        events = [event async for event in runner.run(asked)]
        record = await service.run_store.record(asked.run_id)
    assert record is not None
    return Outcome(events, record)


async def test_agreement_raises_the_confidence(shop: tuple[Path, Path], tmp_path: Path) -> None:
    outcome = await _run(shop, tmp_path, _draft(_RIGHT), _PROSE)
    check = outcome.record.cross_check
    assert check is not None
    assert (check.outcome, check.readings, check.votes) == ("agreed", 2, 2)
    assert outcome.receipt.confidence == pytest.approx(0.8)


async def test_the_same_sql_in_other_words_runs_once(
    shop: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    submit = DuckdbWarehouse.submit

    async def counted(
        warehouse: DuckdbWarehouse, sql: str, query_id: str, journal: StatementJournal | None
    ) -> str:
        ran.append(sql)
        return await submit(warehouse, sql, query_id, journal)

    monkeypatch.setattr(DuckdbWarehouse, "submit", counted)
    outcome = await _run(shop, tmp_path, _draft(_RIGHT), _PROSE)
    assert outcome.record.cross_check is not None
    assert outcome.record.cross_check.votes == 2
    assert len(ran) == 1
    await _run(shop, tmp_path, _draft(_WRONG), _NOTHING)
    assert len(ran) == 3


async def test_disagreement_is_told_to_the_evaluator_alone(
    shop: tuple[Path, Path], tmp_path: Path
) -> None:
    outcome = await _run(shop, tmp_path, _draft(_WRONG), _NOTHING)
    check = outcome.record.cross_check
    assert check is not None
    assert (check.outcome, check.votes, len(check.others)) == ("disagreed", 1, 1)
    assert "+ 1" in outcome.receipt.sql
    assert outcome.receipt.confidence == pytest.approx(0.5)
    told = "".join(event.model_dump_json() for event in outcome.events)
    assert "disagreed" not in told
    assert check.others[0] not in told


async def test_by_setting_a_contradicted_model_is_asked_once_more(
    shop: tuple[Path, Path], tmp_path: Path
) -> None:
    lines = (_draft(_WRONG), _draft(_RIGHT), _PROSE)
    outcome = await _run(shop, tmp_path, *lines, llm_cross_check="ask_again")
    assert outcome.prompts == ["draft_sql", "repair_sql", "synthesize_answer"]
    assert "another reading" in outcome.record.model_calls[1].rendered
    assert "+ 1" not in outcome.receipt.sql
    check = outcome.record.cross_check
    assert check is not None
    assert check.outcome == "agreed"


async def test_a_model_that_stays_with_its_reading_is_asked_no_third_time(
    shop: tuple[Path, Path], tmp_path: Path
) -> None:
    lines = (_draft(_WRONG), _draft(_WRONG), _NOTHING)
    outcome = await _run(shop, tmp_path, *lines, llm_cross_check="ask_again")
    assert outcome.prompts == ["draft_sql", "repair_sql", "synthesize_answer"]
    assert "+ 1" in outcome.receipt.sql


async def test_of_several_candidates_the_result_that_most_share_is_believed(
    shop: tuple[Path, Path], tmp_path: Path
) -> None:
    lines = (_draft(_WRONG), _draft(_RIGHT), _draft("SELECT SUM(1) AS n FROM orders"), _PROSE)
    outcome = await _run(shop, tmp_path, *lines, llm_candidates=3, llm_cross_check="off")
    check = outcome.record.cross_check
    assert check is not None
    assert (check.outcome, check.readings, check.votes) == ("disagreed", 3, 2)
    assert "+ 1" not in outcome.receipt.sql


@pytest.mark.parametrize(
    "reply", ['{"cannot_answer": "I do not know this data."}', "no form at all"]
)
async def test_where_the_model_has_no_sql_the_planner_answers(
    shop: tuple[Path, Path], tmp_path: Path, reply: str
) -> None:
    line = {"when": "You write SQL", "reply": reply, "repeat": True}
    outcome = await _run(shop, tmp_path, line, _PROSE)
    assert outcome.record.status == "answered"
    assert outcome.receipt.drafter == "embedded"


async def test_a_model_that_cannot_mend_its_sql_makes_way_for_the_planner(
    shop: tuple[Path, Path], tmp_path: Path
) -> None:
    broken = {**_draft("SELECT email FROM customers"), "repeat": True}
    outcome = await _run(shop, tmp_path, broken, _PROSE)
    assert outcome.record.status == "answered"
    assert outcome.receipt.drafter == "embedded"
    assert len(outcome.record.failed_attempts) == 2
