"""Measures the guard: harm stopped, good statements allowed, and what it costs in time.

The TPC query texts are public data kept outside the repository (`../shared/trino/tpc.jsonl`, as
Trino ships them); without that file the time is measured on the tests' own corpus instead.
"""

import gc
import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from domain.catalog import Catalog, ColumnSchema, TableSchema
from domain.policy import Policy
from sql_guard.guard import Guard
from tests.sql_guard.hostile import HOSTILE
from tests.sql_guard.legitimate import LEGITIMATE
from tests.sql_guard.shop import guard

TPC_FILE = Path(__file__).resolve().parents[2] / "shared" / "trino" / "tpc.jsonl"
TPC_QUERIES = 100
ROUNDS = 7
_PREFIXES = {
    "tpcds": {
        "ss": "store_sales", "sr": "store_returns", "cs": "catalog_sales", "cr": "catalog_returns",
        "ws": "web_sales", "wr": "web_returns", "inv": "inventory", "s": "store",
        "cc": "call_center", "cp": "catalog_page", "web": "web_site", "wp": "web_page",
        "d": "date_dim", "t": "time_dim", "c": "customer", "ca": "customer_address",
        "cd": "customer_demographics", "hd": "household_demographics", "ib": "income_band",
        "i": "item", "p": "promotion", "r": "reason", "sm": "ship_mode", "w": "warehouse",
    },
    "tpch": {
        "c": "customer", "o": "orders", "l": "lineitem", "p": "part", "ps": "partsupp",
        "s": "supplier", "n": "nation", "r": "region",
    },
}  # fmt: skip
TYPICAL = (
    "SELECT s.city, date_trunc('month', o.order_date) AS month, sum(o.total) AS revenue "
    "FROM orders o JOIN stores s ON s.store_id = o.store_id "
    "WHERE o.order_date >= date '2024-01-01' AND o.status = 'paid' "
    "GROUP BY 1, 2 ORDER BY revenue DESC LIMIT 20"
)


def main() -> None:
    """Prints every figure, met or not."""
    _say_corpora()
    suites = _tpc_suites() if TPC_FILE.exists() else {}
    if suites:
        _say_tpc(suites)
    else:
        _say(f"{TPC_FILE} is missing: TPC figures are left out")
    _say_typical()
    _say_large_schema()


def _say_corpora() -> None:
    judge = guard()
    hostile = [sql for statements in HOSTILE.values() for sql in statements]
    passed = [sql for sql in hostile if judge.check(sql).allowed]
    refused = [sql for sql in LEGITIMATE if not judge.check(sql).allowed]
    good = 100 * (1 - len(refused) / len(LEGITIMATE))
    _say(f"hostile statements allowed: {len(passed)} of {len(hostile)} (target 0)")
    _say(f"legitimate statements allowed: {good:.1f} % of {len(LEGITIMATE)} (target 99 %)")


def _say_tpc(suites: dict[str, list[str]]) -> None:
    guards = {suite: Guard(_catalog(suite, queries), Policy()) for suite, queries in suites.items()}
    schemas = {suite: _mapping(_catalog(suite, queries)) for suite, queries in suites.items()}
    statements = [(suite, sql) for suite, queries in suites.items() for sql in queries]
    refused = [
        (suite, sql, verdict.violations)
        for suite, sql in statements
        if not (verdict := guards[suite].check(sql)).allowed
    ]
    _say(f"TPC queries allowed: {len(statements) - len(refused)} of {len(statements)}")
    for suite, sql, violations in refused:
        _say(f"  refused in {suite}: {violations[0].message} ({sql.split()[:6]})")
    guarded, bare, generated = [], [], []
    for suite, sql in statements[:: max(1, len(statements) // TPC_QUERIES)][:TPC_QUERIES]:
        guarded.append(_fastest(lambda s=suite, q=sql: guards[s].check(q)))
        bare.append(_fastest(lambda s=suite, q=sql: _parse_and_qualify(q, schemas[s])))
        tree = _parse_and_qualify(sql, schemas[suite])
        generated.append(_fastest(lambda t=tree: t.sql("athena", pretty=True)))
    _say(f"TPC queries, guard: {_spread(guarded)}")
    _say(f"TPC queries, sqlglot's parse and qualify: {_spread(bare)}")
    _say(f"TPC queries, sqlglot's writing of the SQL: {_spread(generated)}")
    whole = sum(guarded) / sum(bare)
    judged = (sum(guarded) - sum(generated)) / sum(bare)
    _say(f"parse, qualify and all rules: {judged:.2f} of sqlglot's parse and qualify (target 1.3)")
    _say(f"the same with the regenerated SQL written: {whole:.2f}")


def _say_typical() -> None:
    judge = guard()
    for name, sql in (("the simplest", "SELECT count(*) FROM orders"), ("a typical", TYPICAL)):
        times = [_timed(lambda q=sql: judge.check(q)) for _ in range(300)]
        _say(f"{name} question's SQL: {_spread(times)} (target p50 6 ms)")


def _say_large_schema() -> None:
    tables = tuple(
        TableSchema(
            name=f"table_{t}",
            columns=tuple(ColumnSchema(name=f"column_{c}", type="varchar") for c in range(40)),
        )
        for t in range(1_000)
    )
    started = time.perf_counter()
    judge = Guard(Catalog(tables=tables), Policy())
    _say(f"preparing 1,000 tables of 40 columns: {_milliseconds(started):.1f} ms, once")
    sql = (
        "SELECT a.column_1, count(*) FROM table_7 a JOIN table_9 b ON a.column_0 = b.column_0 "
        "GROUP BY 1"
    )
    _say(
        f"a statement over them: {_spread([_timed(lambda: judge.check(sql)) for _ in range(300)])}"
    )


def _tpc_suites() -> dict[str, list[str]]:
    suites: dict[str, list[str]] = defaultdict(list)
    for line in TPC_FILE.read_text(encoding="utf-8").splitlines():
        query = json.loads(line)
        suites[query["suite"]].append(query["sql"])
    return suites


def _catalog(suite: str, queries: list[str]) -> Catalog:
    """The columns that the queries name, by the prefix that tells their table."""
    prefixes = _PREFIXES[suite]
    columns: dict[str, set[str]] = {table: set() for table in prefixes.values()}
    for sql in queries:
        for column in sqlglot.parse_one(sql, read="trino").find_all(exp.Column):
            name = column.name.lower()
            table = prefixes.get(name.partition("_")[0])
            if table is not None and "_" in name:
                columns[table].add(name)
    return Catalog(
        tables=tuple(
            TableSchema(
                name=table,
                columns=tuple(ColumnSchema(name=name, type="varchar") for name in sorted(names)),
            )
            for table, names in columns.items()
        )
    )


def _mapping(catalog: Catalog) -> MappingSchema:
    return MappingSchema(
        {
            table.name: {column.name: "varchar" for column in table.columns}
            for table in catalog.tables
        },
        dialect="athena",
    )


def _parse_and_qualify(sql: str, schema: MappingSchema) -> exp.Expr:
    return qualify(sqlglot.parse_one(sql, read="athena"), schema=schema, dialect="athena")


def _fastest(call: Callable[[], object]) -> float:
    return min(_timed(call) for _ in range(ROUNDS))


def _timed(call: Callable[[], object]) -> float:
    gc.collect(0)
    started = time.perf_counter()
    call()
    return _milliseconds(started)


def _milliseconds(started: float) -> float:
    return (time.perf_counter() - started) * 1e3


def _spread(times: list[float]) -> str:
    ordered = sorted(times)
    late = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"p50 {statistics.median(ordered):.2f} ms, p99 {late:.2f} ms, sum {sum(ordered):.0f} ms"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main()
