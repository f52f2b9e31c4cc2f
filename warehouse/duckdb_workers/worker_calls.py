"""Statements on the workers' pools, with a deadline and a way to stop each."""

import threading
from collections.abc import Callable
from typing import TypeVar

from domain.errors import VtionError
from warehouse.duckdb_workers.nursery_client import shared_nursery
from warehouse.duckdb_workers.pool import WorkerPool
from warehouse.duckdb_workers.worker import WorkerOptions
from warehouse.duckdb_workers.worker_client import GRACE_SECONDS, WorkerClient, WorkerDiedError
from warehouse.query_errors import QueryCancelledError, out_of_memory
from warehouse.result_store import StoredResult

Result = TypeVar("Result")

_PLANNING_WORKERS = 1
"""Its own: planning computes constants, so it can be a bomb too, and must not wait for results."""


class WorkerCall:
    """One statement. Runs once, in the thread that calls it."""

    def __init__(self, pool: WorkerPool, seconds: float) -> None:
        self._pool = pool
        self._seconds = seconds
        self._changing = threading.Lock()
        self._worker: WorkerClient | None = None
        self._stopped_by: VtionError | None = None

    def select(self, sql: str) -> StoredResult:
        """Returns the whole result. Raises the statement's error."""
        return self._on_worker(lambda worker: worker.select(sql, self._seconds))

    def bind(self, sql: str) -> None:
        """Checks names and types of the statement. Raises its error."""
        self._on_worker(lambda worker: worker.bind(sql, self._seconds))

    def cancel(self) -> None:
        """Interrupts the statement, and kills its process where that does not help."""
        with self._changing:
            self._stopped_by = self._stopped_by or QueryCancelledError("The query was cancelled.")
            if self._worker is not None:
                self._worker.interrupt()
                timer = threading.Timer(GRACE_SECONDS, self._kill)
                timer.daemon = True
                timer.start()

    def _on_worker(self, work: Callable[[WorkerClient], Result]) -> Result:
        with self._pool.worker() as worker:
            self._begin(worker)
            try:
                result = work(worker)
                self._raise_if_stopped()
                return result
            except WorkerDiedError:
                self._raise_if_stopped()
                raise out_of_memory() from None
            finally:
                with self._changing:
                    self._worker = None

    def _begin(self, worker: WorkerClient) -> None:
        with self._changing:
            self._raise_if_stopped()
            self._worker = worker

    def _kill(self) -> None:
        with self._changing:
            if self._worker is not None:
                self._worker.end()

    def _raise_if_stopped(self) -> None:
        if self._stopped_by is not None:
            raise self._stopped_by


class WorkerEngine:
    """Two pools over one database file: one for results, one for plans."""

    def __init__(self, options: WorkerOptions, count: int) -> None:
        nursery = shared_nursery()
        self._running = WorkerPool(nursery, options, count)
        self._planning = WorkerPool(nursery, options, _PLANNING_WORKERS)

    def new_call(self, seconds: float) -> WorkerCall:
        """Returns a statement to run."""
        return WorkerCall(self._running, seconds)

    def new_plan(self, seconds: float) -> WorkerCall:
        """Returns a statement to plan."""
        return WorkerCall(self._planning, seconds)

    @property
    def process_ids(self) -> frozenset[int]:
        """The workers that run now."""
        return self._running.process_ids | self._planning.process_ids

    def close(self) -> None:
        """Ends every worker."""
        self._running.close()
        self._planning.close()
