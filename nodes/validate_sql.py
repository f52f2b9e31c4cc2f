"""Lets the guard judge and rewrite the draft, then has the engine plan it without running."""

from typing import TypedDict

from langgraph.runtime import Runtime

from domain.run_state import RunState
from domain.verdict import Verdict
from nodes.dependencies import Dependencies
from nodes.doubt import doubts_of, goes_back
from nodes.failed_attempt import (
    AttemptFailedUpdate,
    current_draft,
    fail_attempt,
    report_attempt,
)
from nodes.judge_sql import judge_sql


class ValidateSqlUpdate(TypedDict):
    """What this node writes for an accepted draft."""

    verdict: Verdict
    notes: tuple[str, ...]


async def validate_sql(
    state: RunState, runtime: Runtime[Dependencies]
) -> ValidateSqlUpdate | AttemptFailedUpdate:
    """Returns the verdict of an accepted draft; otherwise the reasons go back to the drafter."""
    verdict = await judge_sql(current_draft(state).sql, runtime.context)
    if not verdict.allowed:
        return fail_attempt(state, runtime, "rejected", verdict.violations)
    doubts = doubts_of(verdict, state, runtime.context)
    if goes_back(doubts, state, runtime.context):
        return fail_attempt(state, runtime, "doubted", doubts)
    warnings = tuple(dict.fromkeys((*verdict.warnings, *doubts)))
    report_attempt(state, runtime, "accepted", verdict.sql, warnings)
    return {"verdict": verdict, "notes": verdict.notes}
