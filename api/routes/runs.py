"""`/runs/{id}`: follow a run again, stop it, run it again with edited SQL."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.identity.current_user import CurrentUser
from api.problem import Problem
from api.routes.query import (
    IDENTIFIER,
    RUN_RESPONSES,
    Accept,
    run_response,
    stream_response,
)
from api.runs.remote_run import RemoteRun
from api.state import ApiState, State
from domain.draft import Assumption, SqlDraft
from domain.errors import ForbiddenError, NotFoundError
from domain.run_history import RunEntry
from domain.user import Role, User
from graph.asked import Asked
from run_store.workers import ask_to_cancel

router = APIRouter()
RunId = Annotated[str, Path(pattern=IDENTIFIER)]
_MAXIMUM_SQL = 50_000
_NO_RUN = "There is no such run."
_EDITED = Assumption(kind="note", text="The SQL was edited by hand.")


class RunReference(BaseModel):
    """A run that was found."""

    run_id: str
    thread_id: str


class RerunRequest(BaseModel):
    """What takes the place of the drafter."""

    model_config = ConfigDict(extra="forbid")

    sql: str = Field(min_length=1, max_length=_MAXIMUM_SQL)
    """Athena SQL; the guard judges it as it judges every draft."""


@router.get(
    "/runs/{run_id}/events",
    response_model=None,
    responses={
        200: {"content": {"text/event-stream": {}}, "description": "AG-UI events."},
        404: {"model": Problem},
        422: {"model": Problem},
    },
)
async def run_events(
    run_id: RunId,
    state: State,
    user: CurrentUser,
    last_event_id: Annotated[str, Header(max_length=20)] = "0",
) -> Response:
    """Tells the run's events again from `Last-Event-ID` and follows it to its end."""
    after = int(last_event_id) if last_event_id.isascii() and last_event_id.isdigit() else 0
    entry_user = await _owner(state, run_id)
    _require_own(user, entry_user)
    run = state.runs.find(run_id)
    if run is not None:
        return stream_response(run.follow(after), state.heartbeat_seconds)
    remote = RemoteRun(state.service.run_store, run_id)
    return stream_response(remote.follow(after), state.heartbeat_seconds)


@router.get("/runs/{run_id}", responses={404: {"model": Problem}})
async def run_entry(run_id: RunId, state: State, user: CurrentUser) -> RunEntry:
    """Returns how a run stands."""
    return await own_entry(state, user, run_id)


@router.post("/runs/{run_id}/cancel", status_code=202, responses={404: {"model": Problem}})
async def cancel_run(run_id: RunId, state: State, user: CurrentUser) -> RunReference:
    """Stops the model call and the statement; a run that has ended stays as it is."""
    run = state.runs.find(run_id)
    if run is None:
        entry = await own_entry(state, user, run_id)
        await state.service.run_store.work(ask_to_cancel, run_id)
        return RunReference(run_id=run_id, thread_id=entry.thread_id)
    _require_own(user, run.asked.user.id)
    run.cancel("asked")
    return RunReference(run_id=run_id, thread_id=run.asked.thread_id)


@router.post("/runs/{run_id}/rerun", responses=RUN_RESPONSES, response_model=None)
async def rerun(
    run_id: RunId,
    body: RerunRequest,
    request: Request,
    state: State,
    user: CurrentUser,
    accept: Accept = "text/event-stream",
) -> Response:
    """Asks the run's question again with SQL of the analyst's: no model is called."""
    entry = await own_entry(state, user, run_id)
    if not user.has_any(state.service.settings.sql_edit_roles):
        message = "Your role does not run SQL of its own. Ask in words."
        raise ForbiddenError(message, "own_sql")
    asked = Asked(
        question=entry.question,
        thread_id=entry.thread_id,
        given=SqlDraft(sql=body.sql, assumptions=(_EDITED,), confidence=1.0),
        user=user,
    )
    run = await state.runs.start(asked)
    return await run_response(run, request, accept, state.heartbeat_seconds)


async def own_entry(state: ApiState, user: User, run_id: str) -> RunEntry:
    """Returns the entry of a run; raises NotFoundError where it is not the user's."""
    entry = await state.service.run_store.entry(run_id)
    if entry is None:
        raise NotFoundError(_NO_RUN, "no_such_run")
    _require_own(user, entry.user_id)
    return entry


async def _owner(state: ApiState, run_id: str) -> str:
    run = state.runs.find(run_id)
    if run is not None:
        return run.asked.user.id
    entry = await state.service.run_store.entry(run_id)
    if entry is None:
        raise NotFoundError(_NO_RUN, "no_such_run")
    return entry.user_id


def _require_own(user: User, owner: str) -> None:
    if owner != user.id and Role.ADMIN not in user.roles:
        raise NotFoundError(_NO_RUN, "no_such_run")
