"""`/v1`: an OpenAI-compatible facade over the same runs."""

import time
from collections.abc import AsyncIterator
from typing import Any, Literal

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api.conversations import Conversations
from api.identity.current_user import CurrentUser
from api.problem import problems
from api.routes.query import result_while_connected, stream_response
from api.runs.end_text import text_of
from api.runs.live_run import LiveRun, RunEnd
from api.state import State
from domain.errors import OperatorError, QuestionError, UnavailableError
from domain.run_event import RunFailed
from domain.user import User
from graph.asked import Asked

router = APIRouter(prefix="/v1")
_MODEL = "vtion"
_CHARACTERS_A_CHUNK = 40


class TextPart(BaseModel):
    """A piece of a message; what is no text is left out."""

    type: str
    text: str = ""


class ChatMessage(BaseModel):
    """One message of the conversation so far."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[TextPart] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class ChatRequest(BaseModel):
    """The part of OpenAI's request that has a meaning here; the rest is taken and left."""

    model_config = ConfigDict(extra="ignore")

    model: str = _MODEL
    messages: list[ChatMessage] = Field(min_length=1, max_length=1_000)
    stream: bool = False

    @property
    def said(self) -> list[tuple[str, str]]:
        """Role and text of each message."""
        return [(message.role, message.text) for message in self.messages]


class Model(BaseModel):
    """One model to choose from."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = _MODEL


class ModelList(BaseModel):
    """The models to choose from."""

    object: Literal["list"] = "list"
    data: list[Model]


@router.get("/models")
async def list_models() -> ModelList:
    """Lists the one model: this service."""
    return ModelList(data=[Model(id=_MODEL)])


@router.post(
    "/chat/completions",
    response_model=None,
    responses=problems(404, 409, 422, 429, 500, 503),
)
async def chat_completions(
    body: ChatRequest, request: Request, state: State, user: CurrentUser
) -> Response:
    """Answers the last user message; the messages before it say which conversation goes on."""
    if body.messages[-1].role != "user":
        raise QuestionError("The last message must be the user's.")
    thread_id = state.conversations.thread_of(user, body.said[:-1])
    asked = Asked(question=body.messages[-1].text, thread_id=thread_id, user=user)
    run = await state.runs.start(asked)
    reply = _Reply(body, state.conversations, user, run)
    if body.stream:
        return stream_response(reply.chunks(), state.heartbeat_seconds)
    return JSONResponse(reply.completion(await result_while_connected(run, request)))


class _Reply:
    """One run as chat completions.

    The prose is given when it is verified, not as it is written: a client of this protocol could
    not take a figure back.
    """

    def __init__(
        self, body: ChatRequest, conversations: Conversations, user: User, run: LiveRun
    ) -> None:
        self._body = body
        self._conversations = conversations
        self._user = user
        self._run = run
        self._created = int(time.time())

    def completion(self, end: RunEnd) -> dict[str, Any]:
        """Returns the whole reply; raises for a run that broke."""
        if isinstance(end, RunFailed):
            if end.code == "internal":
                raise OperatorError(f"run failed: {end.reference}")
            raise UnavailableError(end.message)
        message = {"role": "assistant", "content": self._text(end)}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        receipt = end.answer.receipt
        tokens = (receipt.tokens_in, receipt.tokens_out) if receipt else (0, 0)
        usage = {
            "prompt_tokens": tokens[0],
            "completion_tokens": tokens[1],
            "total_tokens": sum(tokens),
        }
        return {**self._head("chat.completion"), "choices": [choice], "usage": usage}

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yields OpenAI's chunks: the role at once, the text at the end of the run."""
        yield self._chunk({"role": "assistant", "content": ""})
        text = self._text(await self._run.result())
        for start in range(0, len(text), _CHARACTERS_A_CHUNK):
            yield self._chunk({"content": text[start : start + _CHARACTERS_A_CHUNK]})
        yield self._chunk({}, "stop")
        yield b"data: [DONE]\n\n"

    def _text(self, end: RunEnd) -> str:
        text = text_of(end)
        said = [*self._body.said, ("assistant", text)]
        self._conversations.remember(self._user, said, self._run.asked.thread_id)
        return text

    def _chunk(self, delta: dict[str, str], finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
        chunk = {**self._head("chat.completion.chunk"), "choices": [choice]}
        return b"data: " + orjson.dumps(chunk) + b"\n\n"

    def _head(self, kind: str) -> dict[str, Any]:
        return {
            "id": f"chatcmpl-{self._run.asked.run_id}",
            "object": kind,
            "created": self._created,
            "model": self._body.model,
        }
