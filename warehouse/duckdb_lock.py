"""The lock that every statement runs behind, whoever wrote it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import duckdb
from duckdb import DuckDBPyConnection, Statement

from domain.errors import RepairableError
from warehouse.quoting import quote_list
from warehouse.trino_macros.attach import attach_macros

SessionOptions: TypeAlias = dict[str, str | bool | int | float | list[str]]
"""DuckDB's own settings by name."""


def open_locked(file: Path | str, options: SessionOptions) -> DuckDBPyConnection:
    """Opens a database file that nothing can write to, or leave, from the first statement on."""
    connection = duckdb.connect(str(file), read_only=True, config=options)
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


def single_select(connection: DuckDBPyConnection, sql: str) -> Statement:
    """Returns the statement; raises RepairableError unless DuckDB sees exactly one SELECT."""
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise RepairableError("Exactly one statement is allowed.", rule="single_statement")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise RepairableError("Only SELECT statements are allowed.", rule="select_only")
    return statements[0]
