"""The whole product over Athena: context, graph, answers."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.context import ensure_context
from cli.demo import DemoData
from dev_athena.server import AthenaServer
from domain.result_table import ResultTable
from domain.run_event import RunFinished
from evals.execution_match import same_result
from graph.asked import Asked
from graph.service import open_service
from settings.settings import Settings
from tests.contract.athena_server import upload, url_of
from tests.questions.conftest import Sample, open_sample

_HERE = Path(__file__).parent
_QUESTIONS = 20


def _cases() -> list[Any]:
    text = (_HERE.parent / "questions" / "vtion.yaml").read_text(encoding="utf-8")
    known = [case for case in yaml.safe_load(text) if "known_gap" not in case]
    return [pytest.param(case, id=case["question"][:60]) for case in known[:_QUESTIONS]]


@dataclass(frozen=True)
class OverAthena:
    """The sample on the loopback Athena, and its files as plain views."""

    settings: Settings
    sample: Sample


@pytest.fixture(scope="module")
def panel(athena: AthenaServer, tmp_path_factory: pytest.TempPathFactory) -> OverAthena:
    """Uploads the panel and builds its context over Athena alone."""
    sample = open_sample(DemoData.VTION)
    folder = Path(sample.settings.warehouse.removeprefix("duckdb://"))
    asyncio.run(upload(athena, folder, "panel"))
    settings = sample.settings.model_copy(
        update={
            "warehouse": url_of(athena, "panel"),
            "context": tmp_path_factory.mktemp("context"),
        }
    )
    ensure_context(settings, Path("demo_data/vtion/business.yaml"))
    return OverAthena(settings, sample)


@pytest.mark.parametrize("case", _cases())
async def test_a_question_is_answered_over_athena(panel: OverAthena, case: dict[str, str]) -> None:
    seen: list[ResultTable] = []
    async with open_service(panel.settings, seen.append) as (_, runner):
        events = [event async for event in runner.run(Asked(question=case["question"]))]
    last = events[-1]
    assert isinstance(last, RunFinished), last
    receipt = last.answer.receipt
    assert last.answer.status == "answered", last.answer.text
    assert receipt is not None
    golds = [case["sql"], *([case["also"]] if "also" in case else [])]
    expected = [panel.sample.database.execute(sql).fetchall() for sql in golds]
    assert any(same_result(rows, seen[0].rows, extra_columns=True) for rows in expected), (
        receipt.sql
    )
    assert receipt.warehouse == "athena"
    assert receipt.bytes_scanned is not None
    assert receipt.bytes_estimated is not None
    assert receipt.bytes_estimated >= receipt.bytes_scanned
    assert receipt.cost_usd is not None


async def test_a_cancelled_run_stops_its_statement_on_athena(
    panel: OverAthena, athena: AthenaServer
) -> None:
    athena.faults.slow_seconds = 60

    async def run() -> None:
        async with open_service(panel.settings) as (_, runner):
            async for _ in runner.run(Asked(question="How many panelists are there?")):
                pass

    before = len(athena.executions.all())
    asked = asyncio.create_task(run())
    try:
        while not _is_running(athena, before):  # noqa: ASYNC110 - the server is another thread's
            await asyncio.sleep(0.02)
        asked.cancel()
        await asyncio.wait({asked})
    finally:
        athena.faults.clear()
    assert asked.cancelled()
    assert athena.executions.all()[0].state == "CANCELLED"


def _is_running(athena: AthenaServer, before: int) -> bool:
    newest = athena.executions.all()[: len(athena.executions.all()) - before]
    return any(item.state == "RUNNING" and not item.is_explain for item in newest)
