"""An HTTP server on loopback that does what a test told it, request by request."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from tests.contract.models.behaviour import (
    Behaviour,
    BreaksOff,
    Fails,
    Garbles,
    Hangs,
    Overflows,
    Refuses,
    Says,
    StopsShort,
)

Json = dict[str, Any]


class Provider:
    """One provider's protocol. Subclasses say how each behaviour looks on its wire."""

    prefix: ClassVar[str] = ""

    def __init__(self) -> None:
        self.plan: list[Behaviour] = []
        self.requests: list[Json] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.released = threading.Event()
        self.url = ""

    def will(self, *behaviours: Behaviour) -> None:
        """Plans the next replies, one a request."""
        self.plan.extend(behaviours)

    def is_stream(self, path: str, body: Json) -> bool:
        """Returns whether the reply is to be streamed."""
        raise NotImplementedError

    def whole(self, reply: Says, body: Json) -> Json:
        """Returns the body of a whole reply."""
        raise NotImplementedError

    def pieces(self, reply: Says, body: Json) -> list[bytes]:
        """Returns the pieces of a streamed reply, its end included."""
        raise NotImplementedError

    def unfinished(self, text: str) -> list[bytes]:
        """Returns the pieces of a streamed reply without its end."""
        raise NotImplementedError

    def refusal(self, body: Json, is_stream: bool) -> Json | list[bytes]:
        """Returns what a declined request is answered with."""
        raise NotImplementedError

    def failure(self, status: int) -> tuple[Json, dict[str, str]]:
        """Returns body and headers of an error."""
        raise NotImplementedError

    def overflow(self) -> tuple[int, Json, dict[str, str]]:
        """Returns the error for a prompt that is too long."""
        raise NotImplementedError

    stream_type: ClassVar[str] = "text/event-stream"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    provider: Provider

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Keeps quiet."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        provider = self.provider
        provider.requests.append(body)
        provider.paths.append(self.path)
        provider.headers.append({name.lower(): value for name, value in self.headers.items()})
        self.act(provider.plan.pop(0), body)

    def act(self, behaviour: Behaviour, body: Json) -> None:
        provider, is_stream = self.provider, self.provider.is_stream(self.path, body)
        match behaviour:
            case Says() if is_stream:
                self.send_stream(provider.pieces(behaviour, body))
            case Says():
                self.send_json(200, provider.whole(behaviour, body))
            case Fails():
                self.send_failure(behaviour)
            case Hangs():
                provider.released.wait(20)
                self.close_connection = True
            case BreaksOff() | StopsShort():
                is_ended = isinstance(behaviour, StopsShort)
                self.send_stream(provider.unfinished(behaviour.text), is_ended=is_ended)
            case Garbles():
                self.send_bytes(200, b"<html>gateway says hello</html>", "application/json", {})
            case Refuses():
                self.send_refusal(provider.refusal(body, is_stream))
            case Overflows():
                self.send_json(*provider.overflow())

    def send_failure(self, behaviour: Fails) -> None:
        failure, headers = self.provider.failure(behaviour.status)
        if behaviour.retry_after is not None:
            headers["Retry-After"] = str(behaviour.retry_after)
        self.send_json(behaviour.status, failure, headers)

    def send_refusal(self, refusal: Json | list[bytes]) -> None:
        if isinstance(refusal, list):
            self.send_stream(refusal)
        else:
            self.send_json(200, refusal)

    def send_json(self, status: int, body: Json, headers: dict[str, str] | None = None) -> None:
        self.send_bytes(status, json.dumps(body).encode(), "application/json", headers or {})

    def send_bytes(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_stream(self, pieces: list[bytes], *, is_ended: bool = True) -> None:
        self.send_response(200)
        self.send_header("Content-Type", self.provider.stream_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in pieces:
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            self.wfile.flush()
        if is_ended:
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False


@contextmanager
def serving(provider: Provider) -> Iterator[Provider]:
    """Serves the provider on a free port of loopback."""
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = _Server(("127.0.0.1", 0), handler)
    provider.url = f"http://127.0.0.1:{server.server_address[1]}{provider.prefix}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
