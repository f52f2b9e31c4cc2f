"""Measures what the workers cost: against DuckDB alone, in the same run, on the same queries.

    python -m bench.warehouse [--rows 10000000] [--rounds 5]

Queries/s of a group-by over a Parquet file of `--rows` rows, one client and two; the time that a
small question takes longer, and its CPU time; what a bomb takes before it is dead, and the question
after it; and the start of the warehouse in a new process.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from domain.policy import Policy
from settings.settings import Settings
from warehouse.duckdb import DuckdbWarehouse
from warehouse.duckdb_lock import SessionOptions
from warehouse.open_warehouse import open_duckdb

_FOLDER = Path(__file__).parent.parent / "var" / "bench"
_QUERIES = (
    "SELECT category, count(*), sum(minutes), avg(amount) FROM visits GROUP BY category",
    "SELECT day, count(DISTINCT person_id), sum(minutes) FROM visits GROUP BY day ORDER BY day",
    "SELECT person_id, sum(minutes) AS m FROM visits GROUP BY person_id ORDER BY m DESC LIMIT 10",
    "SELECT category, day, max(amount) FROM visits WHERE minutes > 30 GROUP BY category, day",
)
_SMALL = "SELECT name, size FROM categories ORDER BY size DESC LIMIT 5"
_SMALL_RUNS = 300
_BOMBS = (
    "SELECT count(*) FROM visits a, visits b WHERE a.minutes + b.minutes <> a.amount",
    "SELECT max(x) FROM (SELECT array_agg(a.amount) AS x FROM visits a, categories b)",
    "SELECT cardinality(array_agg(sequence(1, 10000))) FROM visits",
)
_START = (
    "import asyncio, sys, time; from pathlib import Path; from domain.policy import Policy;"
    "from settings.settings import Settings; from warehouse.open_warehouse import open_warehouse\n"
    "async def main():\n"
    "    began = time.perf_counter()\n"
    "    policy = Policy() if sys.argv[3] == 'workers' else None\n"
    "    w = open_warehouse(sys.argv[1], Settings(), policy, Path(sys.argv[2]))\n"
    "    opened = time.perf_counter()\n"
    "    await w.wait(await w.submit('SELECT count(*) FROM categories'))\n"
    "    print((opened - began) * 1000, (time.perf_counter() - began) * 1000)\n"
    "    await w.close()\n"
    "asyncio.run(main())\n"
)


@dataclass(frozen=True)
class Place:
    """Where the queries run: a name and a way to run one to its last row."""

    name: str
    run: Callable[[str], Awaitable[object]]


def make_data(rows: int) -> Path:
    folder = _FOLDER / f"visits-{rows}"
    if not folder.exists():
        unfinished = folder.with_suffix(".unfinished")
        unfinished.mkdir(parents=True, exist_ok=True)
        duckdb.execute(
            "COPY (SELECT (hash(i) % 200000)::BIGINT AS person_id,"
            " DATE '2026-01-01' + (hash(i + 1) % 90)::INT AS day,"
            " 'category ' || hash(i + 2) % 24 AS category, (hash(i + 3) % 60)::INT AS minutes,"
            f" (hash(i + 4) % 100000)::DECIMAL(10, 2) / 100 AS amount FROM range({rows}) t(i))"
            f" TO '{unfinished}/visits.parquet' (COMPRESSION zstd)"
        )
        duckdb.execute(
            "COPY (SELECT 'category ' || i AS name, i * 7 % 24 AS size FROM range(24) t(i))"
            f" TO '{unfinished}/categories.parquet'"
        )
        unfinished.rename(folder)
    return folder


async def ask(warehouse: DuckdbWarehouse, sql: str) -> object:
    query_id = await warehouse.submit(sql)
    status = await warehouse.wait(query_id)
    try:
        return status.error or (await warehouse.page(query_id, 0, 50)).rows
    finally:
        await warehouse.release(query_id)


def bare(name: str, connection: DuckDBPyConnection, threads: ThreadPoolExecutor) -> Place:
    def fetch(sql: str) -> object:
        return connection.cursor().sql(sql).to_arrow_table()

    async def run(sql: str) -> object:
        return await asyncio.get_running_loop().run_in_executor(threads, fetch, sql)

    return Place(name, run)


async def rate(place: Place, clients: int) -> float:
    """Returns queries/s of all queries, each client running each once."""

    async def client() -> None:
        for sql in _QUERIES:
            await place.run(sql)

    started_at = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return clients * len(_QUERIES) / (time.perf_counter() - started_at)


async def compare_rates(places: Sequence[Place], rounds: int, clients: int) -> None:
    """Takes turns, so that a busy machine is busy for all."""
    rates: dict[str, list[float]] = {place.name: [] for place in places}
    for _ in range(rounds):
        for place in places:
            rates[place.name].append(await rate(place, clients))
    ours = statistics.median(rates[places[0].name])
    for name, measured in rates.items():
        median = statistics.median(measured)
        print(f"  {name:34} {median:6.2f} queries/s   workers are at {ours / median:.2f}x")


async def compare_latency(places: Sequence[Place]) -> None:
    times: dict[str, list[float]] = {place.name: [] for place in places}
    for _ in range(_SMALL_RUNS):
        for place in places:
            started_at = time.perf_counter()
            await place.run(_SMALL)
            times[place.name].append((time.perf_counter() - started_at) * 1000)
    for name, measured in times.items():
        ranked = sorted(measured)
        print(f"  {name:34} p50 {ranked[len(ranked) // 2]:6.2f} ms   p95 ", end="")
        print(f"{ranked[int(len(ranked) * 0.95)]:6.2f} ms")


def children_of(process_id: int | str) -> list[str]:
    return Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()


def worker_ids() -> list[str]:
    """Returns the workers: children of the nursery, which is a child of this process."""
    return [worker for child in children_of(os.getpid()) for worker in children_of(child)]


def cpu_of(process_ids: Iterable[str]) -> float:
    """Returns the CPU seconds that processes have taken."""
    ticks = 0
    for process_id in process_ids:
        fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


async def measure_cpu(warehouse: DuckdbWarehouse) -> None:
    """Says what one small statement takes of the service's process and of the workers."""
    for name, do in (
        ("to validate", warehouse.validate),
        ("to run", lambda sql: ask(warehouse, sql)),
    ):
        await do(_SMALL)
        process_ids = worker_ids()
        service, workers = time.process_time(), cpu_of(process_ids)
        for _ in range(_SMALL_RUNS):
            await do(_SMALL)
        process_ids = worker_ids()
        service, workers = time.process_time() - service, cpu_of(process_ids) - workers
        each = 1000 / _SMALL_RUNS
        print(f"  {name:34} service {service * each:5.2f} ms   workers {workers * each:5.2f} ms")


async def drop_bombs(warehouse: DuckdbWarehouse) -> None:
    for sql in _BOMBS:
        started_at = time.perf_counter()
        outcome = await ask(warehouse, sql)
        dead_at = time.perf_counter()
        await ask(warehouse, _SMALL)
        after = (time.perf_counter() - dead_at) * 1000
        print(f"  {dead_at - started_at:5.1f} s, next {after:4.0f} ms  ", end="")
        print(f"{type(outcome).__name__:20} {sql[:60]}")


def start(folder: Path, serving: Path, kind: str) -> str:
    outputs = []
    for _ in range(3):
        run = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", _START, f"duckdb://{folder}", str(serving), kind],
            capture_output=True,
            text=True,
            check=True,
        )
        outputs.append([float(number) for number in run.stdout.split()])
    opened, answered = (statistics.median(column) for column in zip(*outputs, strict=True))
    return f"open {opened:5.0f} ms, first answer {answered:5.0f} ms"


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    folder, serving = make_data(arguments.rows), _FOLDER / "serving"
    settings = Settings(warehouse_timeout_seconds=15)
    options: SessionOptions = {"threads": settings.warehouse_threads}
    workers = open_duckdb(f"duckdb://{folder}", settings, Policy(), serving)
    trusted = open_duckdb(f"duckdb://{folder}", settings, None)
    on_parquet = duckdb.connect(config=options)
    for table in ("visits", "categories"):
        on_parquet.execute(f"CREATE VIEW {table} AS FROM '{folder}/{table}.parquet'")
    copy = max(serving.glob("*.duckdb"), key=lambda file: file.stat().st_mtime)
    on_copy = duckdb.connect(str(copy), read_only=True, config=options)
    with ThreadPoolExecutor(settings.warehouse_threads) as threads:
        places = (
            Place("our workers", lambda sql: ask(workers, sql)),
            bare("DuckDB alone, on Parquet", on_parquet, threads),
            bare("DuckDB alone, on the serving copy", on_copy, threads),
        )
        for place in places:
            await rate(place, 1)
        for clients in (1, 2):
            print(f"group-by over {arguments.rows:,} rows, {clients} client(s)")
            await compare_rates(places, arguments.rounds, clients)
        print("a small question")
        in_process = Place("our warehouse in this process", lambda sql: ask(trusted, sql))
        await compare_latency((places[0], in_process, places[2]))
    print("CPU of a small statement that is translated already")
    await measure_cpu(workers)
    print("bombs: until it is dead, and the small question after it")
    await drop_bombs(workers)
    await workers.close()
    await trusted.close()
    print("start in a new process")
    for kind in ("workers", "in-process"):
        print(f"  {kind:34} {start(folder, serving, kind)}")


if __name__ == "__main__":
    asyncio.run(main())
