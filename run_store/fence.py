"""Keeps a worker that stood still from writing over runs that another took up meanwhile."""

from collections.abc import Sequence

import structlog
from sqlalchemy import Connection, select

from domain.run_record import RunRecord
from run_store.run_events import NUMBERS_A_WORKER, RunFrame
from run_store.tables import RUNS

_log = structlog.get_logger(__name__)


def own_records(
    connection: Connection, records: Sequence[RunRecord], worker: str
) -> list[RunRecord]:
    """Returns the records of runs that this worker has, and of runs that nobody noted.

    Locks their rows until the transaction ends: none is taken up in between.
    """
    wanted = [record.run_id for record in records]
    columns = (RUNS.c.run_id, RUNS.c.worker, RUNS.c.status)
    rows = connection.execute(select(*columns).where(RUNS.c.run_id.in_(wanted)).with_for_update())
    others = {row.run_id for row in rows if (row.worker, row.status) != (worker, "running")}
    for run_id in others:
        _log.warning("record_of_a_run_taken_up", run_id=run_id)
    return [record for record in records if record.run_id not in others]


def own_frames(connection: Connection, frames: Sequence[RunFrame]) -> list[RunFrame]:
    """Returns the events that the run's present worker told: its numbers say so."""
    wanted = {one.run_id for one in frames}
    statement = select(RUNS.c.run_id, RUNS.c.resumptions).where(RUNS.c.run_id.in_(wanted))
    present = {
        row.run_id: row.resumptions
        for row in connection.execute(statement.with_for_update(read=True))
    }
    return [
        one
        for one in frames
        if one.number // NUMBERS_A_WORKER == present.get(one.run_id, one.number // NUMBERS_A_WORKER)
    ]
