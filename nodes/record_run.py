"""Closes a run: the receipt, the whole answer, and the turn that the thread remembers."""

from typing import TypedDict

from langgraph.runtime import Runtime

from domain.answer import Answer, AnswerStatus, Receipt
from domain.draft import DraftOutcome, SqlDraft, Turn
from domain.model_call import total_cost
from domain.run_event import ReceiptReady, RunClosed
from domain.run_state import RunState
from domain.verdict import Verdict
from nodes.dependencies import Dependencies

_REMEMBERED_TURNS = 10


class RecordRunUpdate(TypedDict):
    """What this node writes."""

    answer: Answer
    turns: tuple[Turn, ...]


async def record_run(state: RunState, runtime: Runtime[Dependencies]) -> RecordRunUpdate:
    """Returns the final answer with its receipt, and the thread's memory with this turn added."""
    is_answered = state["summary"] is not None
    receipt = _receipt(state, runtime.context)
    runtime.stream_writer(ReceiptReady(content=receipt))
    answer = Answer(
        run_id=state["run_id"],
        thread_id=state["thread_id"],
        status=_status(state),
        text=state["text"],
        chart=state["chart"],
        follow_ups=state["follow_ups"] if is_answered else (),
        suggestions=() if is_answered else state["follow_ups"],
        receipt=receipt,
    )
    turns = state.get("turns", ())
    if is_answered:
        turns = (*turns, _turn(state))[-_REMEMBERED_TURNS:]
    closed = RunClosed(
        answer=answer,
        failure_code=state["failure_code"],
        cross_check=state["cross_check"],
        chosen_option=state["chosen_option"],
    )
    runtime.stream_writer(closed)
    return {"answer": answer, "turns": turns}


def _status(state: RunState) -> AnswerStatus:
    if state["summary"] is not None:
        return "answered"
    return "failed" if state["failure_code"] else "refused"


def _turn(state: RunState) -> Turn:
    draft = state["draft"]
    plan = draft.plan if isinstance(draft, SqlDraft) else None
    sql = draft.sql if isinstance(draft, SqlDraft) else ""
    return Turn(question=state["question"], sql=sql, plan=plan, answer=state["text"])


def _receipt(state: RunState, dependencies: Dependencies) -> Receipt:
    draft, verdict = state["draft"], state["verdict"]
    execution, summary = state["execution"], state["summary"]
    ran = verdict if verdict is not None and execution is not None else Verdict()
    notes = state["notes"]
    if summary is not None and summary.roll_up:
        notes = (*notes, summary.roll_up)
    return Receipt(
        run_id=state["run_id"],
        sql=ran.sql,
        tables=ran.tables,
        assumptions=draft.assumptions if isinstance(draft, SqlDraft) else (),
        true_row_count=summary.true_row_count if summary is not None else 0,
        rows_seen_by_writer=len(summary.rows) if summary is not None else 0,
        bytes_scanned=execution.bytes_scanned if execution is not None else None,
        bytes_estimated=execution.bytes_estimated if execution is not None else None,
        cost_usd=execution.cost_usd if execution is not None else None,
        warehouse=dependencies.warehouse.name,
        drafter=_author(draft) or dependencies.drafter.name,
        writer=dependencies.writer.name if summary is not None else "",
        tokens_in=sum(call.tokens_in for call in state["model_calls"]),
        tokens_out=sum(call.tokens_out for call in state["model_calls"]),
        tokens_cached=sum(call.tokens_cached for call in state["model_calls"]),
        model_cost_usd=total_cost(state["model_calls"]),
        prompt_versions={call.prompt: call.prompt_version for call in state["model_calls"]},
        context_version=dependencies.context.dictionary.version,
        confidence=draft.confidence if isinstance(draft, SqlDraft) else None,
        attempts=len(state["failed_attempts"]) + (1 if execution is not None else 0),
        today=state["today"],
        notes=notes,
    )


def _author(draft: DraftOutcome | None) -> str:
    return draft.author if isinstance(draft, SqlDraft) else ""
