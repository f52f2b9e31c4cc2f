"""A stand-in for a chat model: an OpenAI-compatible server on loopback that obeys its prompt.

It knows the shop's questions, and writes a period as the rule in the prompt says. Without the
rule it falls into the habit that models have: BETWEEN, both ends included.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DATE_RULE = "Periods are half-open: column >= start AND column < end."

_MONTHS = {"January": 1, "February": 2, "March": 3}
_SELECT = {
    "How many orders": "SELECT COUNT(*) AS orders FROM orders",
    "What was the total amount": "SELECT SUM(amount) AS total FROM orders",
    "What was the average amount": "SELECT AVG(CAST(amount AS DOUBLE)) AS average FROM orders",
    "What was the largest amount": "SELECT MAX(amount) AS largest FROM orders",
    "How many customers ordered": "SELECT COUNT(DISTINCT customer_id) AS buyers FROM orders",
    "How many products": "SELECT COUNT(*) AS products FROM products",
}
_QUESTION = re.compile(r"<question>\s*(.*?)\s*</question>", re.DOTALL)


@contextmanager
def stand_in_model() -> Iterator[str]:
    """Serves the model; yields the base URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        prompt = "\n".join(_text(message["content"]) for message in request["messages"])
        content = _reply(prompt)
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


def _reply(prompt: str) -> str:
    if "You write SQL" not in prompt:
        return "The figure stands in the result."
    question = _QUESTION.findall(prompt)[-1]
    select = next(sql for words, sql in _SELECT.items() if question.startswith(words))
    month = next((number for name, number in _MONTHS.items() if name in question), None)
    if month is not None:
        start, end = date(2026, month, 1).isoformat(), date(2026, month + 1, 1).isoformat()
        if DATE_RULE in prompt:
            select += f" WHERE order_date >= DATE '{start}' AND order_date < DATE '{end}'"
        else:
            select += f" WHERE order_date BETWEEN DATE '{start}' AND DATE '{end}'"
    return json.dumps({"sql": select, "assumptions": [], "confidence": 0.9})


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
