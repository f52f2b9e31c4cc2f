"""Feedback on runs."""

from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from domain.run_history import Feedback, Rating
from run_store.read_runs import Position
from run_store.tables import FEEDBACK
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


def _feedback(row: Row[Any]) -> Feedback:
    return Feedback.model_validate(dict(row._mapping))
