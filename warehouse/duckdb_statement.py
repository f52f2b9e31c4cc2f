"""One submitted statement: where it stands, and the work that a thread does for it."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Executor

from domain.errors import OperatorError, VtionError
from warehouse.duckdb_engine import Call
from warehouse.duckdb_select import LIBRARY_FAULTS
from warehouse.protocol import QueryState, QueryStatus
from warehouse.query_errors import QueryCancelledError
from warehouse.result_store import StoredResult


class DuckdbStatement:
    """Runs in one thread, is watched and stopped from others."""

    def __init__(self, call: Call, translate: Callable[[], str], threads: Executor) -> None:
        self._call = call
        self._translate = translate
        self._threads = threads
        self._submitted_at = time.perf_counter()
        self._queue_ms = 0.0
        self._status = QueryStatus(QueryState.QUEUED)

    @property
    def status(self) -> QueryStatus:
        """State and meters now."""
        return self._status

    def stop(self) -> None:
        """Has the statement end soon, running or still queued. Returns at once."""
        self._call.cancel()

    def leave(self) -> None:
        """Stops it: it ends with its process anyway."""
        self.stop()

    def refuse(self, error: VtionError | None = None) -> None:
        """Ends the statement before it ran: failed with the error, cancelled without one."""
        self._queue_ms = _milliseconds_since(self._submitted_at)
        state = QueryState.CANCELLED if error is None else QueryState.FAILED
        self._end(state, time.perf_counter(), error=error)

    async def run(self) -> StoredResult | None:
        """Runs the statement to its end; None where it failed, with the reason in `status`."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run)

    def _run(self) -> StoredResult | None:
        started_at = time.perf_counter()
        self._queue_ms = _milliseconds_since(self._submitted_at)
        self._status = QueryStatus(QueryState.RUNNING, queue_ms=self._queue_ms)
        try:
            result = self._call.select(self._translate())
        except QueryCancelledError:
            self._end(QueryState.CANCELLED, started_at)
        except VtionError as error:
            self._end(QueryState.FAILED, started_at, error=error)
        except LIBRARY_FAULTS as error:
            fault = OperatorError(f"The statement could not be run: {error!r}")
            self._end(QueryState.FAILED, started_at, error=fault)
        else:
            self._end(QueryState.SUCCEEDED, started_at, row_count=result.data.num_rows)
            return result
        return None

    def _end(
        self,
        state: QueryState,
        started_at: float,
        row_count: int = 0,
        error: VtionError | None = None,
    ) -> None:
        self._status = QueryStatus(
            state,
            row_count=row_count,
            engine_ms=_milliseconds_since(started_at),
            queue_ms=self._queue_ms,
            error=error,
        )


def _milliseconds_since(moment: float) -> float:
    return (time.perf_counter() - moment) * 1000
