"""Measures the context store: retrieval and loading at scale, recall, and the build.

    python -m bench.context [scale recall build]

Every figure stands beside a floor of the same run: a bare BM25 library over the same texts, and
DuckDB's own SUMMARIZE over the same tables. Recall needs the public development sets (`--data`).
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from bench.context_build import measure_build
from bench.context_corpus import Corpus, make_corpus
from bench.context_recall import measure_recall
from context_store.lines import LineKey
from context_store.question_words import folded_words, stem
from context_store.review import ContextReview
from context_store.store import ContextStore

_ROOT = Path(__file__).parent.parent
_TABLES, _COLUMNS, _VALUES, _QUESTIONS = 10_000, 100_000, 20, 400
_LOAD = """
import json, sys, time
import numpy, pydantic, orjson, structlog
from context_store.store import ContextStore
def rss(): return int(open('/proc/self/statm').read().split()[1]) * 4096 / 2**20
before, started = rss(), time.perf_counter()
context = ContextStore(sys.argv[1]).current()
seconds = time.perf_counter() - started
context.retriever.retrieve('total of everything')
print(json.dumps([seconds, before, rss()]))
"""


def _percentile(times: Sequence[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def _timed(ask: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    times = []
    for question in questions:
        started = time.perf_counter()
        ask(question)
        times.append(time.perf_counter() - started)
    return times


def _documents(corpus: Corpus) -> list[list[str]]:
    """Returns all that the retriever searches of each column: words of it and of its values."""
    values = corpus.values
    return [
        [
            stem(word)
            for text in (
                column.name.replace("_", " "),
                *column.synonyms,
                column.description,
                *values[table.name].get(column.name, ()),
            )
            for word in folded_words(text)
        ]
        for table in corpus.dictionary.tables
        for column in table.columns
    ]


def _bm25s(documents: list[list[str]]) -> Callable[[str], object]:
    import bm25s

    index = bm25s.BM25()
    index.index(documents, show_progress=False)

    def ask(question: str) -> object:
        words = [[stem(word) for word in folded_words(question)]]
        return index.retrieve(words, k=15, show_progress=False)

    return ask


def _tantivy(documents: list[list[str]]) -> Callable[[str], object]:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", stored=False, tokenizer_name="whitespace")
    index = tantivy.Index(builder.build())
    writer = index.writer(heap_size=200_000_000, num_threads=1)
    for words in documents:
        writer.add_document(tantivy.Document(text=" ".join(words)))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def ask(question: str) -> object:
        words = " ".join(stem(word) for word in folded_words(question))
        return searcher.search(index.parse_query(words, ["text"]), 15)

    return ask


def measure_scale() -> None:
    """Prints retrieval beside bare BM25, then loading in a process of its own."""
    corpus = make_corpus(_TABLES, _COLUMNS, _VALUES, _QUESTIONS)
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        ContextStore(folder).save(corpus.dictionary, corpus.values)
        print(f"index built and version written in {time.perf_counter() - started:.1f} s")
        command = [sys.executable, "-c", _LOAD, folder]
        found = subprocess.run(command, check=True, capture_output=True, cwd=_ROOT)  # noqa: S603
        seconds, before, after = json.loads(found.stdout)
        print(
            f"load {seconds:.2f} s (at most 2), RSS {after:.0f} MiB (at most 300), "
            f"of which {before:.0f} MiB were there before"
        )
        _measure_edits(ContextStore(folder), corpus)
        context = ContextStore(folder).current()
        questions = [question for question, _ in corpus.questions]
        _timed(context.retriever.retrieve, questions[:20])
        ours = _timed(context.retriever.retrieve, questions)
        hits = sum(
            table in [t.table for t in context.retriever.retrieve(question).tables[:10]]
            for question, table in corpus.questions
        )
    print(
        f"retrieval over {_TABLES:,} tables, {_COLUMNS:,} columns: "
        f"p50 {_percentile(ours, 0.5):.2f} ms (at most 10), "
        f"p99 {_percentile(ours, 0.99):.2f} ms (at most 40); "
        f"the table asked about is among the first ten: {hits / len(questions):.1%}"
    )
    documents = _documents(corpus)
    for name, open_floor in (("bm25s", _bm25s), ("tantivy", _tantivy)):
        floor = _timed(open_floor(documents), questions)
        ratio = statistics.median(ours) / statistics.median(floor)
        print(
            f"  bare {name} over the same texts: p50 {_percentile(floor, 0.5):.2f} ms, "
            f"p99 {_percentile(floor, 0.99):.2f} ms; ours takes {ratio:.2f} of it (at most 2)"
        )


def _measure_edits(store: ContextStore, corpus: Corpus) -> None:
    """Prints how long a person waits for a change of one line."""
    table = corpus.dictionary.tables[_TABLES // 2]
    key = LineKey(table.name, table.columns[0].name, "description")
    review = ContextReview(store, lambda: date(2026, 1, 1))

    def tell(what: str, work: Callable[[], str]) -> None:
        started, cpu = time.perf_counter(), time.process_time()
        work()
        spent = time.perf_counter() - started
        print(f"a line is {what} in {spent:.1f} s, {time.process_time() - cpu:.1f} s of CPU")

    tell("approved", lambda: review.approve([key], "bench"))
    tell("corrected", lambda: review.correct(key, "Words that were not there.", "bench"))


def main() -> None:
    """Runs the parts that were named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["scale", "recall", "build"])
    parser.add_argument("--data", type=Path, default=_ROOT.parent / "shared" / "nl2sql_dev")
    parser.add_argument("--tables", type=int, default=50, help="tables of the build")
    parser.add_argument(
        "--build-data", type=Path, default=_ROOT / "var" / "bench", help="keeps the build's tables"
    )
    options = parser.parse_args()
    if "scale" in options.parts:
        measure_scale()
    if "recall" in options.parts:
        measure_recall(options.data)
    if "build" in options.parts:
        asyncio.run(measure_build(options.tables, options.build_data))


if __name__ == "__main__":
    main()
