"""A run's summary for the terminal."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from statistics import mean, median

from rich.console import Console
from rich.table import Table

from domain.model_call import ModelCall, total_cost
from evals.result import SampleResult

_SHOWN_FAILURES = 20


def print_summary(console: Console, results: Sequence[SampleResult]) -> None:
    """Prints shares by suite and by scorer, then the first failures."""
    console.print(_by_suite(results))
    console.print(_by_scorer(results))
    failed = [result for result in results if not result.passed]
    for result in failed[:_SHOWN_FAILURES]:
        question = result.steps[-1].question if result.steps else ""
        console.print(f"[red]failed[/red] {result.key}", highlight=False, soft_wrap=True)
        console.print(f"       {question}\n       {result.reason}", markup=False, highlight=False)
    if len(failed) > _SHOWN_FAILURES:
        console.print(f"and {len(failed) - _SHOWN_FAILURES} more: see the report.")
    unstable = unstable_samples(results)
    if unstable:
        console.print(f"not the same in every repeat: {', '.join(unstable)}", highlight=False)


def print_judge(console: Console, name: str, calls: Sequence[ModelCall]) -> None:
    """Prints what a judge took, and why it gave no score where it gave none."""
    tokens = sum(call.tokens_in + call.tokens_out for call in calls)
    cost = total_cost(calls)
    price = "" if cost is None else f", ${cost:.4f}"
    line = f"judge {name}: {len(calls)} calls, {tokens:,} tokens{price}"
    console.print(line, markup=False, highlight=False)
    failed = Counter(call.error for call in calls if call.status == "failed")
    for error, count in failed.most_common():
        console.print(f"       {count} failed: {error}", style="yellow", markup=False)


def unstable_samples(results: Iterable[SampleResult]) -> list[str]:
    """Returns the samples that passed in some repeats and failed in others."""
    seen: dict[str, set[bool]] = defaultdict(set)
    for result in results:
        seen[result.key].add(result.passed)
    return sorted(key for key, outcomes in seen.items() if len(outcomes) > 1)


def _by_suite(results: Sequence[SampleResult]) -> Table:
    table = Table(
        "suite", "samples", "passed", "share", "drafts", "p50 ms", "p95 ms", "tokens", "cost $"
    )
    groups: dict[str, list[SampleResult]] = defaultdict(list)
    for result in results:
        groups[result.suite].append(result)
    for name, group in [*sorted(groups.items()), ("all", list(results))]:
        passed = sum(result.passed for result in group)
        times = sorted(result.duration_ms for result in group)
        tokens = sum(step.tokens_in + step.tokens_out for r in group for step in r.steps)
        table.add_row(
            name,
            str(len(group)),
            str(passed),
            f"{passed / len(group):.1%}" if group else "",
            _mean_drafts(group),
            f"{median(times):,.0f}" if times else "",
            f"{quantile(times, 0.95):,.0f}" if times else "",
            f"{tokens:,}",
            f"{sum(result.cost_usd for result in group):.4f}",
        )
    return table


def _mean_drafts(results: Sequence[SampleResult]) -> str:
    """How many drafts of SQL a question took, of those that took any."""
    counts = [len(step.attempts) for r in results for step in r.steps if step.attempts]
    return f"{mean(counts):.2f}" if counts else ""


def _by_scorer(results: Sequence[SampleResult]) -> Table:
    table = Table("scorer", "judged", "passed", "share")
    judged: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for result in results:
        for step in result.steps:
            for score in step.scores:
                judged[score.scorer] += 1
                passed[score.scorer] += score.passed
    for scorer, count in sorted(judged.items()):
        share = f"{passed[scorer] / count:.1%}"
        table.add_row(scorer, str(count), str(passed[scorer]), share)
    return table


def quantile(ordered: Sequence[float], share: float) -> float:
    """Returns the value below which this share of the sorted numbers lies; 0 for none."""
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0
