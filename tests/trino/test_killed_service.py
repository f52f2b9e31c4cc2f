"""`kill -9` of the service while Trino works: the query is gone on with, and none runs twice."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import trino
import yaml

from cli.context import ensure_context
from settings.settings import Settings
from tests.durability.conftest import SCRIPT, Event, Workplace
from tests.trino.trino_server import TrinoServer

_QUESTION = {"question": "How many orders are there?"}
_PATIENCE_SECONDS = 120
_QUICK = "SELECT orderkey AS order_id FROM tpch.tiny.orders"
_SLOW = """
    SELECT min(a.orderkey) AS order_id FROM tpch.tiny.orders a JOIN tpch.tiny.orders b
    ON a.custkey + b.custkey <> a.orderkey AND b.orderkey < 6000 GROUP BY a.orderkey
"""
"""As many rows, after some seconds."""


class Shop:
    """A view in Trino that is made slow once its context is known."""

    def __init__(self, server: TrinoServer) -> None:
        self.server = server
        self.url = f"trino://vtion@127.0.0.1:{server.port}/memory/kept"
        self.run("CREATE SCHEMA memory.kept")
        self.run(f"CREATE VIEW memory.kept.orders AS {_QUICK}")

    def run(self, sql: str) -> list[list[object]]:
        """Returns the rows of a statement that is not the service's."""
        address = {"host": "127.0.0.1", "port": self.server.port, "user": "watcher"}
        with closing(trino.dbapi.connect(**address)) as connection:
            found: list[list[object]] = connection.cursor().execute(sql).fetchall()
        return found

    def slow_down(self) -> None:
        """Has a statement take some seconds."""
        self.run(f"CREATE OR REPLACE VIEW memory.kept.orders AS {_SLOW}")

    def states(self) -> list[str]:
        """Returns where the statements of questions stand, the latest first."""
        rows = self.run(
            "SELECT state FROM system.runtime.queries WHERE source = 'vtion'"
            r" AND regexp_like(query, '^SELECT\s+COUNT') ORDER BY created DESC"
        )
        return [str(row[0]) for row in rows]


@pytest.fixture(scope="module")
def shop(trino_server: TrinoServer) -> Shop:
    """The shop."""
    return Shop(trino_server)


@pytest.fixture(scope="module")
def place(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """A service over it, with its state in a file."""
    folder = tmp_path_factory.mktemp("killed")
    ensure_context(Settings(warehouse=shop.url, context=folder / "context"))
    shop.slow_down()
    script = folder / "script.yaml"
    script.write_text(yaml.safe_dump(SCRIPT))
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path.cwd()),
        "VTION_WAREHOUSE": shop.url,
        "VTION_CONTEXT": str(folder / "context"),
        "VTION_STATE": f"sqlite:///{folder / 'state.sqlite'}",
        "VTION_LLM": f"scripted:{script}",
        "VTION_LLM_CROSS_CHECK": "off",
        "VTION_LOG_LEVEL": "ERROR",
    }
    found = Workplace(None, environment, folder / "armed")  # type: ignore[arg-type]
    yield found
    found.close()


def _ask_until_it_runs(place: Workplace, shop: Shop) -> list[Event]:
    before = len(shop.states())
    told = place.read(
        "POST",
        "/query",
        until=lambda event: event.get("stepName") == "execute_sql",
        json=_QUESTION,
    )
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while len(states := shop.states()) == before or states[0] != "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return told


def _is_gone_on_with(place: Workplace, shop: Shop, told: list[Event]) -> None:
    before = len(shop.states())
    assert shop.states()[0] == "RUNNING"
    rest = place.finish(told)
    assert rest[-1]["result"]["status"] == "answered"
    assert rest[-1]["result"]["receipt"]["true_row_count"] == 1
    assert len(shop.states()) == before
    assert shop.states()[0] == "FINISHED"


def test_a_query_that_ran_at_the_kill_is_waited_for(place: Workplace, shop: Shop) -> None:
    place.ensure_running()
    told = _ask_until_it_runs(place, shop)
    place.kill()
    _is_gone_on_with(place, shop, told)


def test_a_query_that_ran_at_a_stop_is_left_to_the_next_worker(
    place: Workplace, shop: Shop
) -> None:
    place.close()
    place.environment["VTION_DRAIN_SECONDS"] = "0.2"
    place.start()
    told = _ask_until_it_runs(place, shop)
    server = place.processes.pop()
    server.send_signal(signal.SIGTERM)
    assert server.wait(_PATIENCE_SECONDS) == 0
    server.communicate()
    _is_gone_on_with(place, shop, told)


@pytest.mark.parametrize("node", ["validate_sql", "synthesize_answer"])
def test_the_answer_comes_where_the_result_is_not_lost(
    place: Workplace, shop: Shop, node: str
) -> None:
    before = len(shop.states())
    rest = place.finish(place.ask_until_killed(node, _QUESTION))
    assert rest[-1]["result"]["status"] == "answered"
    assert len(shop.states()) - before == 1


def test_a_lost_result_is_told_and_not_computed_again(place: Workplace, shop: Shop) -> None:
    place.ensure_running()
    before = len(shop.states())
    rest = place.finish(place.ask_until_killed("execute_sql", _QUESTION))
    assert (rest[-1]["type"], rest[-1]["code"]) == ("RUN_ERROR", "interrupted")
    assert len(shop.states()) - before == 1
