"""Measures a small real model three ways: alone, in the graph, and in the graph with the planner.

    python -m bench.local_model [--set spine dev] [--count 100] [--show 10]

`spine` asks the questions of tests/questions over both samples; `dev` asks seeded questions of the
public development sets (`--data`). Replies are kept in var/bench/local-model.jsonl with the seconds
they took, so that a run that was stopped goes on, and the ways share the calls that are the same.
"""

import argparse
import asyncio
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import orjson
import yaml

from domain.run_event import RunFailed, RunFinished, RunInterrupted
from evals.question_folder import database_url, load_question_folder
from evals.sample import Sample
from evals.scorers.execution import score_execution
from evals.source import EvalSource, ensure_profiled, open_eval_source
from graph.asked import Asked
from graph.brain import EMBEDDED, Brain, brain_of, open_brain, open_prompts
from graph.service import open_service
from llm_clients.call import CallParameters, ModelReply, PromptCall, call_key
from llm_clients.call_failure import CallFailedError
from llm_clients.model_client import ModelClient
from llm_clients.model_list import find_model
from llm_clients.model_options import ModelOptions
from llm_clients.open_client import open_transport
from llm_clients.retries import Patience
from llm_clients.transport import Transport
from model_brain.draft_reply import read_draft
from settings.settings import Settings

_ROOT = Path(__file__).parent.parent
_MODEL = "local:qwen2.5-coder-1.5b"
_SEED = 20_261_126
_TODAY = {"vtion": date(2026, 10, 1), "nycflights13": date(2014, 1, 1)}
_DEV_TODAY = date(2020, 1, 1)
_PATIENCE = Patience(timeout_seconds=600, attempts=1)
_WAYS = ("model alone", "graph, model", "graph, both", "planner")
_PLAIN = """Tables:
{schema}

Write one Trino SQL query that answers this question. Reply with the SQL alone.{today}
{question}"""
_RELATIVE = ("today", "yesterday", "last ", "this ", "past ", "ago", "current", "recent")


@dataclass
class Kept:
    """Replies that were given before, with the seconds they took."""

    path: Path
    inner: Transport
    spent: float = 0.0
    """Seconds of the replies given since it was last set to 0, kept ones included."""
    live: float = 0.0
    """Those of them that passed just now."""
    replies: dict[str, tuple[ModelReply, float]] = field(default_factory=dict)

    def load(self) -> None:
        if self.path.is_file():
            for line in map(orjson.loads, self.path.read_bytes().splitlines()):
                self.replies[line["key"]] = ModelReply(**line["reply"]), line["seconds"]

    async def complete(self, call: PromptCall) -> ModelReply:
        key = call_key("local", _MODEL, call)
        if key not in self.replies:
            started = time.perf_counter()
            reply = await self.inner.complete(call)
            seconds = time.perf_counter() - started
            self.replies[key] = reply, seconds
            self.live += seconds
            self._save(key)
        reply, seconds = self.replies[key]
        self.spent += seconds
        return reply

    async def stream(self, call: PromptCall) -> AsyncIterator[str | ModelReply]:
        yield await self.complete(call)

    async def close(self) -> None:
        await self.inner.close()

    def _save(self, key: str) -> None:
        reply, seconds = self.replies[key]
        line = {"key": key, "reply": reply.model_dump(), "seconds": seconds}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as stream:
            stream.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))


@dataclass(frozen=True)
class Outcome:
    """What one way made of one question."""

    way: str
    sample: Sample
    status: str
    seconds: float
    sql: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Asking:
    """One question, where it is asked."""

    sample: Sample
    settings: Settings


async def alone(asking: Asking, source: EvalSource, kept: Kept) -> Outcome:
    """The whole schema and the question in one plain prompt; what comes back is run as it is."""
    tables = source.context.dictionary.tables
    schema = "\n".join(
        f"CREATE TABLE {table.name} ({', '.join(f'{c.name} {c.type}' for c in table.columns)});"
        for table in tables
    )
    question = asking.sample.question
    # A small model filters by every date that it sees: it is told today's only where it needs it.
    is_relative = any(word in question.lower() for word in _RELATIVE)
    today = f" Today is {asking.settings.today}." if is_relative else ""
    text = _PLAIN.format(schema=schema, today=today, question=question)
    kept.spent = 0.0
    call = PromptCall(
        prompt="plain",
        version="-",
        system="",
        user=text,
        parameters=CallParameters(maximum_tokens=300),
    )
    try:
        draft = read_draft(await kept.complete(call))
    except (CallFailedError, ValueError) as error:
        return Outcome("model alone", asking.sample, "refused", kept.spent, detail=str(error))
    sql = getattr(draft, "sql", "")
    return await _judged("model alone", asking.sample, sql, kept.spent, source)


async def in_graph(
    way: str, asking: Asking, source: EvalSource, kept: Kept, brain: Brain
) -> Outcome:
    """The whole graph; what it answers is judged by the SQL on its receipt."""
    kept.spent = kept.live = 0.0
    started = time.perf_counter()
    asked = Asked(question=asking.sample.question)
    async with open_service(asking.settings, brain=brain) as (_, runner):
        last = None
        async for event in runner.run(asked):
            last = event
    seconds = time.perf_counter() - started - kept.live + kept.spent
    match last:
        case RunFinished(answer=answer) if answer.status == "answered" and answer.receipt:
            return await _judged(way, asking.sample, answer.receipt.sql, seconds, source)
        case RunFinished(answer=answer):
            return Outcome(way, asking.sample, "refused", seconds, detail=answer.text)
        case RunInterrupted():
            return Outcome(way, asking.sample, "clarified", seconds)
        case RunFailed():
            return Outcome(way, asking.sample, "refused", seconds, detail=last.message)
        case _:
            raise TypeError("a run ends with an end")


async def _judged(
    way: str, sample: Sample, sql: str, seconds: float, source: EvalSource
) -> Outcome:
    score = await score_execution(sql, sample, source.rows)
    status = "right" if score.is_match else "wrong"
    if score.error and way == "model alone":
        # Nothing is shown to anyone where SQL does not run: no wrong answer, but none either.
        status = "refused"
    return Outcome(way, sample, status, seconds, sql, score.error or score.difference)


def spine() -> list[Asking]:
    """The questions of the tests, over both samples."""
    found = []
    for name, today in _TODAY.items():
        settings = Settings(
            warehouse=f"duckdb://{_ROOT / 'var' / 'data' / name}",
            context=_ROOT / "var" / "context" / name,
            today=today,
            state="sqlite:///:memory:",
            llm_cross_check="off",
            llm_run_seconds=1_800,
        )
        lines = yaml.safe_load((_ROOT / "tests" / "questions" / f"{name}.yaml").read_text())
        for number, line in enumerate(lines):
            gold = [line["sql"], *([line["also"]] if "also" in line else [])]
            sample = Sample(
                id=f"{name}-{number}", source=name, question=line["question"], gold=tuple(gold)
            )
            found.append(Asking(sample, settings))
    return found


async def development(data: Path, count: int) -> list[Asking]:
    """Seeded questions of the public sets, databases without persons."""
    samples = [
        (data / folder, sample)
        for name, folder in (("spider_train_partial", "nvbench"), ("nvbench", "nvbench"))
        for sample in load_question_folder(data / name).samples
    ]
    chosen = random.Random(_SEED).sample(samples, count)  # noqa: S311 a sample, no secret
    found = []
    for folder, sample in chosen:
        settings = Settings(
            warehouse=database_url(folder, sample.source),
            context=_ROOT / "var" / "bench" / "context" / sample.source,
            today=_DEV_TODAY,
            policy="open",
            # Their gold shows what was asked for and nothing beside it.
            with_ranking=False,
            state="sqlite:///:memory:",
            llm_cross_check="off",
            llm_run_seconds=1_800,
        )
        await ensure_profiled(sample.source, settings)
        found.append(Asking(sample, settings))
    return found


async def measure(askings: list[Asking], kept: Kept, count: int) -> list[Outcome]:
    """Asks a seeded part, source by source and way by way: a server keeps the last prefix."""
    chosen = random.Random(_SEED).sample(askings, min(count, len(askings)))  # noqa: S311 no secret
    by_source: dict[str, list[Asking]] = defaultdict(list)
    for asking in chosen:
        by_source[asking.sample.source].append(asking)
    outcomes: list[Outcome] = []
    for name, some in sorted(by_source.items()):
        async with open_eval_source(name, some[0].settings) as source:
            for way in _WAYS:
                outcomes.extend([await ask(way, asking, source, kept) for asking in some])
                print(f"  {name}: {way}, {len(some)} questions", flush=True)
    return outcomes


async def ask(way: str, asking: Asking, source: EvalSource, kept: Kept) -> Outcome:
    """Asks one question in one way."""
    if way == "model alone":
        return await alone(asking, source, kept)
    settings = asking.settings
    client = ModelClient(_MODEL, find_model(*_MODEL.split(":")), kept, _PATIENCE)
    if way == "planner":
        brain = open_brain(settings, EMBEDDED)
    else:
        check = "compare" if way == "graph, both" else "off"
        changed = settings.model_copy(update={"llm_cross_check": check})
        brain = brain_of(changed, client, open_prompts(settings))
    held = Brain(brain.model, brain.drafter, brain.writer, _stay_open)
    return await in_graph(way, asking, source, kept, held)


async def _stay_open() -> None:
    """The client serves the next question too."""


def report(name: str, outcomes: list[Outcome], show: int) -> None:
    """Prints right, wrong, refused and seconds for each way."""
    by_way: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_way[outcome.way].append(outcome)
    asked = len(outcomes) // len(_WAYS)
    print(f"{name}: {asked} questions")
    print(
        f"{'':14} {'right':>7} {'wrong':>7} {'refused':>8} {'asked back':>11} {'net':>6}  seconds"
    )
    for way in _WAYS:
        counts = Counter(outcome.status for outcome in by_way[way])
        shares = {status: counts[status] / max(1, asked) for status in counts}
        right, wrong = shares.get("right", 0.0), shares.get("wrong", 0.0)
        seconds = sorted(outcome.seconds for outcome in by_way[way]) or [0.0]
        late = seconds[int(len(seconds) * 0.95)]
        print(
            f"{way:14} {right:7.0%} {wrong:7.0%} {shares.get('refused', 0.0):8.0%}"
            f" {shares.get('clarified', 0.0):11.0%} {right - wrong:+6.0%}"
            f"  p50 {statistics.median(seconds):.1f}, p95 {late:.1f}"
        )
    for outcome in [o for o in outcomes if o.status != "right" and o.way != "planner"][:show]:
        print(f"[{outcome.way}: {outcome.status}] {outcome.sample.question}")
        print(f"   {outcome.detail[:150]}\n   {' '.join(outcome.sql.split())[:300]}")


async def run(options: argparse.Namespace) -> None:
    """Runs the sets that the options name."""
    entry = find_model(*_MODEL.split(":"))
    model = ModelOptions(base_url=options.url, timeout_seconds=600)
    kept = Kept(
        _ROOT / "var" / "bench" / "local-model.jsonl", open_transport("local", entry, model)
    )
    kept.load()
    for name in options.set:
        if name == "dev" and not options.data.exists():
            print(f"The development sets are not at {options.data}: left out.")
            continue
        askings = spine() if name == "spine" else await development(options.data, options.count)
        outcomes = await measure(askings, kept, options.count)
        report(name, outcomes, options.show)
    await kept.close()


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=_ROOT.parent / "shared" / "nl2sql_dev")
    parser.add_argument("--set", nargs="*", default=["spine", "dev"])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--url", default="http://127.0.0.1:8091/v1")
    parser.add_argument("--show", type=int, default=0)
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
