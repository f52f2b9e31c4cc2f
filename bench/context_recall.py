"""Recall of tables: every question of the development sets over all their databases at once."""

import asyncio
import pickle
from pathlib import Path

from bench.planner import load_samples
from context_store.build_context import BuiltContext, build_context
from context_store.loaded_context import load_context
from context_store.value_index import ColumnValues
from domain.dictionary import Dictionary, Relationship, TableEntry
from evals.question_folder import database_url
from evals.scorers.sql_tables import tables_read
from settings.settings import Settings
from warehouse.open_warehouse import open_warehouse

_CACHE = Path(__file__).parent.parent / "var" / "bench" / "recall"
_SETS = ("spider", "synonyms", "classic", "nvbench")
_FOLDERS = {"classic": "geoquery_restaurants"}
_DEPTH = 10


def measure_recall(data: Path) -> None:
    """Prints the share of needed tables, and of questions with all of them, in the first ten."""
    if not data.exists():
        print(f"The development sets are not at {data}: recall is not measured.")
        return
    asked = {name: load_samples(data, name) for name in _SETS}
    urls = {
        sample.source: database_url(data / _FOLDERS.get(name, "nvbench"), sample.source)
        for name, samples in asked.items()
        for sample in samples
    }
    context = load_context(*merge({db: _context(db, url) for db, url in sorted(urls.items())}))
    print(
        f"recall@{_DEPTH} over {len(urls)} databases merged into one schema of "
        f"{len(context.dictionary.tables)} tables:"
    )
    asked["all"] = [sample for samples in asked.values() for sample in samples]
    for name, samples in asked.items():
        wanted = found = whole = 0
        for sample in samples:
            gold = {f"{sample.source}__{t}".lower() for t in tables_read(sample.gold[0], "duckdb")}
            evidence = context.retriever.retrieve(sample.question)
            hits = len(gold & {table.table for table in evidence.tables[:_DEPTH]})
            wanted, found, whole = wanted + len(gold), found + hits, whole + (hits == len(gold))
        print(
            f"  {name:9} tables {found / wanted:6.1%} (at least 95 %), "
            f"questions with all {whole / len(samples):6.1%} of {len(samples)}"
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
