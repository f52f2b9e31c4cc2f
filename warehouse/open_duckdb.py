"""Opens DuckDB: trusted SQL in this process over everything, anybody's in workers over a copy."""

from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from domain.catalog import Catalog, ColumnSchema, TableSchema
from domain.policy import Policy
from settings.settings import Settings
from warehouse.duckdb import RESULT_BYTES_HELD, DuckdbWarehouse
from warehouse.duckdb_engine import LocalEngine
from warehouse.duckdb_lock import lock
from warehouse.duckdb_serving import serving_file
from warehouse.duckdb_session_options import memory_bytes, session_options
from warehouse.duckdb_source import DuckdbSource
from warehouse.duckdb_types import athena_type
from warehouse.duckdb_workers.nursery_client import shared_nursery
from warehouse.duckdb_workers.worker import WorkerOptions
from warehouse.duckdb_workers.worker_calls import WorkerEngine
from warehouse.protocol import WarehouseLimits
from warehouse.quoting import quote_name


def open_serving(
    source: DuckdbSource, settings: Settings, policy: Policy, serving_folder: Path
) -> DuckdbWarehouse:
    """Opens workers over a copy in `serving_folder` that holds no denied column.

    The first opening copies the data. Returns before the workers are up.
    """
    shared_nursery().begin()
    file = serving_file(source, policy, settings, serving_folder)
    with duckdb.connect(str(file), read_only=True, config={"threads": 1}) as connection:
        catalog = _read_catalog(connection, source)
    options = WorkerOptions(
        file=str(file),
        session=session_options(settings),
        memory_bytes=memory_bytes(settings),
        result_bytes=RESULT_BYTES_HELD,
    )
    engine = WorkerEngine(options, settings.warehouse_threads)
    return DuckdbWarehouse(engine, catalog, _limits(settings))


def open_trusted(source: DuckdbSource, settings: Settings) -> DuckdbWarehouse:
    """Opens a locked session of this process over every file of the source."""
    connection = duckdb.connect(config=session_options(settings))
    source.mount(connection)
    lock(connection, source.files)
    engine = LocalEngine(connection, RESULT_BYTES_HELD)
    return DuckdbWarehouse(engine, _read_catalog(connection, source), _limits(settings))


def _limits(settings: Settings) -> WarehouseLimits:
    return WarehouseLimits(
        concurrent_statements=settings.warehouse_threads,
        queued_statements=settings.warehouse_queue,
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
