"""Ends what a crash left open, and forgets conversations; usage stays, for budgets."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from domain.error_codes import ErrorCode
from run_store.tables import FEEDBACK, RUNS, STATEMENTS, THREADS


def delete_thread(connection: Connection, thread_id: str) -> None:
    """Deletes a conversation, its runs and their feedback."""
    runs = select(RUNS.c.run_id).where(RUNS.c.thread_id == thread_id)
    connection.execute(delete(FEEDBACK).where(FEEDBACK.c.run_id.in_(runs)))
    connection.execute(delete(STATEMENTS).where(STATEMENTS.c.run_id.in_(runs)))
    connection.execute(delete(RUNS).where(RUNS.c.thread_id == thread_id))
    connection.execute(delete(THREADS).where(THREADS.c.thread_id == thread_id))


def end_orphans(connection: Connection, age: timedelta) -> int:
    """Marks runs of no worker that began so long ago and never ended as interrupted.

    Such runs are those of commands; a run that was served is taken up. Returns how many.
    """
    is_old = RUNS.c.started_at <= datetime.now(UTC) - age
    orphans = (RUNS.c.status == "running") & (RUNS.c.worker == "") & is_old
    ended = update(RUNS).where(orphans).values(status="failed", error_code=INTERRUPTED)
    return connection.execute(ended).rowcount


INTERRUPTED: ErrorCode = "interrupted"
"""The error code of a run whose process ended before it did, and that is not taken up."""
