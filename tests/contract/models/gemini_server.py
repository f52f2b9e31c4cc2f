"""Gemini's generateContent and streamGenerateContent with `alt=sse`."""

import json
from typing import ClassVar

from tests.contract.models.behaviour import Says, words
from tests.contract.models.loopback import Json, Provider


class GeminiServer(Provider):
    def is_stream(self, path: str, body: Json) -> bool:
        assert path.startswith("/v1beta/models/")
        return ":streamGenerateContent" in path

    def whole(self, reply: Says, body: Json) -> Json:
        if reply.arguments is None:
            return _response({"text": reply.text}, "STOP", reply)
        if body.get("tools"):
            name = body["tools"][0]["functionDeclarations"][0]["name"]
            call = {"functionCall": {"name": name, "args": reply.arguments}}
            return _response(call, "STOP", reply)
        return _response({"text": json.dumps(reply.arguments)}, "STOP", reply)

    def pieces(self, reply: Says, body: Json) -> list[bytes]:
        return [*self.unfinished(reply.text), _event(_response({"text": ""}, "STOP", reply))]

    def unfinished(self, text: str) -> list[bytes]:
        return [_event(_response({"text": word}, None, None)) for word in words(text)]

    def refusal(self, body: Json, is_stream: bool) -> Json | list[bytes]:
        blocked = {
            "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
            "usageMetadata": {"promptTokenCount": 10, "totalTokenCount": 10},
        }
        return [_event(blocked)] if is_stream else blocked

    def failure(self, status: int) -> tuple[Json, dict[str, str]]:
        names = {429: "RESOURCE_EXHAUSTED", 401: "UNAUTHENTICATED", 500: "INTERNAL"}
        message = "key AIzaSyA1234567890abcdefghijklmnopqrstuvw"
        error = {"code": status, "message": message, "status": names.get(status, "UNKNOWN")}
        return {"error": error}, {}

    def overflow(self) -> tuple[int, Json, dict[str, str]]:
        message = (
            "The input token count (9000) exceeds the maximum number of tokens allowed (8192)."
        )
        error = {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}
        return 400, {"error": error}, {}

    prefix: ClassVar[str] = ""


def _response(part: Json, finish: str | None, reply: Says | None) -> Json:
    candidate: Json = {"content": {"role": "model", "parts": [part]}, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    response: Json = {"candidates": [candidate], "modelVersion": "gemini-test"}
    if reply is not None:
        response["usageMetadata"] = {
            "promptTokenCount": reply.tokens_in,
            "candidatesTokenCount": reply.tokens_out,
            "totalTokenCount": reply.tokens_in + reply.tokens_out,
            "cachedContentTokenCount": reply.tokens_cached,
        }
    return response


def _event(content: Json) -> bytes:
    return f"data: {json.dumps(content)}\r\n\r\n".encode()
