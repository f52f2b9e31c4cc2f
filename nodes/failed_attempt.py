"""How a rejected or failed draft goes back to the drafter, and to the timeline."""

from typing import Literal, TypedDict

from langgraph.runtime import Runtime

from domain.draft import FailedAttempt, SqlDraft
from domain.errors import RepairableError
from domain.run_event import SqlActivity, SqlAttempted
from domain.run_state import RunState
from domain.verdict import Violation
from nodes.dependencies import Dependencies


class AttemptFailedUpdate(TypedDict):
    """What a node writes when the draft has to be mended."""

    failed_attempts: tuple[FailedAttempt, ...]
    verdict: None


def current_draft(state: RunState) -> SqlDraft:
    """Returns the draft of SQL that this part of the graph is only reached with."""
    draft = state["draft"]
    if not isinstance(draft, SqlDraft):
        raise TypeError("this node follows a draft of SQL")
    return draft


def violation_of(error: RepairableError) -> Violation:
    """Returns the engine's complaint in the guard's form."""
    return Violation(rule=error.rule, message=error.message, hint=error.hint)


def report_attempt(
    state: RunState,
    runtime: Runtime[Dependencies],
    status: Literal["accepted", "doubted", "rejected", "failed"],
    sql: str,
    reasons: tuple[Violation, ...] = (),
) -> None:
    """Streams what became of the current attempt."""
    activity = SqlActivity(
        attempt=len(state["failed_attempts"]) + 1,
        sql=sql,
        status=status,
        reasons=reasons,
        drafter=current_draft(state).author or runtime.context.drafter.name,
    )
    runtime.stream_writer(SqlAttempted(content=activity))


def fail_attempt(
    state: RunState,
    runtime: Runtime[Dependencies],
    status: Literal["doubted", "rejected", "failed"],
    reasons: tuple[Violation, ...],
) -> AttemptFailedUpdate:
    """Streams the failure and adds it to what the next draft will be told."""
    draft = current_draft(state)
    report_attempt(state, runtime, status, draft.sql, reasons)
    attempt = FailedAttempt(sql=draft.sql, reasons=reasons, assumptions=draft.assumptions)
    return {"failed_attempts": (*state["failed_attempts"], attempt), "verdict": None}
