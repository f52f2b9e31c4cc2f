"""A verified question is answered from its SQL, checked like any other draft."""

import asyncio

import duckdb
import pytest

from context_store.build_context import build_context
from context_store.store import ContextStore
from domain.dictionary import VerifiedQuery
from domain.run_event import RunFinished, SqlAttempted
from graph.asked import Asked
from graph.service import open_service
from settings.settings import Settings
from warehouse.open_warehouse import open_warehouse

_SQL = "SELECT SUM(cups) AS served FROM servings WHERE drink = 'Masala Chai'"
_FORBIDDEN = "DELETE FROM servings"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("tea")
    with duckdb.connect(str(folder / "tea.duckdb")) as connection:
        connection.execute(
            "CREATE TABLE servings AS SELECT i AS cups, "
            "['Masala Chai', 'Filter Kaapi'][1 + i % 2] AS drink FROM range(1, 9) t(i)"
        )
    settings = Settings(
        warehouse=f"duckdb:///{folder / 'tea.duckdb'}",
        context=folder / "context",
        state="sqlite:///:memory:",
    )
    queries = [
        VerifiedQuery(question="Tea time for Masala Chai", sql=_SQL, approved_by="Asha"),
        VerifiedQuery(question="Clear away all servings", sql=_FORBIDDEN, approved_by="Asha"),
    ]

    async def build() -> None:
        warehouse = open_warehouse(settings.warehouse, settings, None)
        built = await build_context(warehouse, source_name="tea")
        await warehouse.close()
        dictionary = built.dictionary.model_copy(update={"verified_queries": queries})
        ContextStore(settings.context).save(dictionary, built.values)

    asyncio.run(build())
    return settings


async def _ask(settings: Settings, question: str) -> tuple[list[SqlAttempted], RunFinished]:
    async with open_service(settings) as (_, runner):
        events = [event async for event in runner.run(Asked(question=question))]
    finished = events[-1]
    assert isinstance(finished, RunFinished)
    return [event for event in events if isinstance(event, SqlAttempted)], finished


async def test_it_runs_with_the_values_of_the_question(settings: Settings) -> None:
    attempts, finished = await _ask(settings, "Tea time for filter kaapi")
    assert "'Filter Kaapi'" in attempts[0].content.sql
    assert attempts[0].content.drafter == "verified query"
    assert finished.answer.status == "answered"
    assert "16" in finished.answer.text


async def test_it_is_guarded_like_any_draft(settings: Settings) -> None:
    attempts, _ = await _ask(settings, "Clear away all servings")
    assert next(a.content.drafter for a in attempts if a.content.status == "drafted") == (
        "verified query"
    )
    assert not any(a.content.sql == _FORBIDDEN and a.content.status == "accepted" for a in attempts)
    with duckdb.connect(
        settings.warehouse.removeprefix("duckdb:///"), read_only=True
    ) as connection:
        assert connection.execute("SELECT count(*) FROM servings").fetchall() == [(8,)]
