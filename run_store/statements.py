"""Statements that runs submitted: a worker that takes a run up submits none a second time."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select

from domain.errors import RunTakenError
from run_store.tables import RUNS, STATEMENTS
from run_store.upsert import upsert

_KEPT = timedelta(days=1)


def require_own(connection: Connection, run_id: str, worker: str) -> None:
    """Raises RunTakenError where another worker has the run, or had it and ended it.

    Locks its row until the transaction ends: it is not taken up in between.
    """
    columns = select(RUNS.c.worker, RUNS.c.status).where(RUNS.c.run_id == run_id)
    row = connection.execute(columns.with_for_update()).one_or_none()
    # No row: it began while the database was away.
    if row is not None and (row.worker, row.status) != (worker, "running"):
        raise RunTakenError(run_id)


def noted_address(connection: Connection, statement_id: str) -> str | None:
    """Returns what was noted of a statement; None where nothing was."""
    statement = select(STATEMENTS.c.address).where(STATEMENTS.c.statement_id == statement_id)
    return connection.execute(statement).scalar()


def note_statement(
    connection: Connection, run_id: str, statement_id: str, address: str, worker: str
) -> str | None:
    """Notes a statement of a run that this worker has; returns what was noted before."""
    require_own(connection, run_id, worker)
    before, now = noted_address(connection, statement_id), datetime.now(UTC)
    row = {
        "statement_id": statement_id,
        "run_id": run_id,
        "address": address,
        "noted_at": now,
    }
    upsert(connection, STATEMENTS, [row], replace={"address", "noted_at"})
    if before is None:
        connection.execute(delete(STATEMENTS).where(STATEMENTS.c.noted_at < now - _KEPT))
    return before


def forget_statement(connection: Connection, run_id: str, statement_id: str, worker: str) -> None:
    """Forgets a statement of a run that this worker has."""
    require_own(connection, run_id, worker)
    connection.execute(delete(STATEMENTS).where(STATEMENTS.c.statement_id == statement_id))
