"""Opens the warehouse that a URL names."""

from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from domain.catalog import Catalog, ColumnSchema, TableSchema
from domain.errors import OperatorError
from domain.policy import Policy
from settings.settings import Settings
from warehouse.duckdb import DuckdbWarehouse
from warehouse.duckdb_lock import lock, memory_bytes, open_locked, session_options
from warehouse.duckdb_serving import serving_file
from warehouse.duckdb_source import DuckdbSource, open_source
from warehouse.duckdb_types import athena_type
from warehouse.protocol import WarehouseLimits
from warehouse.quoting import quote_name

SERVING_FOLDER = Path("var/serving")


def open_warehouse(
    url: str,
    settings: Settings,
    policy: Policy | None,
    serving_folder: Path = SERVING_FOLDER,
) -> DuckdbWarehouse:
    """Opens a locked session.

    With a policy: a serving session over a copy in `serving_folder` that holds no denied column
    (the first opening copies the data). Without: a trusted session over everything, for profiling
    and for engineers. Raises OperatorError where the data cannot be used.
    """
    if not url.startswith("duckdb://"):
        raise OperatorError(f"VTION_WAREHOUSE must begin with duckdb://, not {url.split(':')[0]}:.")
    source = open_source(url)
    try:
        connection = _connect(source, settings, policy, serving_folder)
        catalog = _read_catalog(connection, source)
    except duckdb.Error as error:
        raise OperatorError(f"The data at {url} cannot be opened: {error}") from error
    return DuckdbWarehouse(connection, catalog, _limits(settings))


def effective_policy(policy: Policy) -> Policy:
    """Returns the policy that a serving session can keep: it has no denied column to count."""
    return policy.model_copy(update={"allow_count_distinct_of_denied": False})


def _connect(
    source: DuckdbSource, settings: Settings, policy: Policy | None, serving_folder: Path
) -> DuckDBPyConnection:
    if policy is not None:
        return open_locked(serving_file(source, policy, settings, serving_folder), settings)
    connection = duckdb.connect(config=session_options(settings))
    source.mount(connection)
    lock(connection, source.files)
    return connection


def _limits(settings: Settings) -> WarehouseLimits:
    return WarehouseLimits(
        concurrent_statements=settings.warehouse_threads,
        timeout_seconds=settings.warehouse_timeout_seconds,
        memory_bytes=memory_bytes(settings),
    )


def _read_catalog(connection: DuckDBPyConnection, source: DuckdbSource) -> Catalog:
    names = connection.execute(
        "SELECT table_name FROM information_schema.tables "
        "WHERE table_catalog = current_database() AND table_schema = 'main' ORDER BY 1"
    ).fetchall()
    files = {table.name: table for table in source.tables}
    tables = []
    for (name,) in names:
        file_table = files.get(name)
        partitions = file_table.partition_columns if file_table else ()
        columns = _read_columns(connection, name, partitions)
        tables.append(
            TableSchema(name=name, columns=columns, format=file_table.format if file_table else "")
        )
    return Catalog(tables=tuple(tables))


def _read_columns(
    connection: DuckDBPyConnection, table: str, partitions: tuple[str, ...]
) -> tuple[ColumnSchema, ...]:
    relation = connection.sql(f"SELECT * FROM {quote_name(table)} LIMIT 0")
    return tuple(
        ColumnSchema(name=name, type=athena_type(duckdb_type), is_partition=name in partitions)
        for name, duckdb_type in zip(relation.columns, relation.types, strict=True)
    )
