"""Where DuckDB's statements run: in this process (trusted SQL), or in workers (anybody's)."""

from typing import Protocol

import pyarrow as pa
from duckdb import DuckDBPyConnection

from warehouse.bounded_call import BoundedCall
from warehouse.duckdb_select import bind, open_select
from warehouse.query_errors import QueryTooLargeError
from warehouse.result_store import StoredResult


class Call(Protocol):
    """One statement. Runs once, in the thread that calls `select` or `bind`."""

    def select(self, sql: str) -> StoredResult:
        """Returns the whole result. Raises the statement's error."""

    def bind(self, sql: str) -> None:
        """Checks names and types without running. Raises the statement's error."""

    def cancel(self) -> None:
        """Stops the statement, running or not begun. Returns at once."""


class Engine(Protocol):
    """Runs statements for any number of threads."""

    def new_call(self, seconds: float) -> Call:
        """Returns a statement to run, with its time limit."""

    def new_plan(self, seconds: float) -> Call:
        """Returns a statement to plan, with its time limit."""

    def close(self) -> None:
        """Frees every resource."""


class LocalCall:
    """A statement on a cursor of its own."""

    def __init__(self, connection: DuckDBPyConnection, seconds: float, result_bytes: int) -> None:
        self._call = BoundedCall(connection, seconds)
        self._result_bytes = result_bytes

    def select(self, sql: str) -> StoredResult:
        """Returns the whole result. Raises the statement's error."""
        return self._call.run(lambda cursor: self._fetch(cursor, sql), sql)

    def bind(self, sql: str) -> None:
        """Checks names and types without running. Raises the statement's error."""
        self._call.run(lambda cursor: bind(cursor, sql), sql)

    def cancel(self) -> None:
        """Stops the statement. Returns at once."""
        self._call.cancel()

    def _fetch(self, cursor: DuckDBPyConnection, sql: str) -> StoredResult:
        columns, reader = open_select(cursor, sql)
        batches, held = [], 0
        for batch in reader:
            held += batch.nbytes
            if held > self._result_bytes:
                raise QueryTooLargeError("The result is too large to hold. Ask for fewer rows.")
            batches.append(batch)
        return StoredResult(columns, pa.Table.from_batches(batches, reader.schema))


class LocalEngine:
    """Statements on one locked connection of this process."""

    def __init__(self, connection: DuckDBPyConnection, result_bytes: int) -> None:
        self._connection = connection
        self._result_bytes = result_bytes

    def new_call(self, seconds: float) -> LocalCall:
        """Returns a statement to run."""
        return LocalCall(self._connection, seconds, self._result_bytes)

    def new_plan(self, seconds: float) -> LocalCall:
        """Returns a statement to plan."""
        return self.new_call(seconds)

    def close(self) -> None:
        """Closes the database."""
        self._connection.close()
