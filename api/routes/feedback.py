"""`POST /feedback`: a thumb and a comment on a run."""

from datetime import UTC, datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.identity.current_user import CurrentUser
from api.problem import Problem
from api.routes.query import IDENTIFIER
from api.routes.runs import own_entry
from api.state import State
from domain.run_history import Feedback, Rating

router = APIRouter()


class FeedbackRequest(BaseModel):
    """A thumb; a second one on the same run takes the place of the first."""

    model_config = ConfigDict(extra="forbid")

    run_id: str = Field(pattern=IDENTIFIER)
    rating: Rating
    comment: str = Field(default="", max_length=4_000)


@router.post("/feedback", responses={404: {"model": Problem}})
async def give_feedback(body: FeedbackRequest, state: State, user: CurrentUser) -> Feedback:
    """Keeps what the user thinks of an answer of theirs."""
    await own_entry(state, user, body.run_id)
    comment = body.comment.replace("\0", "")
    feedback = Feedback(
        run_id=body.run_id, rating=body.rating, comment=comment, created_at=datetime.now(UTC)
    )
    await state.service.run_store.give_feedback(feedback)
    return feedback
