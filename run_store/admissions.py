"""Lets runs in one after the other, where several processes count the same user's."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, delete, exists, func, insert, select, text

from run_store.tables import ADMISSIONS, RUNS
from run_store.workers import moment_of

MINUTE = timedelta(minutes=1)
_LOCK = 7_482_302


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many runs a user may have at a time, and begin in a minute; None: any number."""

    at_a_time: int | None
    a_minute: int | None


@dataclass(frozen=True, slots=True)
class Admitted:
    """What a user had before a run was let in, or was not."""

    running: int
    ages_seconds: tuple[float, ...]
    """Of the runs that were let in within a minute, the oldest first."""


def admit(connection: Connection, user_id: str, run_id: str, bounds: Bounds) -> Admitted:
    """Lets a run in where the bounds allow it, and returns what they are held against.

    Two processes that ask at the same moment come one after the other.
    """
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:user, :lock))")
    connection.execute(lock, {"user": user_id, "lock": _LOCK})
    now = moment_of(connection)
    is_theirs = ADMISSIONS.c.user_id == user_id
    connection.execute(delete(ADMISSIONS).where(is_theirs, ADMISSIONS.c.admitted_at < now - MINUTE))
    moments = connection.execute(
        select(ADMISSIONS.c.admitted_at).where(is_theirs).order_by(ADMISSIONS.c.admitted_at)
    ).scalars()
    ages = tuple((now - moment).total_seconds() for moment in moments)
    found = Admitted(count_running(connection, user_id), ages)
    if _is_within(found.running, bounds.at_a_time) and _is_within(len(ages), bounds.a_minute):
        row = {"run_id": run_id, "user_id": user_id, "admitted_at": now}
        connection.execute(delete(ADMISSIONS).where(ADMISSIONS.c.run_id == run_id))
        connection.execute(insert(ADMISSIONS).values(row))
    return found


def count_running(connection: Connection, user_id: str) -> int:
    """Returns how many runs of a user go on at all workers, those about to begin included."""
    is_noted = exists().where(RUNS.c.run_id == ADMISSIONS.c.run_id)
    is_about_to = (ADMISSIONS.c.user_id == user_id) & ~is_noted
    earliest = moment_of(connection) - MINUTE
    about_to = select(func.count()).where(is_about_to, ADMISSIONS.c.admitted_at >= earliest)
    is_running = (RUNS.c.user_id == user_id) & (RUNS.c.status == "running") & (RUNS.c.worker != "")
    running = select(func.count()).where(is_running)
    return int(connection.execute(about_to).scalar_one() + connection.execute(running).scalar_one())


def _is_within(count: int, bound: int | None) -> bool:
    return bound is None or count < bound
