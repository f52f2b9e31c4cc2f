"""Time of a context build beside DuckDB's own SUMMARIZE over the same tables, in one run."""

import resource
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from context_store.build_context import build_context
from settings.settings import Settings
from warehouse.open_warehouse import open_warehouse

_ROWS = 1_000_000
_CHILDREN = 6
_KINDS = ("visit", "order", "session", "call", "trip")
_PLACES = (
    "app",
    "store",
    "branch",
    "city",
    "web",
    "kiosk",
    "partner",
    "campaign",
    "hotel",
    "depot",
)
_TABLE = """
COPY (SELECT
  i AS {name}_id,
  (i * 7919) % 200000 AS {parent}_id,
  TIMESTAMP '2026-01-01' + INTERVAL (i % 15000000) SECOND AS started_at,
  DATE '2026-01-01' + (i % 180)::INTEGER AS day,
  ['Hotstar', 'YouTube', 'Netflix', 'JioCinema', 'Zee5'][1 + (i * 31 + {n}) % 5] AS provider,
  ['Maharashtra', 'Kerala', 'Punjab', 'Assam'][1 + (i * 17) % 4] AS state,
  'title ' || ((i * 104729) % 5000) AS title,
  (i * 13) % 3600 AS seconds,
  round(((i * 37) % 100000) / 7.0, 2) AS revenue,
  CASE WHEN i % 9 = 0 THEN NULL ELSE i % 2 = 0 END AS is_paid
FROM range({rows}) AS t(i)) TO '{file}' (FORMAT parquet)
"""


def _names(tables: int) -> list[str]:
    return [f"{place}_{kind}" for kind in _KINDS for place in _PLACES][:tables]


def _write(folder: Path, names: list[str]) -> None:
    """Writes what is not there yet: a table of ten columns each, with a join to an earlier one."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        for n, name in enumerate(names):
            file = folder / f"{name}s.parquet"
            if file.is_file():
                continue
            part = file.with_suffix(".part")
            parent = names[n // _CHILDREN] if n else "region"
            sql = _TABLE.format(n=n, name=name, parent=parent, rows=_ROWS, file=part)
            connection.execute(sql)
            part.rename(file)


async def measure_build(tables: int, folder: Path) -> None:
    """Prints both times and their ratio.

    SUMMARIZE runs before the build and after it, so that the load of the machine is on both.
    """
    data = folder / f"{tables}-tables"
    _write(data, _names(tables))
    before = _measured(lambda: _summarize(data))
    warehouse = open_warehouse(f"duckdb://{data}", Settings(warehouse_timeout_seconds=600), None)
    cpu, started = _cpu_seconds(), time.perf_counter()
    built = await build_context(warehouse, source_name="bench")
    seconds = time.perf_counter() - started
    await warehouse.close()
    cpu = _cpu_seconds() - cpu
    after = _measured(lambda: _summarize(data))
    floor, floor_cpu = ((one + other) / 2 for one, other in zip(before, after, strict=True))
    joins = len(built.dictionary.relationships)
    print(
        f"build of {tables} tables of {_ROWS:,} rows: {seconds:.1f} s, {joins} joins found; "
        f"SUMMARIZE {before[0]:.1f} s before and {after[0]:.1f} s after; "
        f"{seconds / floor:.2f} of it (at most 1.5), in CPU time {cpu / floor_cpu:.2f}"
    )


def _measured(work: Callable[[], None]) -> tuple[float, float]:
    cpu, started = _cpu_seconds(), time.perf_counter()
    work()
    return time.perf_counter() - started, _cpu_seconds() - cpu


def _cpu_seconds() -> float:
    """Returns what this process and its ended children have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _summarize(data: Path) -> None:
    with duckdb.connect() as connection:
        for file in sorted(data.glob("*.parquet")):
            connection.execute(f"SUMMARIZE SELECT * FROM '{file}'").fetchall()
