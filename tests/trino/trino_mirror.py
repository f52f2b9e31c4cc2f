"""The same data twice: a folder of Parquet that DuckDB serves and Trino's hive catalog reads."""

from pathlib import Path

import duckdb

from domain.catalog import TableSchema
from settings.settings import Settings
from tests.trino.trino_rows import TrinoSession
from tests.trino.trino_server import TrinoServer
from warehouse.duckdb_source import open_source
from warehouse.open_duckdb import open_trusted
from warehouse.quoting import quote_name


async def mirror(server: TrinoServer, source: Path, schema: str) -> Path:
    """Writes every table of the source once, as Parquet, and names it to Trino.

    Returns the folder, which both engines read.
    """
    folder = server.files / schema
    _copy(source, folder)
    warehouse = open_trusted(open_source(f"duckdb://{folder}"), Settings())
    session = TrinoSession(server, "default")
    try:
        session.run(f"CREATE SCHEMA hive.{schema} WITH (location = 'local:///schemas/{schema}')")
        for table in (await warehouse.catalog()).tables:
            session.run(_definition(schema, table))
    finally:
        session.close()
        await warehouse.close()
    return folder


def _copy(source: Path, folder: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        found = open_source(f"duckdb://{source}")
        found.mount(connection)
        for (name,) in connection.execute(
            "SELECT view_name FROM duckdb_views() WHERE NOT internal"
        ).fetchall():
            (folder / name).mkdir(parents=True)
            connection.execute(
                f"COPY (SELECT * FROM {quote_name(name)}) TO '{folder / name / 'part.parquet'}'"
            )


def _definition(schema: str, table: TableSchema) -> str:
    columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
    location = f"local:///{schema}/{table.name}"
    return (
        f'CREATE TABLE hive.{schema}."{table.name}" ({columns}) '
        f"WITH (format = 'PARQUET', external_location = '{location}')"
    )
