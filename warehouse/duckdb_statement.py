"""One submitted statement: where it stands, and the work that a thread does for it."""

import time
from collections.abc import Callable

import pyarrow as pa
from duckdb import DuckDBPyConnection

from domain.errors import OperatorError, VtionError
from domain.result_table import ResultColumn
from warehouse.bounded_call import BoundedCall
from warehouse.duckdb_errors import QueryCancelledError, QueryTooLargeError
from warehouse.duckdb_lock import require_single_select
from warehouse.duckdb_types import athena_types
from warehouse.protocol import QueryState, QueryStatus
from warehouse.result_store import StoredResult

_BATCH_ROWS = 100_000
_FAULTS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What a library raises on input that it did not foresee: the statement ends, and says so."""


class DuckdbStatement:
    """Runs in one thread, is watched and cancelled from others."""

    def __init__(
        self,
        connection: DuckDBPyConnection,
        translate: Callable[[], str],
        seconds: float,
        maximum_bytes: int,
    ) -> None:
        self._call = BoundedCall(connection, seconds)
        self._translate = translate
        self._maximum_bytes = maximum_bytes
        self._submitted_at = time.perf_counter()
        self._queue_ms = 0.0
        self._status = QueryStatus(QueryState.QUEUED)

    @property
    def status(self) -> QueryStatus:
        """State and meters now."""
        return self._status

    def cancel(self) -> None:
        """Stops the statement, running or still queued. Returns at once."""
        self._call.cancel()

    def run(self) -> StoredResult | None:
        """Runs the statement to its end; None where it failed, with the reason in `status`."""
        started_at = time.perf_counter()
        self._queue_ms = _milliseconds_since(self._submitted_at)
        self._status = QueryStatus(QueryState.RUNNING, queue_ms=self._queue_ms)
        try:
            sql = self._translate()
            result = self._call.run(lambda cursor: self._fetch(cursor, sql), sql)
        except QueryCancelledError:
            self._end(QueryState.CANCELLED, started_at)
        except VtionError as error:
            self._end(QueryState.FAILED, started_at, error=error)
        except _FAULTS as error:
            fault = OperatorError(f"The statement could not be run: {error!r}")
            self._end(QueryState.FAILED, started_at, error=fault)
        else:
            self._end(QueryState.SUCCEEDED, started_at, row_count=result.data.num_rows)
            return result
        return None

    def _fetch(self, cursor: DuckDBPyConnection, sql: str) -> StoredResult:
        require_single_select(cursor, sql)
        relation = cursor.sql(sql)
        types = athena_types(relation.types)
        columns = tuple(map(ResultColumn, relation.columns, types))
        reader = relation.to_arrow_reader(_BATCH_ROWS)
        return StoredResult(columns, self._bounded(reader))

    def _bounded(self, reader: pa.RecordBatchReader) -> pa.Table:
        batches, held = [], 0
        for batch in reader:
            held += batch.nbytes
            if held > self._maximum_bytes:
                raise QueryTooLargeError("The result is too large to hold. Ask for fewer rows.")
            batches.append(batch)
        return pa.Table.from_batches(batches, reader.schema)

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
