"""The events of runs, for readers at another worker than the one that has the run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from run_store.tables import RUN_EVENTS, RUNS
from run_store.upsert import upsert

NUMBERS_A_WORKER = 1_000_000
"""What a worker told before it was gone may be known to readers alone: numbers go on above it."""
_KEPT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class RunFrame:
    """One encoded event."""

    run_id: str
    number: int
    frame: bytes


def write_frames(connection: Connection, frames: Sequence[RunFrame]) -> None:
    """Keeps frames."""
    now = datetime.now(UTC)
    rows = [
        {"run_id": one.run_id, "number": one.number, "frame": one.frame, "written_at": now}
        for one in frames
    ]
    upsert(connection, RUN_EVENTS, rows, replace={"frame", "written_at"})


def read_frames(connection: Connection, run_id: str, after: int) -> list[RunFrame]:
    """Returns the frames that come after a number, in order."""
    statement = (
        select(RUN_EVENTS.c.number, RUN_EVENTS.c.frame)
        .where(RUN_EVENTS.c.run_id == run_id, RUN_EVENTS.c.number > after)
        .order_by(RUN_EVENTS.c.number)
    )
    return [RunFrame(run_id, row.number, row.frame) for row in connection.execute(statement)]


def drop_frames(connection: Connection, run_id: str) -> None:
    """Forgets a run's events: it begins anew."""
    connection.execute(delete(RUN_EVENTS).where(RUN_EVENTS.c.run_id == run_id))
    connection.execute(update(RUNS).where(RUNS.c.run_id == run_id).values(resumptions=0))


def drop_old_frames(connection: Connection) -> None:
    """Forgets the events of runs that ended a while ago: they are told from their records."""
    running = select(RUNS.c.run_id).where(RUNS.c.status == "running")
    is_old = RUN_EVENTS.c.written_at < datetime.now(UTC) - _KEPT
    connection.execute(delete(RUN_EVENTS).where(is_old, RUN_EVENTS.c.run_id.not_in(running)))
