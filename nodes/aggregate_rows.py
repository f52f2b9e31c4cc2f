"""Rolls the result up to at most 50 rows: all that a writer, an event or a log may see."""

import asyncio
from typing import TypedDict

from langgraph.runtime import Runtime

from aggregation.summarize import summarize
from domain.result_table import ResultTable
from domain.run_state import RunState
from domain.summary import MAXIMUM_ROWS, Summary
from nodes.dependencies import Dependencies
from nodes.execute_sql import held_rows
from nodes.failed_attempt import current_draft

_ROWS_WORTH_A_THREAD = 2_000
"""More rows than this would hold up the other runs for longer than a thread costs."""


class AggregateRowsUpdate(TypedDict):
    """What this node writes."""

    summary: Summary


async def aggregate_rows(state: RunState, runtime: Runtime[Dependencies]) -> AggregateRowsUpdate:
    """Returns the summary of the result, and lets the warehouse forget its rows."""
    execution, verdict = state["execution"], state["verdict"]
    if execution is None or verdict is None:
        raise TypeError("only a statement that ran is rolled up")
    dependencies = runtime.context
    warehouse, row_cap = dependencies.warehouse, dependencies.policy.row_cap
    table = await held_rows(execution, verdict, dependencies)
    await warehouse.release(execution.query_id)
    if dependencies.observe_rows is not None:
        dependencies.observe_rows(ResultTable(table.columns, table.rows[:MAXIMUM_ROWS]))
    is_truncated = execution.row_count >= row_cap
    if len(table.rows) <= _ROWS_WORTH_A_THREAD:
        return {"summary": _summary(state, dependencies, table, is_truncated)}
    return {"summary": await asyncio.to_thread(_summary, state, dependencies, table, is_truncated)}


def _summary(
    state: RunState, dependencies: Dependencies, table: ResultTable, is_truncated: bool
) -> Summary:
    draft = current_draft(state)
    return summarize(
        draft.sql,
        table.columns,
        table.rows,
        dictionary=dependencies.context.dictionary,
        plan=draft.plan,
        person_tables=dependencies.policy.person_tables,
        truncated=is_truncated,
    )
