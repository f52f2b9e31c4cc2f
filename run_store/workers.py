"""Who works on which run: workers show that they live, and take up the runs of those who do not."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, case, delete, func, select, update

from domain.run_history import LapsedRun
from run_store.tables import RUNS, WORKERS
from run_store.upsert import upsert

_RUNNING = RUNS.c.status == "running"
_HANDED_OVER = "handed-over"
_FORGOTTEN = timedelta(days=1)


def moment_of(connection: Connection) -> datetime:
    """Returns the time by the database's clock, which all workers share."""
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)
    found = connection.execute(select(func.now())).scalar_one()
    return datetime.fromisoformat(str(found)) if isinstance(found, str) else found


def show_life(connection: Connection, worker: str) -> None:
    """Notes that a worker lives."""
    row = {"worker": worker, "seen_at": moment_of(connection)}
    upsert(connection, WORKERS, [row], replace={"seen_at"})


def leave(connection: Connection, worker: str) -> None:
    """Forgets a worker that ends in good order, and hands over what it still has."""
    is_held = (RUNS.c.worker == worker) & _RUNNING
    connection.execute(update(RUNS).where(is_held).values(worker=_HANDED_OVER))
    connection.execute(delete(WORKERS).where(WORKERS.c.worker == worker))


def take_up(connection: Connection, worker: str, silence: timedelta | None) -> list[LapsedRun]:
    """Makes the runs of workers that were silent for so long this one's, and returns them.

    `silence` None: whoever else is named there is gone.
    """
    statement = (
        update(RUNS)
        .where(_RUNNING, RUNS.c.worker.not_in(("", worker)), *_is_gone(connection, silence))
        .values(
            worker=worker,
            resumptions=RUNS.c.resumptions + 1,
            crashes=RUNS.c.crashes + case((RUNS.c.worker == _HANDED_OVER, 0), else_=1),
        )
        .returning(*(RUNS.c[name] for name in LapsedRun.model_fields))
    )
    taken = [LapsedRun.model_validate(dict(row._mapping)) for row in connection.execute(statement)]
    oldest = moment_of(connection) - _FORGOTTEN
    connection.execute(delete(WORKERS).where(WORKERS.c.seen_at < oldest))
    return taken


def _is_gone(connection: Connection, silence: timedelta | None) -> list[ColumnElement[bool]]:
    if silence is None:
        return []
    latest = moment_of(connection) - silence
    alive = select(WORKERS.c.worker).where(WORKERS.c.seen_at >= latest)
    return [RUNS.c.worker.not_in(alive)]


def runs_lost(connection: Connection, worker: str, run_ids: Sequence[str]) -> list[str]:
    """Returns those of a worker's runs that another has taken up."""
    is_others = (RUNS.c.worker != worker) & _RUNNING
    statement = select(RUNS.c.run_id).where(RUNS.c.run_id.in_(run_ids), is_others)
    return list(connection.execute(statement).scalars())


def ask_to_cancel(connection: Connection, run_id: str) -> None:
    """Asks the worker that has the run to cancel it."""
    statement = update(RUNS).where(RUNS.c.run_id == run_id, _RUNNING)
    connection.execute(statement.values(is_cancel_asked=True))


def runs_to_cancel(connection: Connection, worker: str) -> list[str]:
    """Returns those of a worker's runs that somebody asked to cancel."""
    is_asked = (RUNS.c.worker == worker) & RUNS.c.is_cancel_asked & _RUNNING
    return list(connection.execute(select(RUNS.c.run_id).where(is_asked)).scalars())


def note_follower(connection: Connection, run_id: str) -> None:
    """Notes that somebody follows a run at another worker than its own."""
    statement = update(RUNS).where(RUNS.c.run_id == run_id, _RUNNING)
    connection.execute(statement.values(followed_at=moment_of(connection)))


def is_followed(connection: Connection, run_id: str, within: timedelta) -> bool:
    """Returns whether somebody followed a run at another worker of late."""
    earliest = moment_of(connection) - within
    statement = select(RUNS.c.followed_at).where(RUNS.c.run_id == run_id)
    followed_at = connection.execute(statement).scalar()
    return followed_at is not None and followed_at >= earliest
