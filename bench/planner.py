"""Measures the planner on public questions: right, wrong, refused and clarified, set by set.

    python -m bench.planner [--set spider] [--half A] [--failures 20] [--kind wrong] [--db name]

Needs the public development sets (`--data`, default `../shared/nl2sql_dev`). Contexts are profiled
once and kept in `var/bench`.
"""

import argparse
import asyncio
import hashlib
import itertools
import json
import pickle
import statistics
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from context_store.build_context import BuiltContext, build_context
from context_store.retriever import Retriever
from domain.draft import Clarification, DraftRequest, SqlDraft
from planner.drafter import EmbeddedDrafter
from settings.settings import Settings
from warehouse.athena_dialect import AthenaTranslator
from warehouse.open_warehouse import open_warehouse

_ROOT = Path(__file__).parent.parent
_CACHE = _ROOT / "var" / "bench"
_TODAY = date(2020, 1, 1)
_TIMEOUT_SECONDS = 20
_NVBENCH_SAMPLE = 10


@dataclass
class Question:
    """One question with its gold SQL."""

    id: str
    db: str
    text: str
    gold: str
    order_matters: bool
    url: str

    @property
    def half(self) -> str:
        return "AB"[hashlib.md5(self.db.encode(), usedforsecurity=False).digest()[0] % 2]


@dataclass
class Outcome:
    """What became of one question."""

    question: Question
    status: str
    detail: str = ""
    sql: str = ""
    ms: float = 0.0
    single: bool = True
    confidence: float = 0.0


@dataclass
class Database:
    """One database with everything that is built once."""

    connection: duckdb.DuckDBPyConnection
    context: BuiltContext
    retriever: Retriever
    translator: AthenaTranslator
    gold: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)


def load_questions(data: Path, name: str) -> list[Question]:
    """Reads one set; `synonyms` is Spider with reworded questions."""
    folder = {
        "spider": "spider_train_partial",
        "synonyms": "spider_train_partial",
        "classic": "geoquery_restaurants",
        "nvbench": "nvbench",
    }[name]
    lines = [json.loads(line) for line in (data / folder / "questions.jsonl").open()]
    found = []
    for number, line in enumerate(lines):
        if line.get("nondeterministic") or (name == "nvbench" and number % _NVBENCH_SAMPLE):
            continue
        text = line["question_synonyms"] if name == "synonyms" else line["question"]
        if not text:
            continue
        order = bool(line["order_matters"]) and not line.get("order_has_ties")
        url = _database_url(data, folder, line["db"])
        found.append(Question(line["id"], line["db"], text, line["gold_sql_duckdb"], order, url))
    return found


def _database_url(data: Path, folder: str, db: str) -> str:
    if folder == "geoquery_restaurants":
        return f"duckdb:///{(data / folder / 'databases' / f'{db}.duckdb').resolve()}"
    return f"duckdb:///{(data / 'nvbench' / 'databases' / db).resolve()}"


def open_database(url: str, db: str, *, rebuild: bool) -> Database:
    """Opens a database and its context, profiling it where no kept one is found."""
    warehouse = open_warehouse(url, Settings(), None)
    catalog = asyncio.run(warehouse.catalog())
    kept = _CACHE / f"{db}.pickle"
    if rebuild or not kept.exists():
        context = asyncio.run(build_context(warehouse, source_name=db, pii_detection=False))
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(context))
    context = pickle.loads(kept.read_bytes())  # noqa: S301 - written by this script
    asyncio.run(warehouse.close())
    path = url.removeprefix("duckdb://")
    if path.endswith(".duckdb"):
        connection = duckdb.connect(path, read_only=True)
    else:
        connection = duckdb.connect()
        for table in catalog.tables:
            files = sorted(Path(path).glob(f"{table.name}.*"))
            connection.execute(f"CREATE TABLE \"{table.name}\" AS SELECT * FROM '{files[0]}'")
    retriever = Retriever(context.dictionary, context.values)
    return Database(connection, context, retriever, AthenaTranslator(catalog))


def execute(database: Database, sql: str) -> list[tuple[Any, ...]]:
    """Runs DuckDB SQL with a time limit."""
    timer = threading.Timer(_TIMEOUT_SECONDS, database.connection.interrupt)
    timer.start()
    try:
        return database.connection.execute(sql).fetchall()
    finally:
        timer.cancel()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal | float | int):
        number = float(value)
        return float(f"{number:.6g}") if number == number else None
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return str(value.date())
    return None if value is None else str(value)


def same_result(gold: list[tuple[Any, ...]], mine: list[tuple[Any, ...]], *, ordered: bool) -> bool:
    """Compares two results as the sets say: columns may be permuted, none may be added."""
    if len(gold) != len(mine):
        return False
    if not gold:
        return True
    if len(gold[0]) != len(mine[0]):
        return False
    left = [tuple(map(_cell, row)) for row in gold]
    right = [tuple(map(_cell, row)) for row in mine]
    if not ordered:
        left.sort(key=repr)
    width = len(left[0])
    columns = [sorted((row[i] for row in right), key=repr) for i in range(width)]
    wanted = [sorted((row[i] for row in left), key=repr) for i in range(width)]
    fits = [[j for j in range(width) if columns[j] == wanted[i]] for i in range(width)]
    for order in itertools.islice(itertools.product(*fits), 5000):
        if len(set(order)) != width:
            continue
        turned = [tuple(row[i] for i in order) for row in right]
        if not ordered:
            turned.sort(key=repr)
        if turned == left:
            return True
    return False


def _tables(sql: str, dialect: str) -> set[str]:
    tree = sqlglot.parse_one(sql, dialect=dialect)
    ctes = {c.alias.lower() for c in tree.find_all(exp.CTE)}
    return {t.name.lower() for t in tree.find_all(exp.Table)} - ctes


def judge(question: Question, database: Database, drafter: EmbeddedDrafter) -> Outcome:
    """Drafts, runs and compares one question."""
    gold_tables = _tables(question.gold, "duckdb")
    single = len(gold_tables) == 1
    request = DraftRequest(
        question=question.text,
        dictionary=database.context.dictionary,
        evidence=database.retriever.retrieve(question.text),
        today=_TODAY,
    )
    started = time.perf_counter()
    try:
        outcome = asyncio.run(drafter.draft(request))
    except Exception as error:  # noqa: BLE001 - a crash is counted, and named
        return Outcome(question, "wrong", f"crash: {error!r}", "", 0.0, single)
    spent = (time.perf_counter() - started) * 1000
    if isinstance(outcome, Clarification):
        return Outcome(question, "clarified", outcome.question, "", spent, single)
    if not isinstance(outcome, SqlDraft):
        return Outcome(question, "refused", outcome.reason, "", spent, single)
    try:
        mine = execute(database, database.translator.translate(outcome.sql))
    except Exception as error:  # noqa: BLE001 - any failure to run is the finding
        return Outcome(
            question, "wrong", f"does not run: {str(error)[:120]}", outcome.sql, spent, single
        )
    if question.gold not in database.gold:
        database.gold[question.gold] = execute(database, question.gold)
    gold = database.gold[question.gold]
    right = same_result(gold, mine, ordered=question.order_matters)
    if right and not gold:
        right = _tables(outcome.sql, "athena") == gold_tables
    reason = "" if right else _difference(gold, mine, gold_tables, _tables(outcome.sql, "athena"))
    status = "right" if right else "wrong"
    return Outcome(question, status, reason, outcome.sql, spent, single, outcome.confidence)


def _difference(
    gold: list[Any], mine: list[Any], gold_tables: set[str], my_tables: set[str]
) -> str:
    widths = (len(gold[0]) if gold else 0, len(mine[0]) if mine else 0)
    if gold and mine and widths[0] != widths[1]:
        return "other number of columns"
    if gold_tables != my_tables:
        return "other tables"
    if len(gold) != len(mine):
        return "other number of rows"
    return "other values"


def run_set(questions: list[Question], *, rebuild: bool) -> Iterator[Outcome]:
    """Judges every question, database by database."""
    drafter = EmbeddedDrafter()
    by_database: dict[str, list[Question]] = defaultdict(list)
    for question in questions:
        by_database[question.db].append(question)
    for db, asked in sorted(by_database.items()):
        try:
            database = open_database(asked[0].url, db, rebuild=rebuild)
        except Exception as error:  # noqa: BLE001 - a database that cannot be opened is reported
            print(f"{db}: {error}", file=sys.stderr)
            continue
        for question in asked:
            yield judge(question, database, drafter)
        database.connection.close()


def report(name: str, outcomes: list[Outcome]) -> None:
    """Prints shares by part of the set."""
    parts = {
        "all": outcomes,
        "single table": [o for o in outcomes if o.single],
        "joined": [o for o in outcomes if not o.single],
        "half A": [o for o in outcomes if o.question.half == "A"],
        "half B": [o for o in outcomes if o.question.half == "B"],
    }
    for part, some in parts.items():
        if not some:
            continue
        counts = Counter(o.status for o in some)
        shares = "  ".join(
            f"{status} {counts[status] / len(some):6.1%}"
            for status in ("right", "wrong", "refused", "clarified")
        )
        print(f"{name:9} {part:13} {len(some):5}  {shares}")
    times = sorted(o.ms for o in outcomes)
    if times:
        late = times[int(len(times) * 0.95)]
        print(f"{name:9} p50 {statistics.median(times):.1f} ms, p95 {late:.1f} ms")


def reasons(outcomes: list[Outcome]) -> None:
    """Prints the ten most frequent reasons of failure."""
    found: Counter[str] = Counter()
    for outcome in outcomes:
        if outcome.status != "right":
            words = [w if "“" not in w and "'" not in w else "..." for w in outcome.detail.split()]
            found[f"{outcome.status}: {' '.join(words[:7])}"] += 1
    for reason, count in found.most_common(10):
        print(f"  {count:5}  {reason}")


def show_failures(outcomes: list[Outcome], kind: str, count: int, match: str) -> None:
    """Prints failures of half A, spread over the databases."""
    failed = [
        o for o in outcomes if o.question.half == "A" and o.status == kind and match in o.detail
    ]
    failed.sort(
        key=lambda o: hashlib.md5(o.question.id.encode(), usedforsecurity=False).hexdigest()
    )
    for outcome in failed[:count]:
        print(f"[{outcome.question.db}] {outcome.question.text}\n   {outcome.detail}")
        print(f"   mine: {outcome.sql}\n   gold: {outcome.question.gold}")


def main() -> None:
    """Reads the arguments, runs the sets, prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=_ROOT.parent / "shared" / "nl2sql_dev")
    parser.add_argument("--set", nargs="*", default=["spider", "synonyms", "classic", "nvbench"])
    parser.add_argument("--half", default="")
    parser.add_argument("--db", default="")
    parser.add_argument("--failures", type=int, default=0)
    parser.add_argument("--kind", default="wrong")
    parser.add_argument("--match", default="")
    parser.add_argument("--save", type=Path)
    parser.add_argument("--rebuild", action="store_true")
    options = parser.parse_args()
    if not options.data.exists():
        print(f"The development sets are not at {options.data}: nothing to measure.")
        return
    for name in options.set:
        questions = [
            q
            for q in load_questions(options.data, name)
            if options.half in ("", q.half) and options.db in ("", q.db)
        ]
        outcomes = list(run_set(questions, rebuild=options.rebuild))
        report(name, outcomes)
        reasons(outcomes)
        show_failures(outcomes, options.kind, options.failures, options.match)
        if options.save:
            options.save.write_bytes(pickle.dumps(outcomes))


if __name__ == "__main__":
    main()
