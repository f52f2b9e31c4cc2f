"""`/threads`: a user's own conversations."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

from api.identity.current_user import CurrentUser
from api.page import Cursor, Limit, next_cursor, position_of
from api.problem import Problem
from api.routes.query import IDENTIFIER
from api.state import ApiState, State
from domain.errors import NotFoundError
from domain.run_history import ThreadEntry, ThreadTurn
from domain.user import User

router = APIRouter()
ThreadId = Annotated[str, Path(pattern=IDENTIFIER)]
Search = Annotated[str, Query(max_length=200)]
_MAXIMUM_TURNS = 200
_MAXIMUM_WORDS = 12


class ThreadPage(BaseModel):
    """Conversations, the latest first."""

    threads: list[ThreadEntry]
    next_cursor: str | None = None


class Thread(BaseModel):
    """One conversation with its latest 200 questions, the oldest first."""

    thread_id: str
    turns: list[ThreadTurn]


@router.get("/threads")
async def list_threads(
    state: State,
    user: CurrentUser,
    cursor: Cursor = None,
    limit: Limit = 50,
    search: Search = "",
) -> ThreadPage:
    """Lists the user's conversations.

    With `search`, those that hold each of its words in a question or an answer, whatever its case.
    """
    # No text holds a NUL, and Postgres takes none.
    words = tuple(dict.fromkeys(search.replace("\0", " ").split()))[:_MAXIMUM_WORDS]
    found = await state.service.run_store.threads(user.id, position_of(cursor), limit, words)
    is_full = len(found) == limit
    following = next_cursor(found[-1].updated_at, found[-1].thread_id) if is_full else None
    return ThreadPage(threads=found, next_cursor=following)


@router.get("/threads/{thread_id}", responses={404: {"model": Problem}})
async def read_thread(thread_id: ThreadId, state: State, user: CurrentUser) -> Thread:
    """Returns a conversation's questions with their answers."""
    await _require_own(state, user, thread_id)
    turns = await state.service.run_store.turns(thread_id, _MAXIMUM_TURNS)
    return Thread(thread_id=thread_id, turns=turns)


@router.delete("/threads/{thread_id}", status_code=204, responses={404: {"model": Problem}})
async def delete_thread(thread_id: ThreadId, state: State, user: CurrentUser) -> None:
    """Forgets a conversation: its questions, answers and feedback."""
    await _require_own(state, user, thread_id)
    await state.runs.cancel_thread(thread_id)
    await state.service.forget_thread(thread_id)


@router.delete("/threads", status_code=204)
async def delete_threads(state: State, user: CurrentUser) -> None:
    """Forgets all of the user's conversations."""
    for entry in await state.service.run_store.threads(user.id, None, limit=100_000):
        await state.runs.cancel_thread(entry.thread_id)
        await state.service.forget_thread(entry.thread_id)


async def _require_own(state: ApiState, user: User, thread_id: str) -> None:
    if await state.service.run_store.thread_owner(thread_id) != user.id:
        raise NotFoundError("There is no such conversation.", "no_such_thread")
