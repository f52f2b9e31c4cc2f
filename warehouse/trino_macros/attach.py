"""Makes the macros known to a connection, read-only, under a name of their own."""

import hashlib
import os
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.quoting import quote_text

DATABASE = "trino"
SCHEMA = f"{DATABASE}.main"
_SCRIPTS = ("numbers.sql", "texts.sql", "arrays.sql", "dates.sql", "json.sql")
"""Each may call the macros of those before it."""
_CACHE = Path(__file__).parent / "__pycache__"
"""Beside the compiled code, which is made, kept and trusted in the same way."""


def attach_macros(connection: DuckDBPyConnection) -> None:
    """Attaches a database that holds the macros and nothing else, as `trino`.

    It is read-only in every session.
    """
    kept = macro_file()
    if kept is not None:
        _attach(connection, kept)
        return
    with TemporaryDirectory() as folder:
        file = Path(folder) / "macros.duckdb"
        file.write_bytes(_macro_database())
        _attach(connection, file)


@cache
def macro_file() -> Path | None:
    """Returns the file that holds every macro, made once; None where it cannot be kept.

    A process may fork afterwards.
    """
    file = _CACHE / f"macros-{_content()}.duckdb"
    if file.exists():
        return file
    unfinished = file.with_suffix(f".{os.getpid()}.unfinished")
    try:
        _CACHE.mkdir(exist_ok=True)
        unfinished.write_bytes(_macro_database())
        unfinished.replace(file)
    except OSError:
        return None
    for old in _CACHE.glob("macros-*.duckdb"):
        if old != file:
            old.unlink(missing_ok=True)
    return file


def _content() -> str:
    return hashlib.sha256("\n".join([duckdb.__version__, *_texts()]).encode()).hexdigest()[:16]


def _texts() -> list[str]:
    return [files(__package__).joinpath(script).read_text(encoding="utf-8") for script in _SCRIPTS]


@cache
def _macro_database() -> bytes:
    """Builds it with one thread, so that a fork is safe, and in one transaction: one write."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "macros.duckdb"
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.execute(f"ATTACH {quote_text(str(file))} AS {DATABASE}")
            connection.execute(f"USE {DATABASE}")
            connection.begin()
            for text in _texts():
                connection.execute(text.replace("{schema}", SCHEMA))
            connection.commit()
            connection.execute("USE memory")
            connection.execute(f"DETACH {DATABASE}")
        return file.read_bytes()


def _attach(connection: DuckDBPyConnection, file: Path) -> None:
    connection.execute(f"ATTACH {quote_text(str(file))} AS {DATABASE} (READ_ONLY)")
