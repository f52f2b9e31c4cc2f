"""The dialect, held against a real Trino: our DuckDB gives its rows, or both refuse.

Differences that stay are written down in docs/dialect.md.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from cli.demo import DemoData
from domain.run_event import RunFinished
from graph.asked import Asked
from graph.question_runner import QuestionRunner
from tests.questions.conftest import Sample, open_sample
from tests.trino.engines import Engines
from tests.trino.statements import Statement, as_trino, golds, questions, tpc_statements
from tests.warehouse.test_trino_values import ROWS, VALUES
from tests.warehouse.test_type_mismatches import FOREIGN, REFUSED

pytestmark = pytest.mark.asyncio(loop_scope="session")

Both = dict[str, Engines]


@pytest.fixture(scope="session")
def samples() -> dict[str, Sample]:
    """Returns both samples, made where they are missing: no loop may run then."""
    return {name.value: open_sample(name) for name in DemoData}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def runners(samples: dict[str, Sample]) -> AsyncIterator[dict[str, QuestionRunner]]:
    """Returns the service over each sample."""
    async with AsyncExitStack() as stack:
        opened = {}
        for name, sample in samples.items():
            _, opened[name] = await stack.enter_async_context(sample.open(lambda _: None))
        yield opened


@pytest.mark.parametrize("statement", [pytest.param(s, id=s.name) for s in tpc_statements()])
async def test_tpc(engines: Both, statement: Statement) -> None:
    assert await engines[statement.source].difference(statement.sql) == ""


@pytest.mark.parametrize(
    ("source", "question"), [pytest.param(s, q, id=f"{s}-{q[:70]}") for s, q in questions()]
)
async def test_what_the_planner_writes(
    engines: Both, runners: dict[str, QuestionRunner], source: str, question: str
) -> None:
    last = [event async for event in runners[source].run(Asked(question=question))][-1]
    receipt = last.answer.receipt if isinstance(last, RunFinished) else None
    if receipt is None or not receipt.sql:
        pytest.skip("It writes no SQL for this question: it asks back, or refuses.")
    assert await engines[source].difference(receipt.sql) == "", receipt.sql


@pytest.mark.parametrize("gold", [pytest.param(s, id=s.name) for s in golds()])
async def test_what_people_wrote(engines: Both, gold: Statement) -> None:
    both = engines[gold.source]
    sql = as_trino(gold.sql, await both.duckdb.catalog())
    assert await both.difference(sql) == "", sql


@pytest.mark.parametrize(("expression", "text"), VALUES)
async def test_values_that_our_tests_expect(
    engines: Both, expression: str, text: str | None
) -> None:
    both = engines["vtion"]
    assert await both.difference(f"SELECT {expression}") == "", text


@pytest.mark.parametrize("sql", [sql for sql, _ in ROWS])
async def test_rows_that_our_tests_expect(engines: Both, sql: str) -> None:
    assert await engines["vtion"].difference(sql) == ""


@pytest.mark.parametrize("sql", [*REFUSED, *FOREIGN])
async def test_both_refuse(engines: Both, sql: str) -> None:
    assert await engines["vtion"].refusals(sql) == (True, True)
