"""`POST /agent`: AG-UI's own request for the same run, so that existing clients work."""

import re

from ag_ui.core import RunAgentInput, UserMessage
from fastapi import APIRouter
from fastapi.responses import Response

from api.identity.current_user import CurrentUser
from api.problem import problems
from api.routes.query import IDENTIFIER, require_own_thread, stream_response
from api.state import State
from domain.errors import QuestionError
from domain.user import User
from graph.asked import Asked

router = APIRouter()
_EVENTS = {"content": {"text/event-stream": {}}, "description": "AG-UI events."}


@router.post(
    "/agent",
    response_model=None,
    responses={200: _EVENTS, **problems(404, 409, 422, 429, 503)},
)
async def agent(body: RunAgentInput, state: State, user: CurrentUser) -> Response:
    """Answers the last user message, or takes the choice that resumes an interrupted run."""
    if not re.fullmatch(IDENTIFIER, body.thread_id):
        raise QuestionError("The threadId may hold letters, digits, - and _, up to 64 of them.")
    await require_own_thread(state, user, body.thread_id)
    run = await state.runs.start(_asked(body, user))
    return stream_response(run.follow(), state.heartbeat_seconds)


def _asked(body: RunAgentInput, user: User) -> Asked:
    if body.resume:
        return Asked(thread_id=body.thread_id, option_id=_choice(body), user=user)
    return Asked(question=_question(body), thread_id=body.thread_id, user=user)


def _choice(body: RunAgentInput) -> str:
    payload = body.resume[0].payload if body.resume else None
    choice = payload.get("option_id") if isinstance(payload, dict) else payload
    if not isinstance(choice, str):
        raise QuestionError('A choice is a payload like {"option_id": "1"}.')
    return choice


def _question(body: RunAgentInput) -> str:
    said = [message for message in body.messages if isinstance(message, UserMessage)]
    if not said:
        raise QuestionError("There is no user message.")
    content = said[-1].content
    if isinstance(content, str):
        return content
    return "\n".join(part.text for part in content if part.type == "text")
