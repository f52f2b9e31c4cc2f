"""Feedback on runs."""

from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from domain.run_history import DislikedRun, Feedback, Rating
from run_store.read_runs import Position
from run_store.tables import FEEDBACK, RUNS
from run_store.upsert import upsert


def write_feedback(connection: Connection, feedback: Feedback) -> None:
    """Keeps feedback; a second one on the same run takes the place of the first."""
    upsert(connection, FEEDBACK, [feedback.model_dump()], {"rating", "comment", "created_at"})


def list_feedback(
    connection: Connection, rating: Rating | None, after: Position | None, limit: int
) -> list[Feedback]:
    """Returns feedback, newest first."""
    statement = select(FEEDBACK)
    if rating is not None:
        statement = statement.where(FEEDBACK.c.rating == rating)
    if after is not None:
        is_same = and_(FEEDBACK.c.created_at == after.moment, FEEDBACK.c.run_id < after.id)
        statement = statement.where(or_(FEEDBACK.c.created_at < after.moment, is_same))
    statement = statement.order_by(FEEDBACK.c.created_at.desc(), FEEDBACK.c.run_id.desc())
    return [_feedback(row) for row in connection.execute(statement.limit(limit))]


def read_feedback(connection: Connection, run_id: str) -> Feedback | None:
    """Returns the feedback on a run; None where nobody gave any."""
    row = connection.execute(select(FEEDBACK).where(FEEDBACK.c.run_id == run_id)).first()
    return None if row is None else _feedback(row)


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


def _feedback(row: Row[Any]) -> Feedback:
    return Feedback.model_validate(dict(row._mapping))
