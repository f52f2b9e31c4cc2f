"""`POST /query`: a question in, AG-UI events or one whole answer out."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated
from uuid import uuid4

import structlog
from ag_ui.core import RunErrorEvent
from fastapi import APIRouter, Header
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.agui_stream import agui_events
from api.problem import Problem, problem_response
from api.state import State
from domain.answer import Answer
from domain.errors import QuestionError
from domain.run_event import RunEvent, RunFailed, RunFinished, RunInterrupted
from graph.question_runner import Asked, QuestionRunner

router = APIRouter()
_log = structlog.get_logger(__name__)
_IDENTIFIER = r"^[A-Za-z0-9_-]{1,64}$"
_HEARTBEAT_SECONDS = 15


class Resume(BaseModel):
    """The choice that a run waits for."""

    model_config = ConfigDict(extra="forbid")

    option_id: str = Field(min_length=1, max_length=64)
    run_id: str | None = Field(default=None, pattern=_IDENTIFIER)


class QueryRequest(BaseModel):
    """A question, or the choice that resumes a conversation which waits for it."""

    model_config = ConfigDict(extra="forbid")

    question: str = ""
    thread_id: str | None = Field(default=None, pattern=_IDENTIFIER)
    """Goes on with this conversation; a new one is begun where it is missing."""
    resume: Resume | None = None


_RESPONSES: dict[int | str, dict[str, object]] = {
    200: {
        "model": Answer,
        "description": "The whole answer, or AG-UI events with `Accept: text/event-stream`.",
    },
    409: {"model": Problem},
    413: {"model": Problem},
    422: {"model": Problem},
    500: {"model": Problem},
}


@router.post("/query", responses=_RESPONSES, response_model=None)
async def query(
    request: QueryRequest, state: State, accept: Annotated[str, Header()] = "text/event-stream"
) -> Response:
    """Answers a question, streaming every step."""
    asked = _asked(request)
    await state.runner.check(asked)
    if "application/json" in accept and "text/event-stream" not in accept:
        return await _whole_answer(state.runner, asked)
    return EventSourceResponse(_sse(state.runner, asked), sep="\n", ping=_HEARTBEAT_SECONDS)


def _asked(request: QueryRequest) -> Asked:
    if request.resume is None:
        return Asked(question=request.question, thread_id=request.thread_id or uuid4().hex)
    if request.thread_id is None:
        raise QuestionError("A choice needs the `thread_id` of the conversation it belongs to.")
    return Asked(thread_id=request.thread_id, option_id=request.resume.option_id)


async def _sse(runner: QuestionRunner, asked: Asked) -> AsyncIterator[ServerSentEvent]:
    """Yields numbered events. After the first byte an error is an event, never a broken stream."""
    number = 0
    try:
        async for event in agui_events(runner.run(asked)):
            number += 1
            yield ServerSentEvent(event.model_dump_json(by_alias=True), id=str(number), sep="\n")
    except Exception:  # noqa: BLE001 the edge: whatever went wrong, the client gets an end
        yield ServerSentEvent(
            _unexpected_error().model_dump_json(by_alias=True), id=str(number + 1), sep="\n"
        )


def _unexpected_error() -> RunErrorEvent:
    reference = uuid4().hex[:12]
    _log.exception("run_crashed", reference=reference)
    return RunErrorEvent(
        code="internal",
        message="Something is wrong on our side. Please try again, or give support the reference.",
        metadata={"reference": reference},
    )


async def _whole_answer(runner: QuestionRunner, asked: Asked) -> Response:
    last: RunEvent | None = None
    async for event in runner.run(asked):
        last = event
    match last:
        case RunFinished(answer=answer) | RunInterrupted(answer=answer):
            return JSONResponse(answer.model_dump(mode="json"))
        case RunFailed(code="internal"):
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            detail = f"{last.message} Reference: {last.reference}"
            return problem_response(status, status.phrase, detail, last.code)
        case RunFailed():
            return problem_response(
                HTTPStatus.CONFLICT, "The question was not answered", last.message, last.code
            )
        case _:
            raise TypeError("a run ends with an end")
