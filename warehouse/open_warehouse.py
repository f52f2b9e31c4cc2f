"""Opens the warehouse that a URL names."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import duckdb
from duckdb import DuckDBPyConnection

from domain.catalog import Catalog, ColumnSchema, TableSchema
from domain.errors import OperatorError
from domain.policy import Policy
from settings.settings import Settings
from warehouse.duckdb import DuckdbWarehouse
from warehouse.duckdb_lock import lock, memory_bytes, open_locked, session_options
from warehouse.duckdb_serving import serving_file
from warehouse.duckdb_source import DuckdbSource, fingerprint, open_source
from warehouse.duckdb_types import athena_type
from warehouse.protocol import Warehouse, WarehouseLimits
from warehouse.quoting import quote_name

SERVING_FOLDER = Path("var/serving")


def open_warehouse(
    url: str,
    settings: Settings,
    policy: Policy | None,
    serving_folder: Path = SERVING_FOLDER,
) -> Warehouse:
    """Opens the warehouse of a URL.

    With a policy: a serving session that knows no denied column. Without: a trusted session over
    everything, for profiling and for engineers. Raises OperatorError where the URL or the data
    cannot be used.
    """
    scheme = url.partition(":")[0]
    if scheme == "duckdb":
        return open_duckdb(url, settings, policy, serving_folder)
    if scheme == "athena":
        return _open_athena(url, settings, policy)
    raise OperatorError(f"VTION_WAREHOUSE must begin with duckdb:// or athena://, not {scheme}:.")


def data_fingerprint(url: str) -> str | None:
    """Returns a hash that changes with the data, or None where only reading it would tell."""
    return fingerprint(open_source(url)) if url.startswith("duckdb://") else None


def source_name(url: str) -> str:
    """Returns what the data is called where nobody says: its file, folder or database."""
    parts = urlsplit(url)
    return parse_qs(parts.query).get("database", [Path(parts.netloc + parts.path).stem])[0]


def open_duckdb(
    url: str,
    settings: Settings,
    policy: Policy | None,
    serving_folder: Path = SERVING_FOLDER,
) -> DuckdbWarehouse:
    """Opens a locked session on a file or a folder.

    A serving session runs over a copy in `serving_folder` that holds no denied column; the first
    opening copies the data.
    """
    source = open_source(url)
    try:
        connection = _connect(source, settings, policy, serving_folder)
        catalog = _read_catalog(connection, source)
    except duckdb.Error as error:
        raise OperatorError(f"The data at {url} cannot be opened: {error}") from error
    return DuckdbWarehouse(connection, catalog, _limits(settings))


def _open_athena(url: str, settings: Settings, policy: Policy | None) -> Warehouse:
    # Imported here: a process on DuckDB loads no cloud SDK.
    from warehouse.athena.address import parse_address
    from warehouse.athena.athena import AthenaWarehouse

    address = parse_address(url)
    limits = WarehouseLimits(
        concurrent_statements=address.concurrency,
        timeout_seconds=settings.warehouse_timeout_seconds,
        memory_bytes=None,
    )
    return AthenaWarehouse(address, limits, policy, settings.scan_usd_per_terabyte)


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
