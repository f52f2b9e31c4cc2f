"""Reads runs, conversations and usage. A reader sees one user's; an admin names none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
)

from domain.run_history import RunEntry, ThreadEntry, ThreadTurn, UsageEntry
from domain.run_record import RunRecord
from run_store.tables import FEEDBACK, RUNS, THREADS, USAGE

_ENTRY_COLUMNS = (*[RUNS.c[name] for name in RunEntry.model_fields if name in RUNS.c],)


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs a list holds; what is None is not asked for."""

    user_id: str | None = None
    thread_id: str | None = None
    status: str | None = None
    rating: str | None = None
    since: datetime | None = None
    text: str | None = None
    """Part of the question, whatever its case."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ends: the moment and the id of its last line. The next page follows it."""

    moment: datetime
    id: str


def list_runs(
    connection: Connection, wanted: RunFilter, after: Position | None, limit: int
) -> list[RunEntry]:
    """Returns entries, newest first."""
    statement = select(*_ENTRY_COLUMNS, FEEDBACK.c.rating).outerjoin(
        FEEDBACK, FEEDBACK.c.run_id == RUNS.c.run_id
    )
    statement = statement.where(*_conditions(wanted))
    statement = _page(statement, RUNS.c.started_at, RUNS.c.run_id, after, limit)
    return [RunEntry.model_validate(dict(row._mapping)) for row in connection.execute(statement)]


def _conditions(wanted: RunFilter) -> list[ColumnElement[bool]]:
    equal = {
        RUNS.c.user_id: wanted.user_id,
        RUNS.c.thread_id: wanted.thread_id,
        RUNS.c.status: wanted.status,
        FEEDBACK.c.rating: wanted.rating,
    }
    conditions = [column == value for column, value in equal.items() if value is not None]
    if wanted.since is not None:
        conditions.append(RUNS.c.started_at >= wanted.since)
    if wanted.text:
        conditions.append(RUNS.c.question.icontains(wanted.text, autoescape=True))
    return conditions


def _page(
    statement: Select[Any],
    moment: ColumnElement[datetime],
    identifier: ColumnElement[str],
    after: Position | None,
    limit: int,
) -> Select[Any]:
    if after is not None:
        is_same = and_(moment == after.moment, identifier < after.id)
        statement = statement.where(or_(moment < after.moment, is_same))
    return statement.order_by(moment.desc(), identifier.desc()).limit(limit)


def read_record(connection: Connection, run_id: str) -> RunRecord | None:
    """Returns a run's record; None for an unknown run and for one that has not ended."""
    statement = select(RUNS.c.record).where(RUNS.c.run_id == run_id)
    found = connection.execute(statement).scalar()
    return None if found is None else RunRecord.model_validate(found)


def read_entry(connection: Connection, run_id: str) -> RunEntry | None:
    """Returns the entry of one run."""
    statement = select(*_ENTRY_COLUMNS).where(RUNS.c.run_id == run_id)
    row = connection.execute(statement).first()
    return None if row is None else RunEntry.model_validate(dict(row._mapping))


def thread_owner(connection: Connection, thread_id: str) -> str | None:
    """Returns the id of the user whose conversation it is; None where there is none."""
    statement = select(THREADS.c.user_id).where(THREADS.c.thread_id == thread_id)
    return connection.execute(statement).scalar()


def list_threads(
    connection: Connection,
    user_id: str,
    after: Position | None,
    limit: int,
    words: Sequence[str] = (),
) -> list[ThreadEntry]:
    """Returns a user's conversations, the latest first: those that hold every word, if any.

    A word counts wherever the conversation has it, in a question or in an answer's prose.
    """
    runs = RUNS.c.thread_id == THREADS.c.thread_id
    counts = select(func.count()).where(runs).correlate(THREADS).scalar_subquery()
    columns = [*THREADS.c, counts.label("run_count")]
    if words:
        columns.append(_found_question(words).label("found"))
    statement = select(*columns).where(THREADS.c.user_id == user_id)
    for word in words:
        statement = statement.where(exists().where(runs, _holds(word)).correlate(THREADS))
    statement = _page(statement, THREADS.c.updated_at, THREADS.c.thread_id, after, limit)
    return [ThreadEntry.model_validate(dict(row._mapping)) for row in connection.execute(statement)]


def _found_question(words: Sequence[str]) -> ScalarSelect[str]:
    """Selects the latest question that holds one of the words, or whose answer does."""
    return (
        select(RUNS.c.question)
        .where(RUNS.c.thread_id == THREADS.c.thread_id, or_(*map(_holds, words)))
        .order_by(RUNS.c.started_at.desc(), RUNS.c.run_id.desc())
        .limit(1)
        .correlate(THREADS)
        .scalar_subquery()
    )


def _holds(word: str) -> ColumnElement[bool]:
    prose = RUNS.c.record[("answer", "text")].as_string()
    return or_(
        RUNS.c.question.icontains(word, autoescape=True), prose.icontains(word, autoescape=True)
    )


def list_turns(connection: Connection, thread_id: str, limit: int) -> list[ThreadTurn]:
    """Returns the latest questions of a conversation, the oldest first."""
    statement = (
        select(RUNS, FEEDBACK.c.rating)
        .outerjoin(FEEDBACK, FEEDBACK.c.run_id == RUNS.c.run_id)
        .where(RUNS.c.thread_id == thread_id)
        .order_by(RUNS.c.started_at.desc(), RUNS.c.run_id.desc())
        .limit(limit)
    )
    return [_turn(row) for row in connection.execute(statement)][::-1]


def _turn(row: Row[Any]) -> ThreadTurn:
    record = None if row.record is None else RunRecord.model_validate(row.record)
    return ThreadTurn(
        run_id=row.run_id,
        question=row.question,
        status=row.status,
        started_at=row.started_at,
        answer=record.answer if record else None,
        rating=row.rating,
    )


def list_usage(
    connection: Connection, first: date, last: date, user_id: str | None
) -> list[UsageEntry]:
    """Returns usage by day, user and model, the latest day first."""
    statement = select(USAGE).where(USAGE.c.day.between(first, last))
    if user_id is not None:
        statement = statement.where(USAGE.c.user_id == user_id)
    statement = statement.order_by(USAGE.c.day.desc(), USAGE.c.user_id, USAGE.c.model)
    return [UsageEntry.model_validate(dict(row._mapping)) for row in connection.execute(statement)]
