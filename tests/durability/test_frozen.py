"""A worker that stands still for longer than its lease, and then goes on: it has lost its runs."""

import signal
import time

import httpx
import pytest

from tests.durability.conftest import Workplace

_QUESTION = "How many orders are there?"


@pytest.mark.parametrize("state", ["postgres"], indirect=True)
def test_what_goes_on_elsewhere_is_left_alone(workplace: Workplace) -> None:
    workplace.ensure_running()
    frozen, its_url = workplace.processes[0], workplace.base_url
    before = len(workplace.statements())
    workplace.athena.faults.slow_seconds = 4
    try:
        told = workplace.ask_until_submitted(_QUESTION)
        frozen.send_signal(signal.SIGSTOP)
        workplace.start()
        rest = workplace.follow(told[0]["runId"], told[-1]["id"])
    finally:
        frozen.send_signal(signal.SIGCONT)
        workplace.athena.faults.clear()
    assert rest[-1]["result"]["status"] == "answered"
    while httpx.get(f"{its_url}/readyz", timeout=60).json()["runs"]:
        time.sleep(0.05)
    path = f"/runs/{told[0]['runId']}/events"
    again = httpx.get(its_url + path, headers={"Last-Event-ID": str(told[-1]["id"])}, timeout=60)
    assert '"outcome":{"type":"success"}' in again.text
    assert workplace.get(f"/runs/{told[0]['runId']}")["status"] == "answered"
    assert sum(line["runs"] for line in workplace.get("/admin/usage")["usage"]) == 1
    assert len(workplace.statements()) - before == 1


@pytest.mark.parametrize("state", ["postgres"], indirect=True)
def test_the_statement_of_a_run_that_goes_on_elsewhere_is_not_stopped(workplace: Workplace) -> None:
    workplace.ensure_running()
    frozen = workplace.processes[0]
    before = len(workplace.statements())
    workplace.athena.faults.slow_seconds = 4
    try:
        told = workplace.ask_until_submitted(_QUESTION)
        frozen.send_signal(signal.SIGSTOP)
        workplace.start()
        path = f"/runs/{told[0]['runId']}/events"
        headers = {"Last-Event-ID": str(told[-1]["id"])}
        taken = workplace.read("GET", path, until=lambda event: True, headers=headers)
        assert taken[0]["id"] > told[-1]["id"]
        frozen.send_signal(signal.SIGCONT)
        rest = workplace.follow(told[0]["runId"], taken[-1]["id"])
    finally:
        workplace.athena.faults.clear()
    assert rest[-1]["result"]["status"] == "answered"
    assert len(workplace.statements()) - before == 1
    assert workplace.statements()[0].state == "SUCCEEDED"


@pytest.mark.parametrize("state", ["sqlite"], indirect=True)
def test_a_stop_leaves_the_statement_to_the_next_worker(workplace: Workplace) -> None:
    workplace.environment["VTION_DRAIN_SECONDS"] = "0.2"
    workplace.ensure_running()
    before = len(workplace.statements())
    workplace.athena.faults.slow_seconds = 4
    try:
        told = workplace.ask_until_submitted(_QUESTION)
        server = workplace.processes.pop()
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 0
        server.communicate()
        rest = workplace.finish(told)
    finally:
        workplace.athena.faults.clear()
    assert rest[-1]["result"]["status"] == "answered"
    assert len(workplace.statements()) - before == 1
