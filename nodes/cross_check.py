"""Runs the other readings of a question and holds their results against the answer's."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypedDict

from langgraph.runtime import Runtime

from aggregation.same_readings import same_reading
from aggregation.same_statement import is_same_statement
from domain.cross_check import CrossCheck
from domain.draft import FailedAttempt, SqlDraft
from domain.errors import RepairableError, UserError
from domain.result_table import ResultTable
from domain.run_state import Execution, RunState
from domain.verdict import Verdict, Violation
from nodes.dependencies import Dependencies
from nodes.execute_sql import execution_of, held_rows, run_accepted
from nodes.failed_attempt import current_draft, report_attempt
from nodes.judge_sql import judge_guarded
from nodes.statement_id import statement_id
from warehouse.protocol import QueryState

_DOUBT_LEFT = 0.4
"""Agreement of an independent reading leaves so much of the doubt."""
_ANOTHER_RESULT = (
    "It ran, but another reading of the question gave a different result: {sql}. Read the question"
    " again and give the SQL that answers it best, also if that is one of these two."
)


class CrossCheckUpdate(TypedDict):
    """What this node writes: the reading that is believed, and how it ran."""

    draft: SqlDraft
    verdict: Verdict
    execution: Execution
    cross_check: CrossCheck


class AskAgainUpdate(TypedDict):
    """What this node writes where the drafter is asked once more."""

    failed_attempts: tuple[FailedAttempt, ...]
    verdict: None
    execution: None
    cross_check: CrossCheck


@dataclass(frozen=True, slots=True)
class _Reading:
    draft: SqlDraft
    verdict: Verdict
    execution: Execution
    table: ResultTable


async def cross_check(
    state: RunState, runtime: Runtime[Dependencies]
) -> CrossCheckUpdate | AskAgainUpdate:
    """Returns the reading whose result most readings share."""
    dependencies = runtime.context
    own = await _own(state, dependencies)
    found = [
        await _run(draft, own, partial(statement_id, state, reading=number), dependencies)
        for number, draft in enumerate(own.draft.alternatives, start=1)
    ]
    readings = [own, *(reading for reading in found if reading is not None)]
    chosen = _most_shared(readings)
    checked = _checked(chosen, readings)
    for reading in readings:
        if reading.execution.query_id != chosen.execution.query_id:
            await dependencies.warehouse.release(reading.execution.query_id)
    is_first_doubt = state["cross_check"] is None
    if checked.outcome == "disagreed" and dependencies.asks_again and is_first_doubt:
        await dependencies.warehouse.release(chosen.execution.query_id)
        return _ask_again(state, checked)
    if chosen is not own:
        report_attempt(state, runtime, "accepted", chosen.verdict.sql)
    return CrossCheckUpdate(
        draft=_surer(chosen.draft, checked),
        verdict=chosen.verdict,
        execution=_with_cost_of_all(chosen.execution, readings),
        cross_check=checked,
    )


async def _own(state: RunState, dependencies: Dependencies) -> _Reading:
    verdict, execution = state["verdict"], state["execution"]
    if verdict is None or execution is None:
        raise TypeError("only a statement that ran is cross-checked")
    table = await held_rows(execution, verdict, dependencies)
    return _Reading(current_draft(state), verdict, execution, table)


async def _run(
    draft: SqlDraft, own: _Reading, id_of: Callable[[str], str], dependencies: Dependencies
) -> _Reading | None:
    """Runs another reading under the same rules and budget; None where it may not or fails."""
    guarded = dependencies.guard.check(draft.sql, dependencies.caller_attributes)
    if guarded.allowed and _is_same(guarded, own):
        return replace(own, draft=draft)
    try:
        verdict = await judge_guarded(guarded, dependencies)
        if not verdict.allowed:
            return None
        query_id = id_of(verdict.sql)
        status = await run_accepted(verdict, query_id, dependencies, dependencies.emit)
    except (RepairableError, UserError):
        return None
    if status.state is not QueryState.SUCCEEDED:
        return None
    execution = execution_of(query_id, status, verdict)
    table = await dependencies.warehouse.page(query_id, 0, dependencies.policy.row_cap)
    return _Reading(draft, verdict, execution, table)


def _is_same(verdict: Verdict, own: _Reading) -> bool:
    """True where the statement is what has run already, in other words."""
    return is_same_statement(own.verdict.sql, verdict.sql, own.execution.row_count)


def _with_cost_of_all(execution: Execution, readings: list[_Reading]) -> Execution:
    """Returns the chosen run with what all of them read and cost: the receipt says it all."""
    executions = {reading.execution.query_id: reading.execution for reading in readings}.values()
    read = [run.bytes_scanned for run in executions if run.bytes_scanned is not None]
    costs = [run.cost_usd for run in executions if run.cost_usd is not None]
    return execution.model_copy(
        update={
            "bytes_scanned": sum(read) if read else None,
            "cost_usd": sum(costs) if costs else None,
        }
    )


def _most_shared(readings: list[_Reading]) -> _Reading:
    """Returns the first reading of the largest group that agrees; of equal ones the believed."""
    ranked = sorted(readings, key=lambda reading: -_votes(reading, readings))
    best = _votes(ranked[0], readings)
    tied = [reading for reading in readings if _votes(reading, readings) == best]
    own, others = readings[0], readings[1:]
    if own.draft.is_outvoted_by_first and others and others[0] in tied:
        return others[0]
    return tied[0]


def _votes(reading: _Reading, readings: list[_Reading]) -> int:
    return sum(same_reading(reading.table.rows, other.table.rows) for other in readings)


def _checked(chosen: _Reading, readings: list[_Reading]) -> CrossCheck:
    others = tuple(
        reading.draft.sql
        for reading in readings
        if not same_reading(chosen.table.rows, reading.table.rows)
    )
    alone = len(readings) == 1
    return CrossCheck(
        outcome="alone" if alone else "disagreed" if others else "agreed",
        readings=len(readings),
        votes=len(readings) - len(others),
        others=others,
    )


def _surer(draft: SqlDraft, checked: CrossCheck) -> SqlDraft:
    doubt = (1 - draft.confidence) * _DOUBT_LEFT ** (checked.votes - 1)
    return draft.model_copy(update={"confidence": round(1 - doubt, 3), "alternatives": ()})


def _ask_again(state: RunState, checked: CrossCheck) -> AskAgainUpdate:
    # No event tells of it: the disagreement is for the evaluator, not for the analyst.
    reason = Violation(rule="disagreement", message=_ANOTHER_RESULT.format(sql=checked.others[0]))
    attempt = FailedAttempt(sql=current_draft(state).sql, reasons=(reason,))
    return AskAgainUpdate(
        failed_attempts=(*state["failed_attempts"], attempt),
        verdict=None,
        execution=None,
        cross_check=checked,
    )
