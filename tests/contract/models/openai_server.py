"""OpenAI's chat completions: JSON, tool calls, and server-sent events."""

import json
from typing import Any, ClassVar

from tests.contract.models.behaviour import Says, words
from tests.contract.models.loopback import Json, Provider

_ID = {"id": "chatcmpl-1", "created": 1, "model": "gpt-test"}


class OpenAiServer(Provider):
    prefix: ClassVar[str] = "/v1"

    def is_stream(self, path: str, body: Json) -> bool:
        assert path == "/v1/chat/completions"
        return bool(body.get("stream"))

    def whole(self, reply: Says, body: Json) -> Json:
        message: Json = {"role": "assistant", "content": reply.text, "refusal": None}
        finish = "stop"
        if reply.arguments is not None and body.get("tools"):
            message["content"] = None
            message["tool_calls"] = [
                {
                    "id": "call_1",
                    "type": "function",
                    "function": {
                        "name": body["tools"][0]["function"]["name"],
                        "arguments": json.dumps(reply.arguments),
                    },
                }
            ]
            finish = "tool_calls"
        elif reply.arguments is not None:
            message["content"] = json.dumps(reply.arguments)
        return _completion(message, finish, reply)

    def pieces(self, reply: Says, body: Json) -> list[bytes]:
        end = [_event({"choices": [_delta({}, "stop")]})]
        if body.get("stream_options", {}).get("include_usage"):
            end.append(_event({"choices": [], "usage": _usage(reply)}))
        return [*self.unfinished(reply.text), *end, b"data: [DONE]\n\n"]

    def unfinished(self, text: str) -> list[bytes]:
        first = _event({"choices": [_delta({"role": "assistant", "content": ""})]})
        return [first, *(_event({"choices": [_delta({"content": w})]}) for w in words(text))]

    def refusal(self, body: Json, is_stream: bool) -> Json | list[bytes]:
        if is_stream:
            return [_event({"choices": [_delta({}, "content_filter")]}), b"data: [DONE]\n\n"]
        message: Json = {"role": "assistant", "content": None, "refusal": "I cannot help."}
        return _completion(message, "stop", Says())

    def failure(self, status: int) -> tuple[Json, dict[str, str]]:
        error = {"message": "key sk-abcdefgh12345678 is wrong", "type": "error", "code": None}
        return {"error": error}, {}

    def overflow(self) -> tuple[int, Json, dict[str, str]]:
        error = {
            "message": "This model's maximum context length is 8192 tokens.",
            "type": "invalid_request_error",
            "code": "context_length_exceeded",
        }
        return 400, {"error": error}, {}


def _completion(message: Json, finish: str, reply: Says) -> Json:
    choice = {"index": 0, "message": message, "finish_reason": finish, "logprobs": None}
    return {**_ID, "object": "chat.completion", "choices": [choice], "usage": _usage(reply)}


def _delta(delta: Json, finish: str | None = None) -> Json:
    return {"index": 0, "delta": delta, "finish_reason": finish}


def _usage(reply: Says) -> Json:
    return {
        "prompt_tokens": reply.tokens_in,
        "completion_tokens": reply.tokens_out,
        "total_tokens": reply.tokens_in + reply.tokens_out,
        "prompt_tokens_details": {"cached_tokens": reply.tokens_cached},
    }


def _event(content: dict[str, Any]) -> bytes:
    chunk = {**_ID, "object": "chat.completion.chunk", **content}
    return f"data: {json.dumps(chunk)}\n\n".encode()
