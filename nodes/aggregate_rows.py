"""Rolls the result up to at most 50 rows: all that a writer, an event or a log may see."""

from typing import TypedDict

from aggregation.column_meaning import describe_columns, is_listing
from aggregation.roll_up import roll_up
from langgraph.runtime import Runtime

from domain.run_state import RunState
from domain.summary import MAXIMUM_ROWS, Summary
from nodes.dependencies import Dependencies
from nodes.failed_attempt import current_draft


class AggregateRowsUpdate(TypedDict):
    """What this node writes."""

    summary: Summary


async def aggregate_rows(state: RunState, runtime: Runtime[Dependencies]) -> AggregateRowsUpdate:
    """Returns the summary of the result, and lets the warehouse forget its rows."""
    execution, verdict = state["execution"], state["verdict"]
    if execution is None or verdict is None:
        raise TypeError("only a statement that ran is rolled up")
    dependencies = runtime.context
    row_cap = dependencies.policy.row_cap
    table = await dependencies.warehouse.page(execution.query_id, 0, row_cap)
    if dependencies.observe_rows is not None:
        shown = await dependencies.warehouse.page(execution.query_id, 0, MAXIMUM_ROWS)
        dependencies.observe_rows(shown)
    await dependencies.warehouse.release(execution.query_id)
    draft = current_draft(state)
    columns = describe_columns(
        draft.sql, table.columns, dependencies.context.dictionary, draft.plan
    )
    summary = roll_up(
        columns,
        table.rows,
        is_listing=is_listing(draft.sql),
        truncated=execution.row_count >= row_cap,
    )
    return {"summary": summary}
