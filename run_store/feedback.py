"""Feedback on runs."""

from sqlalchemy import Connection, and_, func, or_, select

from domain.run_history import DislikedRun, Feedback, FeedbackEntry, Rating
from run_store.read_runs import Position
from run_store.tables import FEEDBACK, RUNS
from run_store.upsert import upsert


def write_feedback(connection: Connection, feedback: Feedback) -> None:
    """Keeps feedback; a second one on the same run takes the place of the first."""
    upsert(connection, FEEDBACK, [feedback.model_dump()], {"rating", "comment", "created_at"})


def list_feedback(
    connection: Connection, rating: Rating | None, after: Position | None, limit: int
) -> list[FeedbackEntry]:
    """Returns feedback with the questions it is on, newest first."""
    question = func.coalesce(RUNS.c.question, "").label("question")
    is_on = RUNS.c.run_id == FEEDBACK.c.run_id
    statement = select(FEEDBACK, question).outerjoin(RUNS, is_on)
    if rating is not None:
        statement = statement.where(FEEDBACK.c.rating == rating)
    if after is not None:
        is_same = and_(FEEDBACK.c.created_at == after.moment, FEEDBACK.c.run_id < after.id)
        statement = statement.where(or_(FEEDBACK.c.created_at < after.moment, is_same))
    statement = statement.order_by(FEEDBACK.c.created_at.desc(), FEEDBACK.c.run_id.desc())
    rows = connection.execute(statement.limit(limit))
    return [FeedbackEntry.model_validate(dict(row._mapping)) for row in rows]


def read_feedback(connection: Connection, run_id: str) -> Feedback | None:
    """Returns the feedback on a run; None where nobody gave any."""
    row = connection.execute(select(FEEDBACK).where(FEEDBACK.c.run_id == run_id)).first()
    return None if row is None else Feedback.model_validate(dict(row._mapping))


def list_disliked(connection: Connection, limit: int) -> list[DislikedRun]:
    """Returns runs that were rated down with their comments, newest first."""
    statement = (
        select(
            RUNS.c.run_id,
            RUNS.c.question,
            RUNS.c.status,
            FEEDBACK.c.comment,
            FEEDBACK.c.created_at.label("rated_at"),
        )
        .join(RUNS, RUNS.c.run_id == FEEDBACK.c.run_id)
        .where(FEEDBACK.c.rating == "down")
        .order_by(FEEDBACK.c.created_at.desc(), RUNS.c.run_id.desc())
        .limit(limit)
    )
    return [DislikedRun.model_validate(dict(row._mapping)) for row in connection.execute(statement)]
