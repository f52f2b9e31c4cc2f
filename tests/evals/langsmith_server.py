"""A LangSmith on loopback: keeps what the real client sends."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

_NOW = "2026-11-26T00:00:00+00:00"


@dataclass
class Kept:
    """What was uploaded."""

    url: str = ""
    datasets: dict[str, dict[str, Any]] = field(default_factory=dict)
    examples: list[dict[str, Any]] = field(default_factory=list)
    projects: list[dict[str, Any]] = field(default_factory=list)
    runs: list[dict[str, Any]] = field(default_factory=list)
    feedback: list[dict[str, Any]] = field(default_factory=list)
    everything: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)


class _Server(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.kept = Kept(url=f"http://127.0.0.1:{self.server_port}")


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        name = re.search(r"name=([^&]+)", self.path)
        if self.path.startswith("/datasets") and name:
            held = self.server.kept.datasets.get(name.group(1))
            self._send([held] if held else [])
        elif self.path.startswith("/info"):
            self._send({"version": "0.15", "instance_flags": {}})
        else:
            self._send([])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.kept.everything.append(body)
        self.server.kept.keys.add(str(self.headers.get("x-api-key")))
        self._send(self._keep(body, self.server.kept))

    def _keep(self, body: str, kept: Kept) -> object:
        if "/examples" in self.path:
            parts = json.loads(body)
            kept.examples.extend(parts)
            return [{"id": str(part.get("id", uuid4()))} for part in parts]
        content = json.loads(body)
        made = {"id": str(uuid4()), "created_at": _NOW, "start_time": _NOW, **content}
        if self.path.startswith("/datasets"):
            kept.datasets[content["name"]] = made
        elif self.path.startswith("/sessions"):
            kept.projects.append(content)
            made["tenant_id"] = str(uuid4())
        else:
            (kept.feedback if self.path.startswith("/feedback") else kept.runs).append(content)
        return made

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name it has
        """Says nothing."""

    def _send(self, content: object) -> None:
        encoded = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)


@contextmanager
def langsmith_server() -> Iterator[Kept]:
    """Serves until the end of the block."""
    server = _Server()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
