"""LangSmith gets traces while its key is set, and not a byte without one."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import langsmith.utils
import pytest
import yaml

from cli.context import ensure_context
from domain.answer import AnswerStatus
from graph.asked import Asked
from graph.service import open_service
from settings.settings import Settings
from tests.shop import write_shop

_INFO: dict[str, object] = {
    "batch_ingest_config": {
        "use_multipart_endpoint": False,
        "scale_up_qsize_trigger": 1000,
        "scale_up_nthreads_limit": 4,
        "scale_down_nempty_trigger": 4,
        "size_limit": 100,
        "size_limit_bytes": 20_971_520,
    }
}


class _Collector(BaseHTTPRequestHandler):
    bodies: ClassVar[list[bytes]] = []
    keys: ClassVar[list[str]] = []

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Keeps quiet."""

    def do_GET(self) -> None:
        self._reply(_INFO)

    def do_POST(self) -> None:
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.keys.append(self.headers.get("x-api-key", ""))
        self._reply({})

    def _reply(self, body: dict[str, object]) -> None:
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _forget_environment() -> None:
    """LangSmith keeps what it once read of the environment."""
    vars(langsmith.utils)["get_env_var"].cache_clear()


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Collector]]:
    _Collector.bodies.clear()
    _Collector.keys.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Collector)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    monkeypatch.setenv("LANGSMITH_ENDPOINT", f"http://127.0.0.1:{server.server_address[1]}")
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    _forget_environment()
    yield _Collector
    server.shutdown()
    server.server_close()
    thread.join()
    _forget_environment()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    data = write_shop(tmp_path / "data")
    script = tmp_path / "script.yaml"
    lines = [
        {"when": "You write SQL", "reply": '{"sql": "SELECT COUNT(*) AS n FROM orders"}'},
        {"when": "You write the answer", "reply": "There are 1,200 orders."},
    ]
    script.write_text(yaml.safe_dump(lines))
    settings = Settings(
        warehouse=f"duckdb://{data}",
        context=tmp_path / "context",
        state="sqlite:///:memory:",
        llm=f"scripted:{script}",
    )
    ensure_context(settings)
    return settings


async def _ask(settings: Settings) -> tuple[str, AnswerStatus]:
    asked = Asked(question="How many orders are there?")
    async with open_service(settings) as (service, runner):
        async for _ in runner.run(asked):
            pass
        record = await service.run_store.record(asked.run_id)
    assert record is not None
    return asked.run_id, record.status


async def test_with_a_key_a_trace_names_run_and_prompt_versions(
    settings: Settings, collector: type[_Collector], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGSMITH_API_KEY", "lsv2_test_key")
    run_id, status = await _ask(settings)
    assert status == "answered"
    sent = b"".join(collector.bodies).decode()
    assert run_id in sent
    assert '"prompt_version":"v1"' in sent.replace(" ", "")
    assert "synthesize_answer" in sent
    assert set(collector.keys) == {"lsv2_test_key"}


async def test_without_a_key_nothing_is_sent_and_nothing_fails(
    settings: Settings, collector: type[_Collector], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LANGSMITH_API_KEY", raising=False)
    _, status = await _ask(settings)
    assert status == "answered"
    assert collector.bodies == []
