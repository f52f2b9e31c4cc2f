"""Time of a context build beside DuckDB's own SUMMARIZE over the same tables, in one run."""

import tempfile
import time
from pathlib import Path

import duckdb

from context_store.build_context import build_context
from settings.settings import Settings
from warehouse.open_warehouse import open_warehouse

_ROWS = 1_000_000
_TABLE = """
CREATE TABLE sessions_{n} AS SELECT
  i AS session_id,
  (i * 7919) % 200000 AS account_id,
  TIMESTAMP '2026-01-01' + INTERVAL (i % 15000000) SECOND AS started_at,
  DATE '2026-01-01' + (i % 180)::INTEGER AS day,
  ['Hotstar', 'YouTube', 'Netflix', 'JioCinema', 'Zee5'][1 + (i * 31 + {n}) % 5] AS app,
  ['Maharashtra', 'Kerala', 'Punjab', 'Assam'][1 + (i * 17) % 4] AS state,
  'title ' || ((i * 104729) % 5000) AS title,
  (i * 13) % 3600 AS seconds,
  round(((i * 37) % 100000) / 7.0, 2) AS revenue,
  CASE WHEN i % 9 = 0 THEN NULL ELSE i % 2 = 0 END AS is_paid
FROM range({rows}) AS t(i)
"""


async def measure_build(tables: int) -> None:
    """Prints both times and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.duckdb"
        with duckdb.connect(str(file)) as connection:
            for number in range(tables):
                connection.execute(_TABLE.format(n=number, rows=_ROWS))
        floor = _summarize(file, tables)
        warehouse = open_warehouse(
            f"duckdb:///{file}", Settings(warehouse_timeout_seconds=600), None
        )
        started = time.perf_counter()
        await build_context(warehouse, source_name="bench")
        seconds = time.perf_counter() - started
        await warehouse.close()
    print(
        f"build of {tables} tables of {_ROWS:,} rows: {seconds:.1f} s; SUMMARIZE {floor:.1f} s; "
        f"{seconds / floor:.2f} of it (at most 1.5)"
    )


def _summarize(file: Path, tables: int) -> float:
    with duckdb.connect(str(file), read_only=True) as connection:
        started = time.perf_counter()
        for number in range(tables):
            connection.execute(f"SUMMARIZE sessions_{number}").fetchall()
        return time.perf_counter() - started
