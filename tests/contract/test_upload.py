"""`vtion data upload`: files in S3, tables in Glue, and Athena answers on them."""

import asyncio
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from cli.main import app
from dev_athena.server import REGION, AthenaServer
from settings.settings import Settings
from tests.contract.athena_server import BUCKET, url_of
from warehouse.open_warehouse import open_warehouse
from warehouse.trusted_sql import run_trusted_sql


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with each format, one of them in partitions."""
    with duckdb.connect() as connection:
        for month in (1, 2):
            part = tmp_path / "sales" / f"month=2026-0{month}"
            part.mkdir(parents=True)
            connection.execute(
                f"COPY (SELECT i AS id, ({month} * 1.25)::DECIMAL(10, 2) AS amount"
                " FROM range(4) t(i))"
                f" TO '{part}/part.parquet'"
            )
        connection.execute(f"COPY (SELECT 1 AS shop, 'a, b' AS name) TO '{tmp_path}/shops.csv'")
        connection.execute(f"COPY (SELECT 7 AS size, true AS big) TO '{tmp_path}/sizes.jsonl'")
    return tmp_path


@pytest.mark.parametrize("projection", [False, True])
async def test_what_was_uploaded_is_answered(
    athena: AthenaServer, folder: Path, projection: bool
) -> None:
    database = f"uploaded_{projection}".lower()
    arguments = ["data", "upload", str(folder), f"s3://{BUCKET}/{database}", "--database", database]
    options = ["--region", REGION, "--endpoint", athena.endpoint]
    projected = ["--projection"] if projection else []
    # The command has an event loop of its own.
    run = await asyncio.to_thread(CliRunner().invoke, app, [*arguments, *options, *projected])
    assert run.exit_code == 0, run.output
    assert f"3 tables are in {database}." in run.output
    assert stored(athena, f"{database}/sales/") == ["month=2026-01", "month=2026-02"]
    assert await rows(athena, database) == (("2026-02", "4", "10.00", "a, b", "7"),)


def test_a_bucket_that_is_not_there_is_said(athena: AthenaServer, folder: Path) -> None:
    arguments = ["data", "upload", str(folder), "s3://nobodys-bucket/x", "--database", "lost"]
    options = ["--region", REGION, "--endpoint", athena.endpoint]
    run = CliRunner().invoke(app, [*arguments, *options])
    assert run.exit_code != 0
    assert "nobodys-bucket" in f"{run.output}{run.exception}"


def stored(athena: AthenaServer, prefix: str) -> list[str]:
    listed = athena.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=prefix)
    return sorted(item["Key"].removeprefix(prefix).split("/")[0] for item in listed["Contents"])


async def rows(athena: AthenaServer, database: str) -> tuple[tuple[str | None, ...], ...]:
    warehouse = open_warehouse(url_of(athena, database), Settings(), None)
    try:
        found = await run_trusted_sql(
            warehouse,
            "SELECT month, count(*), sum(amount), max(name), max(size) FROM sales "
            "CROSS JOIN shops CROSS JOIN sizes WHERE month = '2026-02' AND big GROUP BY month",
        )
    finally:
        await warehouse.close()
    return found.rows
