"""One workplace for all: the shop on a loopback Athena, a scripted model, a state database."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from cli.context import ensure_context
from dev_athena.execution import Execution
from dev_athena.server import AthenaServer
from settings.settings import Settings
from tests.api.stream import parse_block
from tests.contract.athena_server import serve_athena, upload, url_of
from tests.contract.conftest import credentials
from tests.postgres import new_database
from tests.run_store.conftest import postgres
from tests.shop import write_shop

__all__ = ["credentials", "postgres"]

Event = dict[str, Any]
_PROGRAM = Path(__file__).with_name("killed_server.py")
_START_SECONDS = 240
_PATIENCE_SECONDS = 120
_COUNT = '{"sql": "SELECT COUNT(*) AS orders FROM orders", "confidence": 0.9}'
_WHICH = (
    '{"question": "Which?", "options": [{"label": "All", "effect": "every order"},'
    ' {"label": "Drinks"}]}'
)
SCRIPT = [
    {"when": "All (every order)", "reply": _COUNT, "repeat": True},
    {"when": "How many things", "reply": _WHICH, "repeat": True},
    {"when": "the weather", "reply": '{"cannot_answer": "No weather here."}', "repeat": True},
    {"when": "You write SQL", "reply": _COUNT, "repeat": True},
    {"when": "You write the answer", "reply": "There are **1,200** orders.", "repeat": True},
]


@dataclass
class Workplace:
    """Starts, kills and asks one server at a time."""

    athena: AthenaServer
    environment: dict[str, str]
    armed: Path
    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    base_url: str = ""

    def start(self) -> None:
        """Starts a server and waits until it is ready."""
        server = subprocess.Popen(  # noqa: S603 our own program
            [sys.executable, str(_PROGRAM), str(self.armed)],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert server.stdout is not None
        self.processes.append(server)
        self.base_url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        deadline = time.monotonic() + _START_SECONDS
        while not self._is_ready():
            assert time.monotonic() < deadline
            assert server.poll() is None
            time.sleep(0.05)

    def kill(self) -> None:
        """Ends the server that runs, as an operator's last resort would."""
        server = self.processes.pop()
        server.send_signal(signal.SIGKILL)
        server.communicate()

    def wait_for_death(self) -> None:
        """Waits until the server has killed itself."""
        server = self.processes.pop()
        assert server.wait(_PATIENCE_SECONDS) == -signal.SIGKILL
        server.communicate()

    def ask_until_killed(self, node: str, body: Mapping[str, object]) -> list[Event]:
        """Asks, with the server dying as it leaves the node; returns what was told until then."""
        self.ensure_running()
        self.armed.write_text(node)
        told = self.read("POST", "/query", json=body)
        self.wait_for_death()
        assert told[-1]["type"] not in ("RUN_FINISHED", "RUN_ERROR")
        assert not self.armed.exists()
        return told

    def ensure_running(self) -> None:
        """Starts a server where none runs."""
        if not self.processes:
            self.start()

    def read(
        self,
        method: str,
        path: str,
        until: Callable[[Event], bool] = lambda _: False,
        **fields: Any,  # noqa: ANN401 - as httpx's own
    ) -> list[Event]:
        """Returns a stream's events up to its end, its cut, or the event that is waited for."""
        events: list[Event] = []
        try:
            with httpx.stream(
                method, self.base_url + path, timeout=_PATIENCE_SECONDS, **fields
            ) as response:
                assert response.status_code == 200, response.read()
                text = ""
                for piece in response.iter_text():
                    *blocks, text = (text + piece).split("\n\n")
                    for block in blocks:
                        if not block.startswith(":"):
                            events.append(parse_block(block))
                            if until(events[-1]):
                                return events
        except httpx.TransportError:
            pass
        return events

    def follow(self, run_id: str, after: int) -> list[Event]:
        """Returns the rest of a run, as a client that comes back reads it."""
        headers = {"Last-Event-ID": str(after)}
        return self.read("GET", f"/runs/{run_id}/events", headers=headers)

    def finish(self, told: list[Event]) -> list[Event]:
        """Starts the next server and returns what the client gets that comes back."""
        self.start()
        rest = self.follow(told[0]["runId"], told[-1]["id"])
        numbers = [event["id"] for event in (*told, *rest)]
        assert numbers == sorted(set(numbers))
        return rest

    def get(self, path: str) -> Any:  # noqa: ANN401 - any JSON
        """Returns the body of a GET."""
        return httpx.get(self.base_url + path, timeout=_PATIENCE_SECONDS).json()

    def statements(self) -> list[Execution]:
        """Returns every statement that was run at Athena, those that are planned only left out."""
        return [one for one in self.athena.executions.all() if not one.is_explain]

    def ask_until_submitted(self, question: str) -> list[Event]:
        """Asks, and returns what was told once a statement is at Athena."""
        before = len(self.statements())
        told = self.read(
            "POST",
            "/query",
            until=lambda event: event.get("stepName") == "execute_sql",
            json={"question": question},
        )
        while len(self.statements()) == before:
            time.sleep(0.02)
        return told

    def close(self) -> None:
        """Ends what runs."""
        while self.processes:
            self.kill()

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.base_url}/readyz").status_code == 200
        except httpx.TransportError:
            return False


@pytest.fixture(scope="session")
def athena(credentials: None) -> Iterator[AthenaServer]:
    """A loopback Athena."""
    with serve_athena() as server:
        yield server


@pytest.fixture(scope="session")
def shop_on_athena(
    athena: AthenaServer, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Returns the environment of a service over the shop on Athena, with a scripted model."""
    folder = tmp_path_factory.mktemp("shop")
    asyncio.run(upload(athena, write_shop(folder / "data"), "shop"))
    warehouse, context = url_of(athena, "shop"), folder / "context"
    ensure_context(Settings(warehouse=warehouse, context=context))
    script = folder / "script.yaml"
    script.write_text(yaml.safe_dump(SCRIPT))
    return {
        **os.environ,
        "PYTHONPATH": str(Path.cwd()),
        "VTION_WAREHOUSE": warehouse,
        "VTION_CONTEXT": str(context),
        "VTION_LLM": f"scripted:{script}",
        "VTION_LOG_LEVEL": "ERROR",
        "VTION_LEASE_SECONDS": "0.6",
    }


@pytest.fixture(scope="module")
def state(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Returns the URL of an empty state database, in a file unless a test names Postgres."""
    if getattr(request, "param", "sqlite") == "postgres":
        return new_database(request.getfixturevalue("postgres"))
    return f"sqlite:///{tmp_path_factory.mktemp('state') / 'state.sqlite'}"


@pytest.fixture(scope="module")
def workplace(
    athena: AthenaServer,
    shop_on_athena: dict[str, str],
    state: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Workplace]:
    """A workplace over a state database."""
    environment = {**shop_on_athena, "VTION_STATE": state}
    place = Workplace(athena, environment, tmp_path_factory.mktemp("armed") / "node")
    yield place
    place.close()
