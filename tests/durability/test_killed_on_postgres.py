"""`kill -9` over a warehouse that cannot say what came of a statement: it is never sent twice.

Counted in Postgres' own log. The table is a view with a gate: who closes it has statements wait.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import yaml

from cli.context import ensure_context
from settings.settings import Settings
from tests.durability.conftest import SCRIPT, Event, Workplace
from tests.postgres import new_database

_QUESTION = {"question": "How many orders are there?"}
_PATIENCE_SECONDS = 60
_BEFORE_IT_RUNS = ("retrieve_context", "draft_sql", "validate_sql")
_BEFORE_IT_IS_ROLLED_UP = ("execute_sql", "aggregate_rows")
_ONCE_IT_IS_ROLLED_UP = ("synthesize_answer", "verify_answer", "record_run")
_GATE = 42
_TABLES = f"""
    CREATE TABLE orders_kept AS SELECT i AS order_id, 10 + i % 7 AS amount
        FROM generate_series(1, 1200) g(i);
    CREATE FUNCTION pass_gate() RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
        BEGIN PERFORM pg_advisory_xact_lock_shared({_GATE}); RETURN true; END $$;
    CREATE VIEW orders AS SELECT * FROM orders_kept WHERE pass_gate();
    ALTER SYSTEM SET log_statement = 'all';
    SELECT pg_reload_conf();
"""


class Shop:
    """A database of a Postgres server."""

    def __init__(self, url: str) -> None:
        self.url = url
        with psycopg.connect(url, autocommit=True) as connection:
            for command in _TABLES.split(";\n"):
                connection.execute(command)

    def submitted(self) -> int:
        """Counts the statements of questions that the server was sent; plans do not count."""
        with psycopg.connect(self.url) as connection:
            (log,) = connection.execute("SELECT pg_read_file('log')").fetchone() or ("",)
        return sum("statement: SELECT COUNT" in line for line in str(log).splitlines())

    @contextmanager
    def gate_closed(self) -> Iterator[None]:
        """Has statements wait meanwhile."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"SELECT pg_advisory_lock({_GATE})")
            yield

    def waiting(self) -> int:
        """Counts the statements that wait before the gate."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT COUNT%'"
                " AND wait_event = 'advisory'"
            ).fetchone()
        assert row is not None
        return int(row[0])

    def wait_until_submitted(self, count: int) -> None:
        """Waits until so many statements were sent."""
        _wait_until(lambda: self.submitted() >= count)


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _newest(place: Workplace) -> dict[str, Any]:
    entry: dict[str, Any] = place.get("/admin/runs?limit=1")["runs"][0]
    return entry


@pytest.fixture(scope="module")
def shop(postgres: str) -> Shop:
    """A shop in Postgres."""
    return Shop(new_database(postgres))


@pytest.fixture(scope="module")
def on_postgres(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Returns the environment of a service over it."""
    folder = tmp_path_factory.mktemp("postgres")
    ensure_context(Settings(warehouse=shop.url, context=folder / "context"))
    script = folder / "script.yaml"
    script.write_text(yaml.safe_dump(SCRIPT))
    return {
        **os.environ,
        "PYTHONPATH": str(Path.cwd()),
        "VTION_WAREHOUSE": shop.url,
        "VTION_CONTEXT": str(folder / "context"),
        "VTION_LLM": f"scripted:{script}",
        "VTION_LLM_CROSS_CHECK": "off",
        "VTION_LOG_LEVEL": "ERROR",
        "VTION_LEASE_SECONDS": "0.6",
    }


@pytest.fixture(scope="module")
def place(
    on_postgres: dict[str, str], state: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workplace]:
    """A workplace over a state database."""
    environment = {**on_postgres, "VTION_STATE": state}
    found = Workplace(None, environment, tmp_path_factory.mktemp("armed") / "node")  # type: ignore[arg-type]
    yield found
    found.close()


def _ask_until_submitted(place: Workplace, shop: Shop) -> list[Event]:
    before = shop.submitted()
    told = place.read(
        "POST",
        "/query",
        until=lambda event: event.get("stepName") == "execute_sql",
        json=_QUESTION,
    )
    shop.wait_until_submitted(before + 1)
    return told


def _is_lost(rest: list[Event]) -> bool:
    end = rest[-1]
    return (end["type"], end.get("code")) == ("RUN_ERROR", "interrupted")


@pytest.mark.parametrize(
    ("state", "node"),
    [
        *(("sqlite", node) for node in (*_BEFORE_IT_RUNS, *_ONCE_IT_IS_ROLLED_UP)),
        ("postgres", "validate_sql"),
        ("postgres", "synthesize_answer"),
    ],
    indirect=["state"],
)
def test_the_answer_comes_where_the_result_is_not_lost(
    place: Workplace, shop: Shop, node: str
) -> None:
    before = shop.submitted()
    rest = place.finish(place.ask_until_killed(node, _QUESTION))
    assert rest[-1]["result"]["text"] == "There are **1,200** orders."
    assert shop.submitted() - before == 1


@pytest.mark.parametrize(
    ("state", "node"),
    [*(("sqlite", node) for node in _BEFORE_IT_IS_ROLLED_UP), ("postgres", "execute_sql")],
    indirect=["state"],
)
def test_a_lost_result_is_told_and_not_computed_again(
    place: Workplace, shop: Shop, node: str
) -> None:
    before = shop.submitted()
    rest = place.finish(place.ask_until_killed(node, _QUESTION))
    assert _is_lost(rest)
    assert shop.submitted() - before == 1


@pytest.mark.parametrize("state", ["sqlite", "postgres"], indirect=True)
def test_a_statement_that_ran_at_the_kill_is_not_sent_again_unless_asked(
    place: Workplace, shop: Shop
) -> None:
    place.ensure_running()
    before = shop.submitted()
    with shop.gate_closed():
        told = _ask_until_submitted(place, shop)
        place.kill()
        rest = place.finish(told)
    assert _is_lost(rest)
    entry = place.get(f"/runs/{told[0]['runId']}")
    assert (entry["status"], entry["error_code"]) == ("failed", "interrupted")
    assert shop.submitted() - before == 1
    again = place.read("POST", "/query", json={**_QUESTION, "thread_id": told[0]["threadId"]})
    assert again[-1]["result"]["status"] == "answered"
    assert shop.submitted() - before == 2


@pytest.mark.parametrize("state", ["sqlite"], indirect=True)
def test_a_statement_that_a_stop_ended_for_sure_runs_at_the_next_worker(
    place: Workplace, shop: Shop
) -> None:
    place.close()
    place.environment["VTION_DRAIN_SECONDS"] = "0.2"
    place.start()
    before = shop.submitted()
    with shop.gate_closed():
        told = _ask_until_submitted(place, shop)
        server = place.processes.pop()
        server.send_signal(signal.SIGTERM)
        assert server.wait(_PATIENCE_SECONDS) == 0
        server.communicate()
        assert shop.waiting() == 0
    rest = place.finish(told)
    assert rest[-1]["result"]["status"] == "answered"
    assert shop.submitted() - before == 2


@pytest.mark.parametrize("state", ["postgres"], indirect=True)
def test_a_worker_that_thaws_before_it_submits_sends_nothing(place: Workplace, shop: Shop) -> None:
    place.ensure_running()
    frozen, its_url = place.processes[0], place.base_url
    before = shop.submitted()
    place.armed.write_text("freeze validate_sql")
    with ThreadPoolExecutor(1) as threads:
        asking = threads.submit(place.read, "POST", "/query", json=_QUESTION)
        try:
            _wait_until(lambda: not place.armed.exists())
            place.start()
            _wait_until(lambda: _newest(place)["status"] != "running")
            entry = _newest(place)
            assert (entry["status"], shop.submitted() - before) == ("answered", 1)
        finally:
            frozen.send_signal(signal.SIGCONT)
        told = asking.result()
    assert (told[-1]["type"], told[-1]["code"]) == ("RUN_ERROR", "restarting")
    _wait_until(lambda: not httpx.get(f"{its_url}/readyz").json()["runs"])
    assert shop.submitted() - before == 1
    assert place.get(f"/runs/{entry['run_id']}")["status"] == "answered"
