"""Finds the tables, columns, values and metrics that matter for the question."""

from typing import TypedDict

from langgraph.runtime import Runtime

from context_store.retrieve import retrieve
from domain.evidence import Evidence
from domain.run_event import ContextActivity, ContextRetrieved
from domain.run_state import RunState
from nodes.dependencies import Dependencies

_SHOWN_TABLES = 5


class RetrieveContextUpdate(TypedDict):
    """What this node writes."""

    evidence: Evidence


async def retrieve_context(
    state: RunState, runtime: Runtime[Dependencies]
) -> RetrieveContextUpdate:
    """Returns the evidence for the question and streams its best part."""
    context = runtime.context.context
    evidence = retrieve(state["question"], context)
    runtime.stream_writer(
        ContextRetrieved(
            content=ContextActivity(
                tables=evidence.tables[:_SHOWN_TABLES],
                values=evidence.values,
                metrics=evidence.metrics,
                context_version=context.dictionary.version,
            )
        )
    )
    return {"evidence": evidence}
