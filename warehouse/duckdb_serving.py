"""The serving database: a copy that holds the allowed tables and columns and nothing else."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from domain.policy import Policy
from settings.settings import Settings
from warehouse.duckdb_session_options import session_options
from warehouse.duckdb_source import DuckdbSource, FileSource, fingerprint
from warehouse.quoting import quote_name, quote_text

_LAYOUT = "1"
"""Changed when the copy is made in another way."""
_COPIES_KEPT = 3


def serving_file(source: DuckdbSource, policy: Policy, settings: Settings, folder: Path) -> Path:
    """Returns a database file that may be served, building it where there is none yet.

    A plain database file under a policy that denies nothing serves as it is.
    """
    denied = {t.lower(): {c.lower() for c in cs} for t, cs in policy.denied_columns.items()}
    if isinstance(source, FileSource) and not denied and _is_plain(source.file):
        return source.file
    stem = hashlib.sha256(str(source.files[0].parent).encode()).hexdigest()[:8]
    file = folder / f"{stem}-{_key(source, denied)}.duckdb"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _build(source, denied, settings, file)
        _forget_older(folder.glob(f"{stem}-*.duckdb"))
    return file


def _key(source: DuckdbSource, denied: dict[str, set[str]]) -> str:
    rules = sorted((table, sorted(columns)) for table, columns in denied.items())
    text = f"{_LAYOUT}|{duckdb.__version__}|{fingerprint(source)}|{rules}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _build(
    source: DuckdbSource, denied: dict[str, set[str]], settings: Settings, file: Path
) -> None:
    unfinished = file.with_suffix(f".{os.getpid()}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        with duckdb.connect(config=session_options(settings)) as connection:
            source.mount(connection)
            connection.execute(f"ATTACH {quote_text(str(unfinished))} AS serving")
            for table, columns in _allowed_columns(connection, denied).items():
                selected = ", ".join(map(quote_name, columns))
                connection.execute(
                    f"CREATE TABLE serving.main.{quote_name(table)} AS "
                    f"SELECT {selected} FROM memory.main.{quote_name(table)}"
                )
            connection.execute("DETACH serving")
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def _allowed_columns(
    connection: DuckDBPyConnection, denied: dict[str, set[str]]
) -> dict[str, list[str]]:
    rows = connection.execute(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_catalog = 'memory' AND table_schema = 'main' ORDER BY 1, ordinal_position"
    ).fetchall()
    allowed: dict[str, list[str]] = {}
    for table, column in rows:
        if column.lower() not in denied.get(table.lower(), set()):
            allowed.setdefault(table, []).append(column)
    return allowed


def _is_plain(file: Path) -> bool:
    """True where the file holds tables of the `main` schema only: no views, macros or types."""
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH {quote_text(str(file))} AS source_file (READ_ONLY)")
        row = connection.execute(
            "SELECT (SELECT count(*) FROM duckdb_views() "
            "        WHERE database_name = 'source_file' AND NOT internal)"
            " + (SELECT count(*) FROM duckdb_tables() "
            "    WHERE database_name = 'source_file' AND schema_name <> 'main')"
            " + (SELECT count(*) FROM duckdb_functions() "
            "    WHERE database_name = 'source_file' AND NOT internal)"
        ).fetchone()
    return row == (0,)


def _forget_older(files: Iterable[Path]) -> None:
    newest_first = sorted(files, key=lambda file: file.stat().st_mtime, reverse=True)
    for file in newest_first[_COPIES_KEPT:]:
        file.unlink(missing_ok=True)
