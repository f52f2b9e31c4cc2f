"""Postgres, and Redshift, which speaks its protocol."""

from http import HTTPStatus
from typing import Any

import psycopg
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from domain.errors import OperatorError, RepairableError, UserError, VtionError
from warehouse.query_errors import QueryTooLargeError, QueryTooSlowError
from warehouse.sql_engines.backend import Backend

_CONNECT_SECONDS = 10
_MILLISECONDS = 1000
_CANCELLED = "57014"
_NO_MEMORY = "53"
_VALUE_FAULT = "22"
_ATHENA_NAME = {
    "bool": "boolean",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "float4": "real",
    "float8": "double",
    "numeric": "decimal",
    "date": "date",
    "time": "time(6)",
    "timestamp": "timestamp(6)",
    "timestamptz": "timestamp(6) with time zone",
    "bytea": "varbinary",
}
_STATEMENT_FAULTS = ("42", "0A", "21", "2F", "54")
_PRIVILEGE = "42501"


class EngineBusyError(UserError):
    """The engine takes no more connections for now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "warehouse_busy"
    title = "The warehouse is busy"


class Postgres(Backend):
    """Postgres through psycopg, in sessions that can only read."""

    name = "postgres"
    dialect = "postgres"
    errors = (psycopg.Error, SQLAlchemyError)

    def address(self, url: URL) -> URL:
        """Returns the URL with psycopg as its driver."""
        return url.set(drivername="postgresql+psycopg")

    def default_schema(self, url: URL) -> str:
        """Returns `public`, where the URL's options say nothing else."""
        del url
        return "public"

    def connect_arguments(self, timeout_seconds: float) -> dict[str, Any]:
        """Returns bounds of the session."""
        timeout = round(timeout_seconds * _MILLISECONDS)
        options = f"-c statement_timeout={timeout} -c default_transaction_read_only=on"
        return {"connect_timeout": _CONNECT_SECONDS, "options": f"{options} -c TimeZone=UTC"}

    def explain(self, sql: str) -> str:
        """Returns the statement that plans without running."""
        return f"EXPLAIN {sql}"

    def cancel(self, connection: Any, cursor: Any) -> None:  # noqa: ANN401 - a driver's own
        """Sends a cancel request over a connection of its own."""
        del cursor
        connection.cancel_safe()

    def column(self, described: Any) -> tuple[str, str]:  # noqa: ANN401 - a driver's own
        """Returns name and type."""
        kind = str(described.type_display)
        name, opened, sizes = kind.partition("(")
        athena = _ATHENA_NAME.get(name, "varchar")
        return str(described.name), f"decimal({sizes}" if name == "numeric" and opened else athena

    def classify(self, error: Exception) -> VtionError:
        """Returns the error by its SQLSTATE."""
        if not isinstance(error, psycopg.Error) or error.sqlstate is None:
            return OperatorError(f"{self.name} cannot be reached: {error}", "See VTION_WAREHOUSE.")
        return _by_state(error, error.sqlstate, self.name)


class Redshift(Postgres):
    """Redshift by Postgres' protocol; Spectrum's external schemas read as any other."""

    name = "redshift"
    dialect = "redshift"

    def connect_arguments(self, timeout_seconds: float) -> dict[str, Any]:
        """Returns bounds of the session: Redshift knows fewer settings."""
        timeout = round(timeout_seconds * _MILLISECONDS)
        options = f"-c statement_timeout={timeout}"
        return {"connect_timeout": _CONNECT_SECONDS, "options": options}


def _by_state(error: psycopg.Error, state: str, name: str) -> VtionError:
    words = error.diag.message_primary or type(error).__name__
    if state == _CANCELLED:
        return QueryTooSlowError("The query took too long. Ask for a shorter period.")
    if state.startswith(_NO_MEMORY):
        return (
            EngineBusyError("The warehouse is busy. Please ask again in a minute.")
            if state == "53300"
            else QueryTooLargeError("The query needs more memory than the engine gives.")
        )
    if state.startswith(_VALUE_FAULT):
        # The words hold the value.
        return RepairableError(f"A value does not fit: {_kind(error)}.")
    if state == _PRIVILEGE:
        return OperatorError(f"{name} may not read the data: {words}", "Grant SELECT to its role.")
    if state.startswith(_STATEMENT_FAULTS):
        return RepairableError(words)
    return OperatorError(f"{name} failed with {state}: {words}")


def _kind(error: psycopg.Error) -> str:
    """Returns, say, `division by zero` for DivisionByZero."""
    name = type(error).__name__
    return "".join(f" {a.lower()}" if a.isupper() else a for a in name).strip()
