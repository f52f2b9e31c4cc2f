"""Asks the drafter for SQL, a question back, or an honest no."""

from typing import TypedDict

from langgraph.runtime import Runtime

from domain.draft import DraftOutcome, DraftRequest, SqlDraft
from domain.evidence import Evidence
from domain.run_event import SqlActivity, SqlAttempted
from domain.run_state import RunState
from nodes.dependencies import Dependencies


class DraftSqlUpdate(TypedDict):
    """What this node writes."""

    draft: DraftOutcome


async def draft_sql(state: RunState, runtime: Runtime[Dependencies]) -> DraftSqlUpdate:
    """Returns the drafter's outcome; a draft of SQL is streamed as a new attempt."""
    drafter = runtime.context.drafter
    outcome = await drafter.draft(
        DraftRequest.model_construct(
            question=state["question"],
            dictionary=runtime.context.context.dictionary,
            evidence=state["evidence"] or Evidence(),
            today=state["today"],
            turns=state.get("turns", ()),
            failed_attempts=state["failed_attempts"],
            chosen_option=state["chosen_option"],
        )
    )
    if isinstance(outcome, SqlDraft):
        activity = SqlActivity(
            attempt=len(state["failed_attempts"]) + 1,
            sql=outcome.sql,
            status="drafted",
            drafter=drafter.name,
        )
        runtime.stream_writer(SqlAttempted(content=activity))
    return {"draft": outcome}
