"""The lock that every statement runs behind, whoever wrote it."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from domain.errors import RepairableError
from settings.settings import Settings
from warehouse.quoting import quote_list
from warehouse.trino_macros.attach import attach_macros

_MEBIBYTE = 1024 * 1024


def memory_bytes(settings: Settings) -> int:
    """Returns the memory that all statements of one session share."""
    return settings.warehouse_memory_megabytes * _MEBIBYTE


def session_options(settings: Settings) -> dict[str, str | bool | int | float | list[str]]:
    """Bounds and switches of a new session: no code, no extension, no spill to disk."""
    return {
        "memory_limit": f"{settings.warehouse_memory_megabytes}MiB",
        "threads": settings.warehouse_threads,
        "temp_directory": "",
        "python_enable_replacements": False,
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
        "allow_community_extensions": False,
        "allow_persistent_secrets": False,
    }


def open_locked(file: Path, settings: Settings) -> DuckDBPyConnection:
    """Opens a database file that nothing can write to, or leave, from the first statement on."""
    connection = duckdb.connect(str(file), read_only=True, config=session_options(settings))
    attach_macros(connection)
    connection.execute("SET enable_external_access = false")
    _fix_settings(connection)
    return connection


def lock(connection: DuckDBPyConnection, readable_files: Sequence[Path]) -> None:
    """Confines a trusted session to the files of its views. Cannot be undone.

    Allowed paths can still be written to by COPY: a locked session is for trusted SQL only.
    """
    attach_macros(connection)
    connection.execute(f"SET allowed_paths = {quote_list(map(str, readable_files))}")
    connection.execute("SET enable_external_access = false")
    _fix_settings(connection)


def _fix_settings(connection: DuckDBPyConnection) -> None:
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    connection.execute("SET lock_configuration = true")


def require_single_select(connection: DuckDBPyConnection, sql: str) -> None:
    """Raises RepairableError unless DuckDB's own parser sees exactly one SELECT."""
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise RepairableError("Exactly one statement is allowed.", rule="single_statement")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise RepairableError("Only SELECT statements are allowed.", rule="select_only")
