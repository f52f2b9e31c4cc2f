"""What the page shows of runs, as one JSON object: a sample a row, a run a column."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlglot
from sqlglot.errors import SqlglotError

from evals.result import SampleResult, ShownRows, StepResult
from evals.run_folder import Manifest


def report_data(
    runs: Sequence[tuple[Manifest, Sequence[SampleResult]]], title: str, *, with_rows: bool = True
) -> dict[str, Any]:
    """Returns the data of the page; without rows only the counts of results are in it."""
    rows: dict[str, list[list[SampleResult]]] = defaultdict(lambda: [[] for _ in runs])
    for column, (_, results) in enumerate(runs):
        for result in results:
            rows[result.key][column].append(result)
    return {
        "title": title,
        "runs": [_run(manifest, results) for manifest, results in runs],
        "samples": [_row(key, cells, with_rows) for key, cells in rows.items()],
    }


def _run(manifest: Manifest, results: Sequence[SampleResult]) -> dict[str, Any]:
    versions = [result.versions for result in results]
    return {
        "name": manifest.name,
        "solver": manifest.solver,
        "model": versions[-1].model if versions else manifest.llm,
        "code": manifest.code_version,
        "started": manifest.started_at.isoformat(timespec="minutes"),
        "prompts": _newest([v.prompts for v in versions]) | manifest.prompt_versions,
        "passed": sum(result.passed for result in results),
        "total": len(results),
        "cost": round(sum(result.cost_usd for result in results), 4),
    }


def _newest(prompts: Sequence[dict[str, str]]) -> dict[str, str]:
    return {name: version for each in prompts for name, version in each.items()}


def _row(key: str, cells: list[list[SampleResult]], with_rows: bool) -> dict[str, Any]:
    some = next(cell[0] for cell in cells if cell)
    return {
        "key": key,
        "question": some.steps[-1].question if some.steps else "",
        "tags": list(some.tags),
        "cells": [[_cell(result, with_rows) for result in cell] for cell in cells],
    }


def _cell(result: SampleResult, with_rows: bool) -> dict[str, Any]:
    return {
        "passed": result.passed,
        "reason": result.reason,
        "ms": round(result.duration_ms),
        "context": result.versions.context,
        "steps": [_step(step, with_rows) for step in result.steps],
    }


def _step(step: StepResult, with_rows: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "question": step.question,
        "status": step.status,
        "scores": [[score.scorer, score.passed, score.detail] for score in step.scores],
        "gold": _pretty(step.gold, "duckdb"),
        "sql": _pretty(step.sql, "athena"),
        "text": step.text,
        "error": step.error,
        "options": list(step.options),
        "chart": f"{step.chart.type}: {step.chart.title}" if step.chart else "",
        "expected": _shown(step.expected, with_rows),
        "actual": _shown(step.actual, with_rows),
        "timings": step.timings_ms,
        "attempts": [
            {
                "sql": _pretty(attempt.sql, "athena"),
                "status": attempt.status,
                "reasons": [reason.message for reason in attempt.reasons],
            }
            for attempt in step.attempts
            if attempt.status in ("rejected", "failed")
        ],
        "calls": [
            {
                "name": f"{call.prompt}/{call.prompt_version} to {call.model}",
                "rendered": call.rendered,
                "reply": call.reply,
                "tokens": [call.tokens_in, call.tokens_out],
            }
            for call in step.model_calls
        ],
    }
    return {name: value for name, value in shown.items() if value not in ("", None, [], {})}


def _shown(rows: ShownRows | None, with_rows: bool) -> dict[str, Any] | None:
    if rows is None:
        return None
    return rows.model_dump(mode="json", exclude=None if with_rows else {"rows"})


def _pretty(sql: str, dialect: str) -> str:
    """Both sides are laid out alike, so that a diff shows what differs in meaning."""
    if not sql:
        return ""
    try:
        return sqlglot.transpile(sql, read=dialect, write=dialect, pretty=True)[0]
    except SqlglotError:
        return sql
