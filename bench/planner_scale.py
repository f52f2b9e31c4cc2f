"""Times the planner alone, after load, on made-up schemas of 50 and of 10,000 tables.

Times are those of the processor: the figure does not depend on what else runs.

python -m bench.planner_scale
"""

import asyncio
import statistics
import time
from datetime import date

from bench.context_corpus import make_corpus
from context_store.loaded_context import load_context
from domain.draft import DraftRequest, SqlDraft
from planner.drafter import EmbeddedDrafter

_SIZES = ((50, 600), (10_000, 120_000))
_QUESTIONS = 200
_VALUES = 20
_TODAY = date(2026, 1, 1)


def measure(tables: int, columns: int) -> str:
    """Returns one line: time a question with its retrieval taken beforehand, and what came out."""
    corpus = make_corpus(tables, columns, _VALUES, _QUESTIONS)
    context = load_context(corpus.dictionary, corpus.values)
    drafter = EmbeddedDrafter()
    times, answered = [], 0
    for question, _ in corpus.questions:
        evidence = context.retriever.retrieve(question)
        request = DraftRequest(
            question=question, dictionary=context.dictionary, evidence=evidence, today=_TODAY
        )
        started = time.process_time()
        outcome = asyncio.run(drafter.draft(request))
        times.append((time.process_time() - started) * 1000)
        answered += isinstance(outcome, SqlDraft)
    times.sort()
    late = times[int(len(times) * 0.95)]
    middle = statistics.median(times)
    return f"{tables:6} tables  p50 {middle:.1f} ms CPU  p95 {late:.1f} ms  answered {answered}"


def main() -> None:
    """Prints a line a size."""
    for tables, columns in _SIZES:
        print(measure(tables, columns))


if __name__ == "__main__":
    main()
