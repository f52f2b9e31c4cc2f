"""Whether the chart that the planner's writer chooses is of the kind that nvBench asks for."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from aggregation.summarize import summarize
from evals.question_folder import QUESTIONS
from evals.source import EvalSource
from planner.sql_reading.plan_of import plan_of
from planner.telling.chart_choice import choose_chart

_KINDS = {"bar": "bar", "pie": "pie", "line": "line", "scatter": "scatter"}


def gold_kinds(folder: Path) -> dict[str, str]:
    """Returns the kind of chart by question; stacked and grouped ones are of their base kind."""
    lines = (folder / QUESTIONS).read_text(encoding="utf-8").splitlines()
    found = (json.loads(line) for line in lines)
    return {
        line["id"]: next(kind for kind in _KINDS if kind in line["chart"].lower())
        for line in found
        if any(kind in line.get("chart", "").lower() for kind in _KINDS)
    }


async def chosen_kind(sql: str, question: str, source: EvalSource) -> str:
    """Returns the kind of chart that is drawn of an answer's rows, or `none`."""
    dictionary = source.context.dictionary
    plan = plan_of(sql, dictionary).plan
    table = await source.rows.athena(sql)
    summary = summarize(sql, table.columns, table.rows, dictionary=dictionary, plan=plan)
    chart = choose_chart(summary, plan, question)
    return chart.type if chart is not None else "none"


def chart_lines(pairs: list[tuple[str, str]]) -> Iterator[str]:
    """Yields how often the kind fits, and the misses, of (asked for, drawn)."""
    if not pairs:
        return
    fits = sum(gold == mine for gold, mine in pairs)
    yield f"charts    right data    {len(pairs):5}  right kind {fits / len(pairs):6.1%}"
    missed = Counter(pair for pair in pairs if pair[0] != pair[1])
    for (gold, mine), count in missed.most_common(5):
        yield f"  {count:5}  {gold} asked for, {mine} drawn"
