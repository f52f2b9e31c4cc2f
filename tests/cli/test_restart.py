"""A server that is killed starts again, and the conversation goes on."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.shop import write_shop

_VTION = Path(sys.executable).parent / "vtion"


@contextmanager
def _server(environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(  # noqa: S603 our own command
        [str(_VTION), "serve", "--port", str(port)],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _wait_until_up(port)
        yield process
    finally:
        process.kill()
        process.communicate()


def _wait_until_up(port: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            httpx.get(f"http://127.0.0.1:{port}/healthz")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server did not start")


def _ask(port: int, question: str, thread_id: str) -> dict[str, str]:
    response = httpx.post(
        f"http://127.0.0.1:{port}/query",
        json={"question": question, "thread_id": thread_id},
        headers={"Accept": "application/json"},
        timeout=120,
    )
    return dict(response.json())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_thread_goes_on_after_the_server_was_killed(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "VTION_WAREHOUSE": f"duckdb://{write_shop(tmp_path / 'data')}",
        "VTION_CONTEXT": str(tmp_path / "context"),
        "VTION_STATE": f"sqlite:///{tmp_path / 'state.sqlite'}",
    }
    subprocess.run([str(_VTION), "context", "build"], env=environment, check=True)  # noqa: S603
    port = _free_port()
    with _server(environment, port) as process:
        assert _ask(port, "How many orders are there per category?", "t")["status"] == "answered"
        process.send_signal(signal.SIGKILL)
        process.wait()
    with _server(environment, port):
        follow_up = _ask(port, "and by product name?", "t")
    assert follow_up["status"] == "answered"
    assert re.search("Tea|Coffee|Sugar|Rice", json.dumps(follow_up))
