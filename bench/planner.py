"""Measures the planner on public questions: right, wrong, refused and clarified, set by set.

    python -m bench.planner [--set spider] [--half A] [--failures 20] [--kind wrong] [--db name]

Needs the public development sets (`--data`, default `../shared/nl2sql_dev`). Contexts are profiled
once and kept in `var/bench`; a change of the profiler renews them.
"""

import argparse
import asyncio
import hashlib
import pickle
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.planner_charts import chart_lines, chosen_kind, gold_kinds
from evals.question_folder import database_url, load_question_folder
from evals.sample import Sample
from evals.scorers.execution import score_execution
from evals.scorers.sql_tables import tables_read
from evals.solvers.planner import PlannerSolver
from evals.source import EvalSource, ensure_profiled, open_eval_source
from settings.settings import Settings

_ROOT = Path(__file__).parent.parent
_CONTEXTS = _ROOT / "var" / "bench" / "context"
_TODAY = date(2020, 1, 1)
_TIMEOUT_SECONDS = 20
_NVBENCH_SAMPLE = 10
_FOLDERS = {
    "spider": "spider_train_partial",
    "synonyms": "spider_train_partial",
    "classic": "geoquery_restaurants",
    "nvbench": "nvbench",
}
_DATABASES = {"spider_train_partial": "nvbench"}
"""Sets whose databases lie in another set's folder."""


@dataclass
class Outcome:
    """What became of one question."""

    sample: Sample
    status: str
    detail: str = ""
    sql: str = ""
    ms: float = 0.0
    single: bool = True
    confidence: float = 0.0
    chart: str = ""
    """The kind of chart that is drawn, where charts are measured."""

    @property
    def half(self) -> str:
        return half_of(self.sample)


def half_of(sample: Sample) -> str:
    """Which half a question belongs to: by database, so that none is in both."""
    return "AB"[hashlib.md5(sample.source.encode(), usedforsecurity=False).digest()[0] % 2]


def load_samples(data: Path, name: str) -> list[Sample]:
    """Reads one set; `synonyms` is Spider with reworded questions."""
    suite = load_question_folder(
        data / _FOLDERS[name],
        every=_NVBENCH_SAMPLE if name == "nvbench" else 1,
        with_synonyms=name == "synonyms",
    )
    return list(suite.samples)


async def judge(
    sample: Sample, source: EvalSource, solver: PlannerSolver, *, with_charts: bool
) -> Outcome:
    """Drafts, runs and compares one question."""
    gold = sample.gold[0]
    single = len(tables_read(gold, "duckdb")) == 1
    try:
        step = (await solver.solve(sample)).steps[0]
    except Exception as error:  # noqa: BLE001 - a crash is counted, and named
        return Outcome(sample, "wrong", f"crash: {error!r}", "", 0.0, single)
    spent = step.duration_ms
    if step.status == "clarify":
        return Outcome(sample, "clarified", step.text, "", spent, single)
    if step.status == "refused":
        return Outcome(sample, "refused", step.text, "", spent, single)
    score = await score_execution(step.sql, sample, source.rows)
    reason = f"{score.difference}: {score.error[:120]}" if score.error else score.difference
    status = "right" if score.is_match else "wrong"
    found = Outcome(sample, status, reason, step.sql, spent, single, step.confidence or 0.0)
    if score.is_match and with_charts:
        found.chart = await chosen_kind(step.sql, sample.question, source)
    return found


async def run_set(
    folder: Path, samples: list[Sample], *, rebuild: bool, with_charts: bool
) -> AsyncIterator[Outcome]:
    """Judges every question, database by database."""
    by_database: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        by_database[sample.source].append(sample)
    for db, asked in sorted(by_database.items()):
        settings = Settings(
            warehouse=database_url(folder, db),
            context=_CONTEXTS / db,
            today=_TODAY,
            policy="open",
            warehouse_timeout_seconds=_TIMEOUT_SECONDS,
        )
        try:
            await ensure_profiled(db, settings, rebuild=rebuild)
        except Exception as error:  # noqa: BLE001 - a database that cannot be opened is reported
            print(f"{db}: {error}", file=sys.stderr)
            continue
        async with open_eval_source(db, settings) as source:
            solver = PlannerSolver(source)
            for sample in asked:
                yield await judge(sample, source, solver, with_charts=with_charts)


def report(name: str, outcomes: list[Outcome]) -> None:
    """Prints shares by part of the set."""
    parts = {
        "all": outcomes,
        "single table": [o for o in outcomes if o.single],
        "joined": [o for o in outcomes if not o.single],
        "half A": [o for o in outcomes if o.half == "A"],
        "half B": [o for o in outcomes if o.half == "B"],
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
    failed = [o for o in outcomes if o.half == "A" and o.status == kind and match in o.detail]
    failed.sort(key=lambda o: hashlib.md5(o.sample.id.encode(), usedforsecurity=False).hexdigest())
    for outcome in failed[:count]:
        print(f"[{outcome.sample.source}] {outcome.sample.question}\n   {outcome.detail}")
        print(f"   mine: {outcome.sql}\n   gold: {outcome.sample.gold[0]}")


async def measure(name: str, options: argparse.Namespace) -> list[Outcome]:
    """Runs one set, or the part of it that the options name."""
    samples = [
        sample
        for sample in load_samples(options.data, name)
        if options.half in ("", half_of(sample)) and options.db in ("", sample.source)
    ]
    folder = options.data / _DATABASES.get(_FOLDERS[name], _FOLDERS[name])
    found = run_set(folder, samples, rebuild=options.rebuild, with_charts=name == "nvbench")
    return [outcome async for outcome in found]


def main() -> None:
    """Reads the arguments, runs the sets, prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=_ROOT.parent / "shared" / "nl2sql_dev")
    parser.add_argument("--set", nargs="*", default=list(_FOLDERS))
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
        outcomes = asyncio.run(measure(name, options))
        report(name, outcomes)
        reasons(outcomes)
        if name == "nvbench":
            kinds = gold_kinds(options.data / _FOLDERS[name])
            drawn = [(kinds[o.sample.id], o.chart) for o in outcomes if o.chart]
            print(*chart_lines(drawn), sep="\n")
        show_failures(outcomes, options.kind, options.failures, options.match)
        if options.save:
            options.save.write_bytes(pickle.dumps(outcomes))


if __name__ == "__main__":
    main()
