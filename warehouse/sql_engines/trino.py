"""Trino through its own client."""

from typing import Any

import requests
import trino.dbapi
import trino.exceptions
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from domain.errors import OperatorError, VtionError
from warehouse.query_errors import StatementLostError
from warehouse.sql_engines.backend import Backend
from warehouse.sql_engines.statement_place import StatementPlace
from warehouse.sql_engines.trino_request import NotedRequest
from warehouse.trino_failure import failure_of_reason

_ABANDONED = "ABANDONED_QUERY"


class Trino(Backend):
    """Trino runs the product's SQL as it is."""

    name = "trino"
    dialect = "trino"
    outlives_connections = True
    errors = (
        trino.exceptions.Error,
        requests.exceptions.RequestException,
        SQLAlchemyError,
    )

    def address(self, url: URL) -> URL:
        """Returns the URL as it is."""
        return url

    def default_schema(self, url: URL) -> str:
        """Returns the schema of `trino://user@host:port/catalog/schema`."""
        _, _, schema = (url.database or "").partition("/")
        if not schema:
            raise OperatorError(
                "VTION_WAREHOUSE names no schema: trino://user@host/catalog/schema."
            )
        return schema

    def connect_arguments(self, timeout_seconds: float) -> dict[str, Any]:
        """Returns bounds of the session."""
        return {
            "source": "vtion",
            "session_properties": {"query_max_run_time": f"{timeout_seconds:g}s"},
        }

    def cursor(self, connection: Any, place: StatementPlace | None) -> Any:  # noqa: ANN401 - a driver's own
        """Returns a cursor whose query another worker can go on with."""
        if place is None:
            return connection.cursor()
        driver = connection.driver_connection
        # The client offers no other way to see the addresses.
        return trino.dbapi.Cursor(driver, NotedRequest(driver._create_request(), place))

    def explain(self, sql: str) -> str:
        """Returns the statement that plans without running."""
        return f"EXPLAIN (TYPE VALIDATE) {sql}"

    def cancel(self, connection: Any, cursor: Any) -> None:  # noqa: ANN401 - a driver's own
        """Deletes the query on the coordinator."""
        del connection
        cursor.cancel()

    def column(self, described: Any) -> tuple[str, str]:  # noqa: ANN401 - a driver's own
        """Returns name and type."""
        return str(described[0]), str(described[1]).lower()

    def classify(self, error: Exception) -> VtionError:
        """Returns the error by Trino's own name and kind of it."""
        if isinstance(error, trino.exceptions.TrinoQueryError):
            if error.error_name == _ABANDONED:
                return StatementLostError()
            return failure_of_reason(f"{error.error_name}: {error.message}", str(error.query_id))
        if isinstance(error, trino.exceptions.Error | requests.exceptions.RequestException):
            return OperatorError(f"Trino cannot be reached: {error}", "See VTION_WAREHOUSE.")
        return OperatorError(f"Trino's client failed: {error!r}")
