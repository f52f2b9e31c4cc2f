"""Asks the drafter for SQL, a question back, or an honest no."""

from typing import TypedDict

from langgraph.runtime import Runtime

from domain.draft import Assumption, DraftOutcome, DraftRequest, SqlDraft
from domain.errors import ModelError
from domain.evidence import Evidence
from domain.model_call import CallScope, ModelCall
from domain.run_event import SqlActivity, SqlAttempted
from domain.run_state import RunState
from nodes.call_log import CallLog
from nodes.dependencies import Dependencies


class DraftSqlUpdate(TypedDict):
    """What this node writes."""

    draft: DraftOutcome
    model_calls: tuple[ModelCall, ...]


class ModelFailedUpdate(TypedDict):
    """What this node writes when no model gave a usable reply."""

    draft: None
    failure: str
    failure_code: str
    model_calls: tuple[ModelCall, ...]


async def draft_sql(
    state: RunState, runtime: Runtime[Dependencies]
) -> DraftSqlUpdate | ModelFailedUpdate:
    """Returns the drafter's outcome; a draft of SQL is streamed as a new attempt."""
    drafter = runtime.context.drafter
    log = CallLog(state, runtime.context)
    verified = _verified_draft(state)
    try:
        outcome = verified or await drafter.draft(_request(state, runtime.context, log.scope))
    except ModelError as error:
        return ModelFailedUpdate(
            draft=None, failure=error.message, failure_code=error.code, model_calls=log.calls
        )
    if isinstance(outcome, SqlDraft):
        activity = SqlActivity(
            attempt=len(state["failed_attempts"]) + 1,
            sql=outcome.sql,
            status="drafted",
            drafter=outcome.author or drafter.name,
        )
        runtime.stream_writer(SqlAttempted(content=activity))
    return DraftSqlUpdate(draft=outcome, model_calls=log.calls)


def _verified_draft(state: RunState) -> SqlDraft | None:
    """Returns the SQL of a verified query that asks the same; a rejected one is not tried again."""
    evidence = state["evidence"]
    answer = evidence.direct_answer if evidence is not None else None
    if answer is None or state["failed_attempts"] or state["chosen_option"] is not None:
        return None
    by = f", approved by {answer.approved_by}" if answer.approved_by else ""
    changes = tuple(
        Assumption(kind="filter", text=f"{now} in the place of {before}")
        for before, now in answer.changed
    )
    note = Assumption(kind="note", text=f"Verified query “{answer.question}”{by}")
    assumptions = (note, *changes)
    return SqlDraft(
        sql=answer.sql, assumptions=assumptions, confidence=1.0, author="verified query"
    )


def _request(state: RunState, dependencies: Dependencies, scope: CallScope) -> DraftRequest:
    return DraftRequest.model_construct(
        question=state["question"],
        dictionary=dependencies.context.dictionary,
        evidence=state["evidence"] or Evidence(),
        today=state["today"],
        turns=state.get("turns", ()),
        failed_attempts=state["failed_attempts"],
        chosen_option=state["chosen_option"],
        scope=scope,
    )
