"""One statement on a connection of its own, that another thread can stop."""

import threading
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from domain.errors import OperatorError, VtionError
from domain.result_table import ResultColumn, Value
from warehouse.remote_warehouse import RowResult, plain_value, require_holdable
from warehouse.sql_engines.backend import Backend
from warehouse.sql_engines.statement_place import StatementPlace

_PAGE_ROWS = 5_000


class EngineCall:
    """Runs once, in the thread that calls `run`."""

    def __init__(
        self, engine: Engine, backend: Backend, sql: str, place: StatementPlace | None = None
    ) -> None:
        self._engine = engine
        self._place = place
        self._backend = backend
        self._sql = sql
        self._lock = threading.Lock()
        self._running: tuple[Any, Any] | None = None
        self._is_cancelled = False

    def run(self) -> RowResult:
        """Returns the whole result; raises the error that the engine's means."""
        faults = self._backend.errors
        try:
            connection = self._engine.raw_connection()
        except faults as error:
            raise self._classified(error) from error
        is_whole = False
        try:
            result = self._read(connection)
            is_whole = True
        except faults as error:
            raise self._classified(error) from error
        finally:
            with self._lock:
                self._running = None
            if not is_whole:
                # Whatever state it is in, the next statement shall not find it.
                connection.invalidate()
            connection.close()
        return result

    def cancel(self) -> None:
        """Stops the statement on the engine, or keeps it from starting."""
        with self._lock:
            self._is_cancelled = True
            if self._running is not None:
                self._backend.cancel(*self._running)

    def leave(self) -> None:
        """Asks no more about a statement that goes on without its connection; stops any other."""
        if self._place is None:
            self.cancel()
        else:
            self._place.leave()

    def _read(self, connection: Any) -> RowResult:  # noqa: ANN401 - a driver's own
        cursor = self._backend.cursor(connection, self._place)
        with self._lock:
            if self._is_cancelled:
                raise OperatorError("The statement was cancelled before it began.")
            self._running = (connection.driver_connection, cursor)
        cursor.execute(self._sql)
        rows: list[tuple[Value, ...]] = []
        while page := cursor.fetchmany(_PAGE_ROWS):
            rows += [tuple(plain_value(value) for value in row) for row in page]
            require_holdable(len(rows))
        columns = tuple(ResultColumn(*self._backend.column(item)) for item in cursor.description)
        cursor.close()
        return RowResult(columns, rows)

    def _classified(self, error: Exception) -> VtionError:
        if isinstance(error, DBAPIError) and isinstance(error.orig, Exception):
            return self._backend.classify(error.orig)
        if isinstance(error, SQLAlchemyError):
            return OperatorError(f"{self._backend.name} cannot be used: {error}")
        return self._backend.classify(error)
