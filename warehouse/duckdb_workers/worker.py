"""A worker: one locked database, one statement at a time, answers as Arrow."""

import json
import os
import threading
from typing import NoReturn, TypedDict

import duckdb
import pyarrow as pa
from duckdb import DuckDBPyConnection

from domain.errors import OperatorError, VtionError
from warehouse.bounded_call import BoundedCall
from warehouse.duckdb_lock import SessionOptions, open_locked
from warehouse.duckdb_select import LIBRARY_FAULTS, bind, open_select
from warehouse.duckdb_workers.frames import Channel, Frame, Kind
from warehouse.duckdb_workers.process_limits import address_space, limit_process
from warehouse.duckdb_workers.wire_errors import error_content
from warehouse.query_errors import QueryTooLargeError, out_of_memory


class WorkerOptions(TypedDict):
    """What a worker opens, and its bounds."""

    file: str
    session: SessionOptions
    memory_bytes: int
    result_bytes: int
    """A larger result ends its statement."""


def serve(channel: Channel, control: Channel, options: WorkerOptions) -> NoReturn:
    """Answers until the service is gone. Never returns: the process is a fork of another's.

    Statements come and go on `channel`; `control` carries interrupts.
    """
    try:
        connection = open_locked(options["file"], options["session"])
        open_select(connection, "SELECT 1")[1].read_all()
        worn_at = limit_process(options["memory_bytes"])
    except (duckdb.Error, OSError) as error:
        channel.send_json(Kind.ERROR, error_content(OperatorError(f"{error}")))
        os._exit(1)
    worker = _Worker(channel, connection, options["result_bytes"], worn_at)
    threading.Thread(target=worker.listen, args=(control,), daemon=True).start()
    channel.send(Kind.READY)
    while (frame := channel.receive()) is not None:
        worker.answer(frame)
    os._exit(0)


class _Worker:
    def __init__(
        self,
        channel: Channel,
        connection: DuckDBPyConnection,
        result_bytes: int,
        worn_at: int | None,
    ) -> None:
        self._channel = channel
        self._connection = connection
        self._result_bytes = result_bytes
        self._worn_at = worn_at
        self._current: tuple[int, BoundedCall] | None = None

    def listen(self, control: Channel) -> NoReturn:
        """Stops statements by their number until the service is gone. Runs in its own thread."""
        while (frame := control.receive()) is not None:
            current = self._current
            if current is not None and current[0] == frame.content:
                current[1].cancel()
        os._exit(0)

    def answer(self, frame: Frame) -> None:
        """Runs one statement to its end."""
        sql, number = frame.content["sql"], frame.content["number"]
        call = BoundedCall(self._connection, None)
        self._current = number, call
        work = bind if frame.kind is Kind.BIND else self._select
        try:
            call.run(lambda cursor: work(cursor, sql), sql)
            self._channel.send_json(Kind.END, {"worn": self._is_worn()})
        except VtionError as error:
            self._channel.send_json(Kind.ERROR, error_content(error))
        except MemoryError:
            self._channel.send_json(Kind.ERROR, error_content(out_of_memory()))
        except LIBRARY_FAULTS as error:
            fault = OperatorError(f"The statement could not be run: {error!r}")
            self._channel.send_json(Kind.ERROR, error_content(fault))

    def _select(self, cursor: DuckDBPyConnection, sql: str) -> None:
        columns, reader = open_select(cursor, sql)
        named = json.dumps([[c.name, c.type] for c in columns])
        self._channel.hold(Kind.COLUMNS, named.encode())
        held, is_first = 0, True
        for batch in reader:
            held += batch.nbytes
            if held > self._result_bytes:
                raise QueryTooLargeError("The result is too large to hold. Ask for fewer rows.")
            self._send(batch)
            is_first = False
        if is_first:
            self._send(pa.RecordBatch.from_pylist([], reader.schema))

    def _send(self, batch: pa.RecordBatch) -> None:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as writer:
            writer.write_batch(batch)
        self._channel.hold(Kind.BATCH, memoryview(sink.getvalue()))

    def _is_worn(self) -> bool:
        taken = address_space()
        return self._worn_at is not None and taken is not None and taken > self._worn_at
