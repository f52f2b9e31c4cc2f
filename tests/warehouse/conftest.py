"""A small source in all three formats, with a column that nobody may read."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from domain.policy import Policy
from settings.settings import Settings
from warehouse.duckdb import DuckdbWarehouse
from warehouse.open_warehouse import open_duckdb
from warehouse.protocol import QueryState

SECRET = "canary"
DENIED = Policy(denied_columns={"People": frozenset({"EMAIL"})})
OPEN = Policy()

OpenWarehouse = Callable[..., DuckdbWarehouse]
SOON_SECONDS = 30.0
"""Far from the hours that an endless statement takes, and enough for a machine that is busy."""


async def until_running(warehouse: DuckdbWarehouse, query_id: str) -> None:
    """Waits until a statement has its turn."""
    async with asyncio.timeout(SOON_SECONDS):
        while (await warehouse.status(query_id)).state is not QueryState.RUNNING:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder with a partitioned Parquet table, a Parquet, a CSV and a JSON Lines one."""
    folder = tmp_path_factory.mktemp("source")
    with duckdb.connect() as connection:
        for month in (1, 2):
            part = folder / "visits" / f"month=2026-0{month}"
            part.mkdir(parents=True)
            connection.execute(f"""
                COPY (
                    SELECT i AS visit_id, i % 10 AS person_id, (i * 1.25)::DECIMAL(10, 2) AS amount,
                           DATE '2026-0{month}-01' + (i % 28)::INT AS day,
                           CASE WHEN i % 5 > 0 THEN i / 3.0e0 END AS score
                    FROM range(1000) t(i)
                ) TO '{part}/part.parquet'
            """)
        connection.execute(f"""
            COPY (
                SELECT i AS person_id, '{SECRET}' || i || '@example.com' AS email,
                       'city' || i % 3 AS city
                FROM range(10) t(i)
            ) TO '{folder}/people.parquet'
        """)
        connection.execute(f"""
            COPY (
                SELECT i AS shop_id, 'shop ' || i AS name, TIMESTAMP '2026-01-01' AS opened
                FROM range(5) t(i)
            ) TO '{folder}/shops.csv'
        """)
        connection.execute(f"""
            COPY (SELECT i AS size, [i, i + 1] AS pair FROM range(4) t(i))
            TO '{folder}/sizes.jsonl' (FORMAT json)
        """)
    return folder


@pytest.fixture
def settings() -> Settings:
    """Small bounds."""
    return Settings(warehouse_memory_megabytes=512, warehouse_threads=2)


@pytest.fixture(scope="session")
def serving_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the folder of the serving copies, made once for all tests."""
    return tmp_path_factory.mktemp("serving")


@pytest.fixture
def serve(folder: Path, settings: Settings, serving_folder: Path) -> OpenWarehouse:
    """Returns a function that opens a serving session over the source."""

    def _serve(policy: Policy | None = DENIED, **bounds: float) -> DuckdbWarehouse:
        bounded = settings.model_copy(update=bounds)
        return open_duckdb(f"duckdb://{folder}", bounded, policy, serving_folder)

    return _serve
