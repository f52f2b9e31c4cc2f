"""An OpenAI-compatible server on loopback, for models that are a function of their prompt."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@contextmanager
def loopback_model(reply: Callable[[str], str]) -> Iterator[str]:
    """Serves the model; yields the base URL."""
    server = _Server(reply)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    def __init__(self, reply: Callable[[str], str]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reply = reply


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        content = self.server.reply("\n".join(_text(m["content"]) for m in request["messages"]))
        if request.get("stream"):
            self._send("text/event-stream", _stream(content))
        else:
            self._send("application/json", json.dumps(_whole(content)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name it has
        """Says nothing."""

    def _send(self, kind: str, body: str) -> None:
        encoded = body.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)


def _text(content: str | list[dict[str, Any]]) -> str:
    return content if isinstance(content, str) else "\n".join(str(p.get("text")) for p in content)


def _whole(content: str) -> dict[str, object]:
    message = {"role": "assistant", "content": content}
    return {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": "stand-in",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }


def _stream(content: str) -> str:
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "stand-in"}
    choices = [
        {"index": 0, "delta": {"role": "assistant", "content": content}, "finish_reason": None},
        {"index": 0, "delta": {}, "finish_reason": "stop"},
    ]
    events = [f"data: {json.dumps({**chunk, 'choices': [choice]})}\n\n" for choice in choices]
    return "".join(events) + "data: [DONE]\n\n"
