"""A fixed number of workers, kept warm, replaced when they die or have grown."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from domain.errors import OperatorError
from warehouse.duckdb_workers.nursery_client import Nursery
from warehouse.duckdb_workers.worker import WorkerOptions
from warehouse.duckdb_workers.worker_client import WorkerClient


class WorkerPool:
    """Lends workers to threads. The one used last is lent first: its memory is warm."""

    def __init__(self, nursery: Nursery, options: WorkerOptions, count: int) -> None:
        """Returns at once; the workers start behind it."""
        self._nursery = nursery
        self._options = options
        self._places: queue.LifoQueue[WorkerClient | None] = queue.LifoQueue()
        self._workers: set[WorkerClient] = set()
        self._changing = threading.Lock()
        self._is_closed = False
        for _ in range(count):
            self._renew(None)

    @property
    def process_ids(self) -> frozenset[int]:
        """The workers that run now."""
        with self._changing:
            return frozenset(worker.process_id for worker in self._workers)

    @contextmanager
    def worker(self) -> Iterator[WorkerClient]:
        """Lends a worker; waits for one. Raises OperatorError where none can be started."""
        place = self._places.get()
        try:
            place = place if place is not None and place.is_fit else self._replaced(place)
            yield place
        finally:
            if place is not None and place.is_fit:
                self._places.put(place)
            else:
                self._renew(place)

    def close(self) -> None:
        """Ends every worker, also those at work."""
        with self._changing:
            self._is_closed = True
            workers = list(self._workers)
            self._workers.clear()
        for worker in workers:
            worker.end()

    def _renew(self, old: WorkerClient | None) -> None:
        threading.Thread(target=self._fill, args=(old,), name="duckdb-start", daemon=True).start()

    def _fill(self, old: WorkerClient | None) -> None:
        new: WorkerClient | None = None
        try:
            new = self._replaced(old)
        except OperatorError:
            # Whoever takes the place tries again, and has somebody to tell.
            new = None
        finally:
            self._places.put(new)

    def _replaced(self, old: WorkerClient | None) -> WorkerClient:
        if old is not None:
            with self._changing:
                self._workers.discard(old)
            old.end()
        self._raise_if_closed()
        new = WorkerClient(self._nursery, self._options)
        with self._changing:
            if not self._is_closed:
                self._workers.add(new)
                return new
        new.end()
        raise OperatorError("The warehouse is closed.")

    def _raise_if_closed(self) -> None:
        if self._is_closed:
            raise OperatorError("The warehouse is closed.")
