"""`kill -9` in any node: the run goes on at the next worker, and no statement runs twice."""

from collections import Counter
from contextlib import suppress

import httpx
import pytest

from tests.durability.conftest import Event, Workplace

_QUESTION = "How many orders are there?"
_ANSWERED_BY = (
    "retrieve_context", "draft_sql", "validate_sql", "execute_sql", "cross_check", "aggregate_rows",
    "synthesize_answer", "verify_answer", "record_run",
)  # fmt: skip
_ON_POSTGRES = ("retrieve_context", "execute_sql", "synthesize_answer")


def _rest(place: Workplace, told: list[Event]) -> list[Event]:
    """Starts the next server and returns what the client gets that comes back."""
    rest = place.finish(told)
    started = Counter(e["stepName"] for e in (*told, *rest) if e["type"] == "STEP_STARTED")
    assert started["record_run"] >= 1
    return rest


def _only_record(place: Workplace, run_id: str) -> Event:
    runs = place.get("/admin/runs")["runs"]
    (record,) = [run for run in runs if run["run_id"] == run_id]
    return dict(record)


@pytest.mark.parametrize(
    ("state", "node"),
    [*(("sqlite", node) for node in _ANSWERED_BY), *(("postgres", node) for node in _ON_POSTGRES)],
    indirect=["state"],
)
def test_an_answer_comes_after_all_and_nothing_runs_twice(workplace: Workplace, node: str) -> None:
    before = len(workplace.statements())
    told = workplace.ask_until_killed(node, {"question": _QUESTION})
    rest = _rest(workplace, told)
    assert rest[-1]["result"]["text"] == "There are **1,200** orders."
    assert rest[-1]["result"]["receipt"]["true_row_count"] == 1
    assert len(workplace.statements()) - before == 1
    record = _only_record(workplace, told[0]["runId"])
    assert (record["status"], record["error_code"]) == ("answered", "")
    thread = workplace.get(f"/threads/{told[0]['threadId']}")
    assert [turn["status"] for turn in thread["turns"]] == ["answered"]


def test_a_refusal_is_told_after_all(workplace: Workplace) -> None:
    before = len(workplace.statements())
    told = workplace.ask_until_killed("explain_refusal", {"question": "What is the weather?"})
    rest = _rest(workplace, told)
    assert rest[-1]["result"]["status"] == "refused"
    assert len(workplace.statements()) == before
    assert _only_record(workplace, told[0]["runId"])["status"] == "refused"


def test_a_choice_is_not_lost(workplace: Workplace) -> None:
    before = len(workplace.statements())
    workplace.ensure_running()
    asked = workplace.read("POST", "/query", json={"question": "How many things are there?"})
    thread_id = asked[0]["threadId"]
    choice = {"thread_id": thread_id, "resume": {"option_id": "1"}}
    told = workplace.ask_until_killed("clarify", choice)
    rest = _rest(workplace, told)
    assert rest[-1]["result"]["status"] == "answered"
    assert len(workplace.statements()) - before == 1
    assert _only_record(workplace, asked[0]["runId"])["status"] == "answered"


def test_a_statement_that_runs_at_athena_is_waited_for(workplace: Workplace) -> None:
    workplace.ensure_running()
    before = len(workplace.statements())
    workplace.athena.faults.slow_seconds = 4
    try:
        told = workplace.ask_until_submitted(_QUESTION)
        workplace.kill()
        assert workplace.statements()[0].state in ("QUEUED", "RUNNING")
        rest = _rest(workplace, told)
    finally:
        workplace.athena.faults.clear()
    assert rest[-1]["result"]["status"] == "answered"
    assert len(workplace.statements()) - before == 1
    assert workplace.statements()[0].state == "SUCCEEDED"


def test_a_run_that_two_workers_did_not_outlive_ends(workplace: Workplace) -> None:
    told = workplace.ask_until_killed("draft_sql", {"question": _QUESTION})
    workplace.armed.write_text("draft_sql")
    with suppress(httpx.TransportError, AssertionError):
        workplace.start()
    workplace.wait_for_death()
    workplace.start()
    rest = workplace.follow(told[0]["runId"], told[-1]["id"])
    assert (rest[-1]["type"], rest[-1]["code"]) == ("RUN_ERROR", "interrupted")
    record = _only_record(workplace, told[0]["runId"])
    assert (record["status"], record["error_code"]) == ("failed", "interrupted")
    # The conversation is free again.
    body = {"question": _QUESTION, "thread_id": told[0]["threadId"]}
    again = workplace.read("POST", "/query", json=body)
    assert again[-1]["result"]["status"] == "answered"
