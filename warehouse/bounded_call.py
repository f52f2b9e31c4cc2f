"""Work on a DuckDB connection that a deadline or another thread can stop."""

import threading
from collections.abc import Callable
from typing import TypeVar

import duckdb
from duckdb import DuckDBPyConnection

from domain.errors import RepairableError, VtionError
from warehouse.duckdb_errors import classify
from warehouse.query_errors import QueryCancelledError, too_slow

Result = TypeVar("Result")

_CUT_MESSAGE = "DuckDB refused the statement with a message that cannot be read."
"""It cuts long messages between the bytes of a character."""
_INTERRUPT_EVERY_SECONDS = 0.05
"""An interrupt between two phases of a statement is lost, so it is sent until one lands."""


class BoundedCall:
    """One piece of work on a cursor of its own. Runs once, in the thread that calls `run`."""

    def __init__(self, connection: DuckDBPyConnection, seconds: float | None) -> None:
        """`seconds` is None where somebody else keeps the time."""
        self._cursor = connection.cursor()
        self._seconds = seconds
        self._stopped_by: VtionError | None = None
        self._finished = threading.Event()

    def run(self, work: Callable[[DuckDBPyConnection], Result], sql: str) -> Result:
        """Returns what the work returns.

        Raises QueryTooSlowError, QueryCancelledError, or `classify`'s error for DuckDB's.
        """
        deadline = self._deadline()
        try:
            self._raise_if_stopped()
            result = work(self._cursor)
            self._raise_if_stopped()
            return result
        except duckdb.Error as error:
            self._raise_if_stopped()
            raise classify(error, sql) from None
        except UnicodeDecodeError:
            self._raise_if_stopped()
            raise RepairableError(_CUT_MESSAGE) from None
        finally:
            self._finished.set()
            if deadline is not None:
                deadline.cancel()
            self._cursor.close()

    def cancel(self) -> None:
        """Stops the work from another thread. Returns at once."""
        reason = QueryCancelledError("The query was cancelled.")
        threading.Thread(target=self._stop, args=(reason,), daemon=True).start()

    def _deadline(self) -> threading.Timer | None:
        if self._seconds is None:
            return None
        timer = threading.Timer(self._seconds, self._stop, (too_slow(self._seconds),))
        timer.daemon = True
        timer.start()
        return timer

    def _stop(self, reason: VtionError) -> None:
        self._stopped_by = self._stopped_by or reason
        while not self._finished.is_set():
            self._cursor.interrupt()
            self._finished.wait(_INTERRUPT_EVERY_SECONDS)

    def _raise_if_stopped(self) -> None:
        if self._stopped_by is not None:
            raise self._stopped_by
