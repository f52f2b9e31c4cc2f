"""Bedrock's Converse, and ConverseStream in AWS's binary event stream encoding."""

import json
from binascii import crc32
from struct import pack
from typing import ClassVar

from tests.contract.models.behaviour import Says, words
from tests.contract.models.loopback import Json, Provider

_STRING_HEADER = 7


class BedrockServer(Provider):
    stream_type: ClassVar[str] = "application/vnd.amazon.eventstream"

    def is_stream(self, path: str, body: Json) -> bool:
        assert path.endswith(("/converse", "/converse-stream"))
        return path.endswith("/converse-stream")

    def whole(self, reply: Says, body: Json) -> Json:
        if reply.arguments is None:
            return _message([{"text": reply.text}], "end_turn", reply)
        tools = body.get("toolConfig", {}).get("tools")
        if tools:
            use = {
                "toolUseId": "tooluse_1",
                "name": tools[0]["toolSpec"]["name"],
                "input": reply.arguments,
            }
            return _message([{"toolUse": use}], "tool_use", reply)
        return _message([{"text": json.dumps(reply.arguments)}], "end_turn", reply)

    def pieces(self, reply: Says, body: Json) -> list[bytes]:
        return [
            *self.unfinished(reply.text),
            frame("contentBlockStop", {"contentBlockIndex": 0}),
            frame("messageStop", {"stopReason": "end_turn"}),
            frame("metadata", {"usage": _usage(reply), "metrics": {"latencyMs": 5}}),
        ]

    def unfinished(self, text: str) -> list[bytes]:
        start = frame("messageStart", {"role": "assistant"})
        deltas = (
            frame("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": word}})
            for word in words(text)
        )
        return [start, *deltas]

    def refusal(self, body: Json, is_stream: bool) -> Json | list[bytes]:
        if not is_stream:
            return _message([{"text": "Blocked."}], "guardrail_intervened", Says())
        return [
            frame("messageStart", {"role": "assistant"}),
            frame("messageStop", {"stopReason": "guardrail_intervened"}),
            frame("metadata", {"usage": _usage(Says()), "metrics": {"latencyMs": 5}}),
        ]

    def failure(self, status: int) -> tuple[Json, dict[str, str]]:
        names = {
            429: "ThrottlingException",
            500: "InternalServerException",
            401: "UnrecognizedClientException",
        }
        body = {"message": "key AKIAABCDEFGHIJKLMNOP is wrong"}
        return body, {"x-amzn-ErrorType": names[status]}

    def overflow(self) -> tuple[int, Json, dict[str, str]]:
        body = {"message": "Input is too long for requested model."}
        return 400, body, {"x-amzn-ErrorType": "ValidationException"}


def frame(event: str, payload: Json) -> bytes:
    """Returns one message of the event stream: prelude, headers, payload, both checksums."""
    headers = b"".join(
        _header(name, value)
        for name, value in (
            (":event-type", event),
            (":content-type", "application/json"),
            (":message-type", "event"),
        )
    )
    body = json.dumps(payload).encode()
    prelude = pack("!II", 16 + len(headers) + len(body), len(headers))
    message = prelude + pack("!I", crc32(prelude)) + headers + body
    return message + pack("!I", crc32(message))


def _header(name: str, value: str) -> bytes:
    encoded = value.encode()
    return (
        pack("!B", len(name)) + name.encode() + pack("!BH", _STRING_HEADER, len(encoded)) + encoded
    )


def _message(content: list[Json], stop: str, reply: Says) -> Json:
    return {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": stop,
        "usage": _usage(reply),
        "metrics": {"latencyMs": 5},
    }


def _usage(reply: Says) -> Json:
    """Bedrock counts cached tokens beside the input, not within it."""
    return {
        "inputTokens": reply.tokens_in - reply.tokens_cached,
        "outputTokens": reply.tokens_out,
        "totalTokens": reply.tokens_in + reply.tokens_out,
        "cacheReadInputTokens": reply.tokens_cached,
        "cacheWriteInputTokens": 0,
    }
