"""Who works on which run: workers show that they live, and take up the runs of those who do not."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, case, delete, func, select, update

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
    # Postgres' `now()` is when the transaction began, which may have waited for a lock since.
    found = connection.execute(select(func.clock_timestamp())).scalar_one()
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


def last_signs(connection: Connection) -> dict[str, datetime]:
    """Returns every worker's last sign of life: to be compared with the one before, not a clock."""
    rows = connection.execute(select(WORKERS.c.worker, WORKERS.c.seen_at))
    return {row.worker: row.seen_at for row in rows}


def take_up(connection: Connection, worker: str, alive: Collection[str]) -> list[LapsedRun]:
    """Makes the runs of all workers that do not live this one's, and returns them."""
    statement = (
        update(RUNS)
        .where(_RUNNING, RUNS.c.worker.not_in(("", worker, *alive)))
        .values(
            worker=worker,
            resumptions=RUNS.c.resumptions + 1,
            crashes=RUNS.c.crashes + case((RUNS.c.worker == _HANDED_OVER, 0), else_=1),
        )
        .returning(*(RUNS.c[name] for name in LapsedRun.model_fields))
    )
    taken = [LapsedRun.model_validate(dict(row._mapping)) for row in connection.execute(statement)]
    oldest = moment_of(connection) - _FORGOTTEN
    is_gone = (WORKERS.c.seen_at < oldest) & WORKERS.c.worker.not_in(tuple(alive))
    connection.execute(delete(WORKERS).where(is_gone))
    return taken


def runs_lost(connection: Connection, worker: str, run_ids: Sequence[str]) -> list[str]:
    """Returns those of a worker's runs that another has taken up, and perhaps ended."""
    is_own = (RUNS.c.worker == worker) & _RUNNING
    statement = select(RUNS.c.run_id).where(RUNS.c.run_id.in_(run_ids), ~is_own)
    return list(connection.execute(statement).scalars())


def runs_elsewhere(connection: Connection, worker: str, thread_id: str) -> list[str]:
    """Returns the runs that go on in a conversation at other workers."""
    is_others = (RUNS.c.worker != worker) & (RUNS.c.thread_id == thread_id) & _RUNNING
    return list(connection.execute(select(RUNS.c.run_id).where(is_others)).scalars())


def ask_to_cancel(connection: Connection, run_id: str) -> None:
    """Asks the worker that has the run to cancel it."""
    statement = update(RUNS).where(RUNS.c.run_id == run_id, _RUNNING)
    connection.execute(statement.values(is_cancel_asked=True))


def ask_to_cancel_thread(connection: Connection, thread_id: str) -> None:
    """Asks the workers that have runs of a conversation to cancel them."""
    statement = update(RUNS).where(RUNS.c.thread_id == thread_id, _RUNNING)
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
