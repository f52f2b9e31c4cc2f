"""Runs Athena SQL whose answers Trino recorded through our DuckDB warehouse, and counts.

    python -m bench.dialect [--only unit|tpch|tpcds] [--half A|B] [--file TestMath] [--show 20]

Needs `tpc.jsonl` and `unit.jsonl` (`--data`, default `../shared/trino`). TPC data are generated
once into `var/bench` by `tpcgen-cli`. Half A of the unit corpus is for development, B for proof.
"""

import argparse
import asyncio
import hashlib
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.trino_answers import Match, Row, compare_rows, matches_value, same_rows
from domain.errors import RepairableError, VtionError
from settings.settings import Settings
from warehouse.open_warehouse import open_warehouse
from warehouse.protocol import Warehouse
from warehouse.trusted_sql import run_trusted_sql

_ROOT = Path(__file__).parent.parent
_FOLDER = _ROOT / "var" / "bench"
_QUERY_STARTS = ("select", "values", "with", "(select", "table")
_WRONG = ("different",)
_REFUSALS = ("unsupported_construct", "select_only")
"""Both name what is refused: a construct, or a statement that is no SELECT."""


@dataclass(frozen=True)
class Outcome:
    """What became of one recorded statement."""

    id: str
    group: str
    core: bool
    kind: str
    sql: str
    detail: str = ""

    @property
    def half(self) -> str:
        return half_of(self.id)


def half_of(statement_id: str) -> str:
    return "AB"[hashlib.md5(statement_id.encode(), usedforsecurity=False).digest()[0] % 2]


async def run_text(warehouse: Warehouse, sql: str) -> Sequence[Row] | VtionError:
    try:
        return (await run_trusted_sql(warehouse, sql)).rows
    except VtionError as error:
        return error


def kind_of(error: VtionError) -> str:
    is_refusal = isinstance(error, RepairableError) and error.rule in _REFUSALS
    return "refused" if is_refusal else "error"


async def judge_tpc(warehouse: Warehouse, query: dict[str, Any]) -> Outcome:
    sql, suite = query["sql"], query["suite"]
    answer = await run_text(warehouse, sql)
    if isinstance(answer, VtionError):
        return Outcome(query["id"], suite, True, kind_of(answer), sql, str(answer))
    match = compare_rows(answer, query["rows"], ordered=False)
    detail = "" if match is Match.EXACT else _first_difference(answer, query["rows"])
    return Outcome(query["id"], suite, True, match.name.lower(), sql, detail)


async def judge_unit(warehouse: Warehouse, test: dict[str, Any]) -> Outcome:
    kind, detail = await _judge(warehouse, test["sql"], test["expect"])
    return Outcome(test["id"], test["file"], test["core"], kind, test["sql"], detail)


async def _judge(warehouse: Warehouse, sql: str, expect: dict[str, Any]) -> tuple[str, str]:
    answer = await run_text(warehouse, sql)
    if "error" in expect:
        return ("right", "") if isinstance(answer, VtionError) else ("different", str(answer))
    if isinstance(answer, VtionError):
        return kind_of(answer), str(answer)
    if "value" in expect:
        is_right = len(answer) == 1 and matches_value(answer[0][0], expect["value"], sql)
        return "right" if is_right else "different", f"{answer} not {expect['value']!r}"
    wanted_sql = expect["sql"].strip()
    is_query = wanted_sql.lower().startswith(_QUERY_STARTS)
    wanted = await run_text(warehouse, wanted_sql if is_query else f"SELECT {wanted_sql}")
    if isinstance(wanted, VtionError):
        return "unjudged", f"{wanted_sql}: {wanted}"
    is_right = same_rows(answer, wanted, ordered=expect["ordered"])
    return "right" if is_right else "different", f"{answer} not {wanted}"


def _first_difference(ours: Sequence[Row], theirs: Sequence[Row]) -> str:
    if len(ours) != len(theirs):
        return f"{len(ours)} rows, not {len(theirs)}"
    pairs = zip(ours, theirs, strict=True)
    ours_row, theirs_row = next((a, b) for a, b in pairs if compare_rows([a], [b], ordered=True))
    return f"{list(ours_row)} not {theirs_row}"


def generated(suite: str) -> Path:
    folder = _FOLDER / f"{suite}-0.01"
    if not folder.exists():
        print(f"Generating {suite} at scale 0.01", flush=True)
        unfinished = folder.with_suffix(".unfinished")
        tool = Path(sys.executable).with_name("tpcgen-cli")
        arguments = [suite, "parquet", "-s", "0.01", f"--output-dir={unfinished}", "--overwrite"]
        subprocess.run([tool, *arguments], check=True, capture_output=True)  # noqa: S603
        unfinished.rename(folder)
    return folder


async def run_suite(suite: str, statements: Iterable[dict[str, Any]]) -> list[Outcome]:
    judge = judge_unit if suite == "unit" else judge_tpc
    folder = generated("tpch" if suite == "unit" else suite)
    warehouse = open_warehouse(f"duckdb://{folder}", Settings(), None)
    try:
        return [await judge(warehouse, statement) for statement in statements]
    finally:
        await warehouse.close()


def _counted(outcomes: Sequence[Outcome]) -> str:
    counts = Counter(outcome.kind for outcome in outcomes)
    total = len(outcomes) or 1
    return ", ".join(f"{kind} {n} ({n / total:.1%})" for kind, n in counts.most_common())


def report_unit(outcomes: Sequence[Outcome]) -> None:
    core = [outcome for outcome in outcomes if outcome.core]
    print(f"unit, core ({len(core)}): {_counted(core)}")
    for half in "AB":
        print(f"  half {half}: {_counted([o for o in core if o.half == half])}")
    print(f"unit, all ({len(outcomes)}): {_counted(outcomes)}")
    wrong = Counter(o.group for o in core if o.kind in _WRONG)
    rest = Counter(o.group for o in core if o.kind in ("refused", "error", "unjudged"))
    size = Counter(o.group for o in core)
    print(f"{'core, by source file':58} all wrong refused or error")
    worst = sorted(size, key=lambda name: (-wrong[name], -rest[name]))[:40]
    for name in worst:
        print(f"{name:58} {size[name]:4} {wrong[name]:4} {rest[name]:4}")


def show(outcomes: Sequence[Outcome], kinds: Sequence[str], most: int) -> None:
    for outcome in [o for o in outcomes if o.kind in kinds][:most]:
        print(f"-- {outcome.kind} {outcome.id} {outcome.group}")
        print(outcome.sql.strip()[:600])
        print(f"   {outcome.detail[:400]}")


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=_ROOT.parent / "shared" / "trino")
    parser.add_argument("--only", choices=("unit", "tpch", "tpcds"))
    parser.add_argument("--half", choices="AB")
    parser.add_argument("--file", default="")
    parser.add_argument("--core", action="store_true")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--kinds", default="different")
    return parser.parse_args()


async def main() -> None:
    arguments = _arguments()
    if not arguments.data.exists():
        print(f"There are no recorded answers at {arguments.data}: nothing was measured.")
        return
    queries = _lines(arguments.data / "tpc.jsonl")
    tests = [
        test
        for test in _lines(arguments.data / "unit.jsonl")
        if arguments.file in test["file"]
        and arguments.half in (None, half_of(test["id"]))
        and (test["core"] or not arguments.core)
    ]
    for suite in ("tpch", "tpcds", "unit"):
        if arguments.only not in (None, suite):
            continue
        started_at = time.perf_counter()
        statements = tests if suite == "unit" else [q for q in queries if q["suite"] == suite]
        outcomes = await run_suite(suite, statements)
        if suite == "unit":
            report_unit(outcomes)
        else:
            print(f"{suite} ({len(outcomes)}): {_counted(outcomes)}")
            show(outcomes, [m.name.lower() for m in Match if m] + ["refused", "error"], 20)
        show(outcomes, arguments.kinds.split(","), arguments.show)
        print(f"{suite}: {time.perf_counter() - started_at:.1f} s", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
