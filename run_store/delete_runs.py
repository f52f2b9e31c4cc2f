"""Forgets conversations. Usage stays: budgets are not refilled by deleting."""

from sqlalchemy import Connection, delete, select

from run_store.tables import FEEDBACK, RUNS, THREADS


def delete_thread(connection: Connection, thread_id: str) -> None:
    """Deletes a conversation, its runs and their feedback."""
    runs = select(RUNS.c.run_id).where(RUNS.c.thread_id == thread_id)
    connection.execute(delete(FEEDBACK).where(FEEDBACK.c.run_id.in_(runs)))
    connection.execute(delete(RUNS).where(RUNS.c.thread_id == thread_id))
    connection.execute(delete(THREADS).where(THREADS.c.thread_id == thread_id))
