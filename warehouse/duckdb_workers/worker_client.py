"""The service's side of one worker."""

import contextlib
import threading
import time
from collections.abc import Iterator

import pyarrow as pa
import structlog

from domain.errors import OperatorError, VtionError
from domain.result_table import ResultColumn
from warehouse.duckdb_workers.frames import Channel, Frame, Kind
from warehouse.duckdb_workers.nursery_client import Nursery
from warehouse.duckdb_workers.wire_errors import error_of
from warehouse.duckdb_workers.worker import WorkerOptions
from warehouse.query_errors import QueryTooLargeError, out_of_memory, too_slow
from warehouse.result_store import StoredResult

GRACE_SECONDS = 1.0
"""After an interrupt, before the process is killed."""
_log = structlog.get_logger(__name__)


class WorkerDiedError(VtionError):
    """The process went away in the midst of a statement."""


class WorkerClient:
    """One process. One statement at a time; any thread may interrupt or end it."""

    def __init__(self, nursery: Nursery, options: WorkerOptions) -> None:
        """Starts the process and waits until it is ready. Raises OperatorError where it is not."""
        self._nursery = nursery
        self._options = options
        statements, interrupts, self._process_id = nursery.start(options)
        self._channel, self._control = Channel(statements), Channel(interrupts)
        self._number = 0
        self._ending = threading.Lock()
        self._has_ended = False
        self._is_fit = True
        self._expect_ready()

    @property
    def process_id(self) -> int:
        """For tests and logs."""
        return self._process_id

    @property
    def is_fit(self) -> bool:
        """False where the process has died or should be replaced. Asked between statements."""
        return self._is_fit and not self._channel.has_news

    def select(self, sql: str, seconds: float) -> StoredResult:
        """Runs one statement. Raises its error, or WorkerDiedError."""
        columns: tuple[ResultColumn, ...] = ()
        batches: list[pa.RecordBatch] = []
        held = 0
        for frame in self._answer(Kind.RUN, sql, seconds):
            if frame.kind is Kind.COLUMNS:
                columns = tuple(ResultColumn(*column) for column in frame.content)
                continue
            held += len(frame.payload)
            if held > 2 * self._options["result_bytes"]:
                self._is_fit = False
                raise QueryTooLargeError("The result is too large to hold. Ask for fewer rows.")
            batches += pa.ipc.open_stream(pa.py_buffer(frame.payload))
        return StoredResult(columns, pa.Table.from_batches(batches))

    def bind(self, sql: str, seconds: float) -> None:
        """Checks names and types of one statement. Raises its error, or WorkerDiedError."""
        for _ in self._answer(Kind.BIND, sql, seconds):
            pass

    def interrupt(self) -> None:
        """Asks the process to stop what it runs. Returns at once."""
        with contextlib.suppress(OSError):
            self._control.send_json(Kind.INTERRUPT, self._number)

    def end(self) -> int | None:
        """Ends the process, at once. Returns its exit code, None from the second time on."""
        with self._ending:
            if self._has_ended:
                return None
            self._has_ended = True
            self._is_fit = False
            self._channel.close()
            self._control.close()
            return self._nursery.end(self._process_id)

    def _answer(self, kind: Kind, sql: str, seconds: float) -> Iterator[Frame]:
        self._number += 1
        until = time.monotonic() + seconds
        try:
            self._channel.send_json(kind, {"sql": sql, "number": self._number})
        except OSError:
            raise self._died() from None
        while True:
            frame = self._next(until, seconds)
            if frame is None:
                raise self._died()
            if frame.kind is Kind.END:
                self._is_fit = self._is_fit and not frame.content["worn"]
                return
            if frame.kind is Kind.ERROR:
                raise self._failed(frame)
            yield frame

    def _next(self, until: float, seconds: float) -> Frame | None:
        """Returns the next frame. After the deadline: interrupts, then kills."""
        try:
            return self._channel.receive(until)
        except TimeoutError:
            self.interrupt()
        try:
            while (frame := self._channel.receive(until + GRACE_SECONDS)) is not None:
                if frame.kind in (Kind.END, Kind.ERROR):
                    break
        except TimeoutError:
            self.end()
        raise too_slow(seconds)

    def _failed(self, frame: Frame) -> VtionError:
        error = error_of(frame.content)
        if isinstance(error, QueryTooLargeError | OperatorError):
            self._is_fit = False
        return error

    def _died(self) -> VtionError:
        self._is_fit = False
        exit_code = self.end()
        if exit_code is not None:
            _log.warning("duckdb_worker_died", process_id=self._process_id, exit_code=exit_code)
        return WorkerDiedError(str(out_of_memory()))

    def _expect_ready(self) -> None:
        frame = self._channel.receive()
        if frame is not None and frame.kind is Kind.READY:
            return
        self.end()
        raise error_of(frame.content) if frame else OperatorError("A worker ended at its start.")
