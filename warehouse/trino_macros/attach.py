"""Makes the macros known to a connection, read-only, under a name of their own."""

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


def attach_macros(connection: DuckDBPyConnection) -> None:
    """Attaches a database that holds the macros and nothing else, as `trino`.

    Its file is gone once it is open, so nothing can be written to it, in any session.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / "macros.duckdb"
        file.write_bytes(macro_database())
        connection.execute(f"ATTACH {quote_text(str(file))} AS {DATABASE} (READ_ONLY)")


@cache
def macro_database() -> bytes:
    """Returns the bytes of a database file with every macro.

    One thread, so that a process may fork afterwards; one transaction, so one write to the disk.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / "macros.duckdb"
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.execute(f"ATTACH {quote_text(str(file))} AS {DATABASE}")
            connection.execute(f"USE {DATABASE}")
            connection.begin()
            for script in _SCRIPTS:
                text = files(__package__).joinpath(script).read_text(encoding="utf-8")
                connection.execute(text.replace("{schema}", SCHEMA))
            connection.commit()
            connection.execute("USE memory")
            connection.execute(f"DETACH {DATABASE}")
        return file.read_bytes()
