"""The id under which a run submits a statement: the same one again after a restart."""

import hashlib

from domain.run_state import RunState


def statement_id(state: RunState, sql: str, reading: int = 0) -> str:
    """Returns the id of this attempt's statement.

    It follows from the run, so that a worker that takes the run up submits nothing a second time.
    """
    attempt = len(state["failed_attempts"])
    parts = (state["run_id"], str(attempt), str(reading), sql)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]
