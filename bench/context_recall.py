"""Recall of tables: every question of the development sets over all their databases at once."""

import asyncio
import pickle
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import sqlglot
from sqlglot import exp

from bench.planner import Question, load_questions
from context_store.build_context import BuiltContext, build_context
from context_store.loaded_context import load_context
from context_store.value_index import ColumnValues
from domain.dictionary import Dictionary, Relationship, TableEntry
from settings.settings import Settings
from warehouse.open_warehouse import open_warehouse

_CACHE = Path(__file__).parent.parent / "var" / "bench" / "recall"
_SETS = ("spider", "synonyms", "classic", "nvbench")
_DEPTH = 10


def measure_recall(data: Path) -> None:
    """Prints the share of needed tables, and of questions with all of them, in the first ten."""
    if not data.exists():
        print(f"The development sets are not at {data}: recall is not measured.")
        return
    questions = {name: load_questions(data, name) for name in _SETS}
    urls = {q.db: q.url for asked in questions.values() for q in asked}
    context = load_context(*merge({db: _context(db, url) for db, url in sorted(urls.items())}))
    print(
        f"recall@{_DEPTH} over {len(urls)} databases merged into one schema of "
        f"{len(context.dictionary.tables)} tables:"
    )
    questions["all"] = [question for asked in questions.values() for question in asked]
    for name, asked in questions.items():
        wanted = found = whole = 0
        for question, tables in _with_gold(asked):
            evidence = context.retriever.retrieve(question.text)
            top = {table.table for table in evidence.tables[:_DEPTH]}
            hits = len(tables & top)
            wanted, found, whole = wanted + len(tables), found + hits, whole + (hits == len(tables))
        print(
            f"  {name:9} tables {found / wanted:6.1%} (at least 95 %), "
            f"questions with all {whole / len(asked):6.1%} of {len(asked)}"
        )


def merge(contexts: dict[str, BuiltContext]) -> tuple[Dictionary, ColumnValues]:
    """Returns one dictionary of all; a table is called by its database and its name."""
    tables: list[TableEntry] = []
    joins: list[Relationship] = []
    values: ColumnValues = {}
    for db, context in contexts.items():
        tables.extend(
            table.model_copy(update={"name": f"{db}__{table.name}".lower()})
            for table in context.dictionary.tables
        )
        for join in context.dictionary.relationships:
            ends = {
                "child_table": f"{db}__{join.child_table}".lower(),
                "parent_table": f"{db}__{join.parent_table}".lower(),
            }
            joins.append(join.model_copy(update=ends))
        values |= {f"{db}__{name}".lower(): held for name, held in context.values.items()}
    return Dictionary(source_name="merged", tables=tables, relationships=joins), values


def _with_gold(asked: list[Question]) -> Iterator[tuple[Question, set[str]]]:
    known: dict[str, set[str]] = defaultdict(set)
    for question in asked:
        if question.gold not in known:
            tree = sqlglot.parse_one(question.gold, dialect="duckdb")
            temporary = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
            known[question.gold] = {t.name.lower() for t in tree.find_all(exp.Table)} - temporary
        yield question, {f"{question.db}__{name}".lower() for name in known[question.gold]}


def _context(db: str, url: str) -> BuiltContext:
    kept = _CACHE / f"{db}.pickle"
    if not kept.exists():
        warehouse = open_warehouse(url, Settings(), None)
        built = asyncio.run(build_context(warehouse, source_name=db, pii_detection=False))
        asyncio.run(warehouse.close())
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(built))
    loaded: BuiltContext = pickle.loads(kept.read_bytes())  # noqa: S301 - written by this script
    return loaded
