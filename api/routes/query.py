"""`POST /query`: a question in, AG-UI events or one whole answer out."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sse_starlette import EventSourceResponse

from api.identity.current_user import CurrentUser
from api.problem import Problem, problem_response
from api.routes.config_llm import MODEL
from api.runs.live_run import LiveRun, RunEnd
from api.runs.remote_run import RemoteRun
from api.runs.replay import end_of, replay
from api.state import ApiState, State
from domain.answer import Answer
from domain.errors import ForbiddenError, NotFoundError, QuestionError
from domain.run_event import RunFailed
from domain.run_record import RunRecord
from domain.user import Role, User
from graph.asked import Asked, new_id

router = APIRouter()
IDENTIFIER = r"^[A-Za-z0-9_-]{1,64}$"
_DISCONNECT_SECONDS = 1.0


class Resume(BaseModel):
    """The choice that a run waits for."""

    model_config = ConfigDict(extra="forbid")

    option_id: str = Field(min_length=1, max_length=64)
    run_id: str | None = Field(default=None, pattern=IDENTIFIER)


class QueryRequest(BaseModel):
    """A question, or the choice that resumes a conversation which waits for it."""

    model_config = ConfigDict(extra="forbid")

    question: str = ""
    thread_id: str | None = Field(default=None, pattern=IDENTIFIER)
    """Goes on with this conversation; a new one is begun where it is missing."""
    resume: Resume | None = None
    prompt_versions: dict[str, str] = Field(default_factory=dict, max_length=20)
    """Prompt name to version, in place of that in production; for prompt engineers."""
    llm: str = Field(default="", pattern=rf"^$|{MODEL}")
    """The model that answers this question alone, as `VTION_LLM`; for prompt engineers."""


RUN_RESPONSES: dict[int | str, dict[str, object]] = {
    200: {
        "model": Answer,
        "description": "The whole answer, or AG-UI events with `Accept: text/event-stream`.",
    },
    403: {"model": Problem},
    404: {"model": Problem},
    409: {"model": Problem},
    413: {"model": Problem},
    422: {"model": Problem},
    429: {"model": Problem},
    500: {"model": Problem},
    503: {"model": Problem},
}
Accept = Annotated[str, Header()]
IdempotencyKey = Annotated[str | None, Header(min_length=1, max_length=255)]
"""The same key with the same body leads to the same run, however often it is sent."""


@router.post("/query", responses=RUN_RESPONSES, response_model=None)
async def query(
    body: QueryRequest,
    request: Request,
    state: State,
    user: CurrentUser,
    accept: Accept = "text/event-stream",
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Answers a question, streaming every step."""
    await require_own_thread(state, user, body.thread_id)
    asked = _asked(body, user)
    run: LiveRun | RemoteRun | RunRecord
    if idempotency_key is None:
        run = await state.runs.start(asked)
    else:
        run = await state.idempotency.start(asked, idempotency_key, body.model_dump_json())
    return await run_response(run, request, accept, state.heartbeat_seconds)


async def run_response(
    run: LiveRun | RemoteRun | RunRecord, request: Request, accept: str, heartbeat_seconds: float
) -> Response:
    """Returns the run's events as a stream or, where JSON is asked for, its answer."""
    is_json = "application/json" in accept and "text/event-stream" not in accept
    if isinstance(run, RunRecord):
        if is_json:
            return _answer_response(end_of(run))
        return stream_response(replay(run, after=0), heartbeat_seconds)
    if is_json:
        return _answer_response(await result_while_connected(run, request))
    return stream_response(run.follow(), heartbeat_seconds)


def stream_response(frames: AsyncIterator[bytes], heartbeat_seconds: float) -> Response:
    """Returns encoded events as a stream that proxies neither hold back nor close when idle."""
    return EventSourceResponse(
        frames,
        sep="\n",
        ping=heartbeat_seconds,
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def require_own_thread(state: ApiState, user: User, thread_id: str | None) -> None:
    """Raises NotFoundError for a conversation that belongs to another user."""
    if thread_id is None:
        return
    owner = await state.service.run_store.thread_owner(thread_id)
    if owner is not None and owner != user.id:
        raise NotFoundError("There is no such conversation.", "no_such_thread")


def _asked(body: QueryRequest, user: User) -> Asked:
    versions = body.prompt_versions
    if versions and not user.may(Role.PROMPT_ENGINEER):
        raise ForbiddenError("Only a prompt engineer may ask with other versions of the prompts.")
    if body.llm and not user.may(Role.PROMPT_ENGINEER):
        raise ForbiddenError("Only a prompt engineer may choose the model.")
    if body.resume is None:
        return Asked(
            question=body.question,
            thread_id=body.thread_id or new_id(),
            begins_thread=body.thread_id is None,
            prompt_versions=versions,
            llm=body.llm,
            user=user,
        )
    if body.thread_id is None:
        raise QuestionError("A choice needs the `thread_id` of the conversation it belongs to.")
    return Asked(
        thread_id=body.thread_id,
        option_id=body.resume.option_id,
        prompt_versions=versions,
        llm=body.llm,
        user=user,
    )


async def result_while_connected(run: LiveRun | RemoteRun, request: Request) -> RunEnd:
    """Waits for the end as a reader who may leave, like one of the stream."""
    result = asyncio.ensure_future(run.result())
    try:
        while not (await asyncio.wait({result}, timeout=_DISCONNECT_SECONDS))[0]:
            if await request.is_disconnected():
                break
        return await result if result.done() else _gone(run)
    finally:
        result.cancel()


def _gone(run: LiveRun | RemoteRun) -> RunFailed:
    return RunFailed(code="disconnected", message="Nobody waits.", reference=run.run_id)


def _answer_response(end: RunEnd) -> Response:
    if not isinstance(end, RunFailed):
        return Response(end.answer.model_dump_json(), media_type="application/json")
    if end.code == "internal":
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        detail = f"{end.message} Reference: {end.reference}"
        return problem_response(status, status.phrase, detail, end.code)
    return problem_response(
        HTTPStatus.CONFLICT,
        "The question was not answered",
        end.message,
        end.code,
        end.reason,
        end.parameters,
    )
