"""Runs the accepted statement. Its rows stay in the warehouse, behind the query id."""

import asyncio
from collections.abc import Callable
from typing import TypedDict

from langgraph.runtime import Runtime

from domain.errors import (
    NotFoundError,
    OperatorError,
    RepairableError,
    UnavailableError,
    UserError,
)
from domain.result_table import ResultTable
from domain.run_event import (
    ExecutionActivity,
    ExecutionFinished,
    QueueActivity,
    RunEvent,
    RunQueued,
)
from domain.run_state import Execution, RunState
from domain.verdict import Verdict
from nodes.dependencies import Dependencies
from nodes.failed_attempt import AttemptFailedUpdate, fail_attempt, violation_of
from nodes.statement_id import statement_id
from warehouse.protocol import QueryState, QueryStatus, Warehouse


class ExecuteSqlUpdate(TypedDict):
    """What this node writes for a statement that ran."""

    execution: Execution


class ExecutionRefusedUpdate(TypedDict):
    """What this node writes when no other SQL would help, such as a statement that is too slow."""

    failure: str


async def execute_sql(
    state: RunState, runtime: Runtime[Dependencies]
) -> ExecuteSqlUpdate | AttemptFailedUpdate | ExecutionRefusedUpdate:
    """Returns the meters of the run; an error that other SQL could mend goes back to the draft."""
    verdict = state["verdict"]
    if verdict is None:
        raise TypeError("only an accepted statement is executed")
    warehouse = runtime.context.warehouse
    query_id = statement_id(state, verdict.sql)
    status = await run_accepted(verdict, query_id, runtime.context, runtime.stream_writer)
    if isinstance(status.error, RepairableError):
        return fail_attempt(state, runtime, "failed", (violation_of(status.error),))
    if isinstance(status.error, UserError) and not isinstance(status.error, UnavailableError):
        return {"failure": status.error.message}
    if status.state is not QueryState.SUCCEEDED:
        raise status.error or OperatorError(f"the statement ended as {status.state}")
    activity = _activity(status, warehouse, verdict.bytes_estimated)
    runtime.stream_writer(ExecutionFinished(content=activity))
    return {"execution": execution_of(query_id, status, verdict)}


async def run_accepted(
    verdict: Verdict,
    query_id: str,
    dependencies: Dependencies,
    emit: Callable[[RunEvent], None] | None,
) -> QueryStatus:
    """Runs an accepted statement under an id, within the budget, and returns how it ended.

    Raises ScanBudgetSpentError where other runs have taken the rest of the user's day meanwhile.
    """
    warehouse = dependencies.warehouse
    async with dependencies.scan_budget.reserved(verdict.bytes_estimated) as settle:
        await warehouse.submit(verdict.sql, query_id, dependencies.journal)
        status = await outcome_of(query_id, dependencies, emit)
        settle(status.bytes_scanned)
    return status


def execution_of(query_id: str, status: QueryStatus, verdict: Verdict) -> Execution:
    """Returns what the state keeps of a statement that ran."""
    return Execution(
        query_id=query_id,
        row_count=status.row_count,
        bytes_scanned=status.bytes_scanned,
        bytes_estimated=verdict.bytes_estimated,
        engine_ms=status.engine_ms,
        cost_usd=status.cost_usd,
    )


async def held_rows(
    execution: Execution, verdict: Verdict, dependencies: Dependencies
) -> ResultTable:
    """Returns the rows of a statement that ran.

    In a process that took the run up it is submitted under its old id: an engine that outlives
    processes gives its result again where it still has it, the embedded one runs it.
    """
    warehouse = dependencies.warehouse
    try:
        await warehouse.status(execution.query_id)
    except NotFoundError:
        await warehouse.submit(verdict.sql, execution.query_id, dependencies.journal)
    status = await outcome_of(execution.query_id, dependencies, dependencies.emit)
    if status.state is not QueryState.SUCCEEDED:
        raise status.error or OperatorError(f"the statement ended as {status.state}")
    return await warehouse.page(execution.query_id, 0, dependencies.policy.row_cap)


async def outcome_of(
    query_id: str, dependencies: Dependencies, emit: Callable[[RunEvent], None] | None
) -> QueryStatus:
    """Waits for the end, and tells of the place in the warehouse's queue while there is one.

    A cancelled run stops the statement for real; one that another worker goes on with leaves it.
    """
    warehouse, journal = dependencies.warehouse, dependencies.journal
    try:
        if emit is not None:
            await _tell_places(warehouse, query_id, emit)
        return await warehouse.wait(query_id)
    except asyncio.CancelledError:
        is_left = journal is not None and journal.is_handed_over
        await asyncio.shield(warehouse.leave(query_id) if is_left else warehouse.cancel(query_id))
        raise


async def _tell_places(
    warehouse: Warehouse, query_id: str, emit: Callable[[RunEvent], None]
) -> None:
    place = 0
    async for place in warehouse.positions(query_id):
        emit(RunQueued(content=QueueActivity(position=place)))
    if place:
        emit(RunQueued(content=QueueActivity(position=0)))


def _activity(
    status: QueryStatus, warehouse: Warehouse, bytes_estimated: int | None
) -> ExecutionActivity:
    return ExecutionActivity(
        row_count=status.row_count,
        bytes_scanned=status.bytes_scanned,
        bytes_estimated=bytes_estimated,
        duration_ms=round(status.engine_ms, 1),
        cost_usd=status.cost_usd,
        warehouse=warehouse.name,
    )
