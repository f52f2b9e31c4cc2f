"""Opens the warehouse that a URL names."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import duckdb

from domain.errors import OperatorError
from domain.policy import Policy
from settings.settings import Settings
from warehouse.duckdb import DuckdbWarehouse
from warehouse.duckdb_source import fingerprint, open_source
from warehouse.open_duckdb import open_serving, open_trusted
from warehouse.protocol import Warehouse, WarehouseLimits

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
    return _open_sql_engine(url, settings, policy)


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
        if policy is None:
            return open_trusted(source, settings)
        return open_serving(source, settings, policy, serving_folder)
    except duckdb.Error as error:
        raise OperatorError(f"The data at {url} cannot be opened: {error}") from error


def _open_athena(url: str, settings: Settings, policy: Policy | None) -> Warehouse:
    # Imported here: a process on DuckDB loads no cloud SDK.
    from warehouse.athena.address import parse_address
    from warehouse.athena.athena import AthenaWarehouse

    address = parse_address(url)
    limits = WarehouseLimits(
        concurrent_statements=address.concurrency,
        queued_statements=settings.warehouse_queue,
        timeout_seconds=settings.warehouse_timeout_seconds,
        memory_bytes=None,
    )
    return AthenaWarehouse(address, limits, policy, settings.scan_usd_per_terabyte)


def _open_sql_engine(url: str, settings: Settings, policy: Policy | None) -> Warehouse:
    # Imported here, as each engine brings its driver.
    from warehouse.sql_engines.sql_engine import SqlEngineWarehouse

    limits = WarehouseLimits(
        concurrent_statements=settings.warehouse_threads,
        queued_statements=settings.warehouse_queue,
        timeout_seconds=settings.warehouse_timeout_seconds,
        memory_bytes=None,
    )
    return SqlEngineWarehouse(url, limits, policy)


def effective_policy(policy: Policy) -> Policy:
    """Returns the policy that a serving session can keep: it has no denied column to count."""
    return policy.model_copy(update={"allow_count_distinct_of_denied": False})
