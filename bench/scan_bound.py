"""Measures how tight the bound on scanned bytes is: what may be read, against what is read.

    python -m bench.scan_bound [--rows 250000]

A loopback Athena over Parquet in S3, partitioned by day and by shop. The true figure is what
DuckDB reads there by ranges; on Athena itself it depends on Trino's reader.
"""

import argparse
import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from dev_athena.server import REGION, AthenaServer
from settings.settings import Settings
from warehouse.athena.upload import Uploader
from warehouse.duckdb_source import FolderSource, open_source
from warehouse.open_warehouse import open_duckdb, open_warehouse
from warehouse.protocol import Warehouse

_FOLDER = Path(__file__).parent.parent / "var" / "bench"
_BUCKET = "lake"
_DAYS = 8
_STATEMENTS = (
    ("every column, every day", "SELECT max(a), max(b), max(c), max(d), max(amount) FROM visits"),
    ("one column", "SELECT sum(amount) FROM visits"),
    ("one day", "SELECT sum(amount) FROM visits WHERE day = DATE '{day}'"),
    ("days by IN", "SELECT max(a) FROM visits WHERE day IN (DATE '{day}', DATE '{last}')"),
    (
        "days by BETWEEN",
        "SELECT max(a) FROM visits WHERE day BETWEEN DATE '{day}' AND DATE '{day}'",
    ),
    ("days before today", "SELECT max(a) FROM visits WHERE day >= current_date - INTERVAL '2' DAY"),
    (
        "a CTE named twice",
        "WITH v AS (SELECT day, amount FROM visits) SELECT (SELECT sum(amount) FROM v "
        "WHERE day = DATE '{day}') - (SELECT sum(amount) FROM v WHERE day = DATE '{last}')",
    ),
    (
        "a filter that is not understood",
        "SELECT sum(amount) FROM visits WHERE day = DATE '{day}' OR amount < 0",
    ),
)


def make_data(rows: int) -> tuple[Path, list[str]]:
    """Returns a folder with a table by days that end today, and the days."""
    today = datetime.now(UTC).date()
    days = [(today - timedelta(days=back)).isoformat() for back in reversed(range(_DAYS))]
    folder = _FOLDER / f"scan-bound-{rows}-{today}"
    for number, day in enumerate(days):
        part = folder / "visits" / f"day={day}"
        part.mkdir(parents=True, exist_ok=True)
        duckdb.execute(
            "COPY (SELECT (hash(i) // 2)::BIGINT AS a, (hash(i + 1) // 2)::BIGINT AS b,"
            " (hash(i + 2) // 2)::BIGINT AS c, (hash(i + 3) // 2)::BIGINT AS d,"
            f" (hash(i + {number}) % 1000000)::INT AS amount FROM range({rows}) t(i))"
            f" TO '{part}/part.parquet' (COMPRESSION 'uncompressed', ROW_GROUP_SIZE 500000)"
        )
    return folder, days


async def upload(server: AthenaServer, folder: Path) -> None:
    warehouse = open_duckdb(f"duckdb://{folder}", Settings(), None)
    catalog = await warehouse.catalog()
    await warehouse.close()
    source = open_source(f"duckdb://{folder}")
    if not isinstance(source, FolderSource):
        raise TypeError("the data are files")
    uploader = Uploader(server.target(f"s3://{_BUCKET}/visits", "visits", is_projected=False))
    await asyncio.to_thread(uploader.upload, source.tables, catalog, lambda _: None)
    uploader.close()


async def compare(warehouse: Warehouse, name: str, sql: str) -> None:
    estimate = await warehouse.estimate(sql)
    query_id = await warehouse.submit(sql)
    status = await warehouse.wait(query_id)
    await warehouse.release(query_id)
    if status.error is not None:
        raise status.error
    bound, read = estimate.bytes or 0, status.bytes_scanned or 0
    verdict = "" if read <= bound else "   READ MORE THAN ITS BOUND"
    print(f"  {name:34} bound {bound / 1e6:7.2f} MB   read {read / 1e6:7.2f} MB", end="")
    print(f"   {bound / read if read else float('nan'):5.2f}x{verdict}")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=250_000)
    arguments = parser.parse_args()
    os.environ |= {"AWS_ACCESS_KEY_ID": "dev", "AWS_SECRET_ACCESS_KEY": "dev"}
    folder, days = make_data(arguments.rows)
    with AthenaServer() as server:
        server.make_bucket(_BUCKET)
        await upload(server, folder)
        url = f"athena://?region={REGION}&database=visits&endpoint={server.endpoint}"
        warehouse = open_warehouse(url, Settings(), None)
        print(f"bytes that may be read, against those that are, {_DAYS} days")
        for name, sql in _STATEMENTS:
            await compare(warehouse, name, sql.format(day=days[2], last=days[-1]))
        await warehouse.close()


if __name__ == "__main__":
    asyncio.run(main())
