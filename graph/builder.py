"""The state machine of a question. This file is the picture of it."""

from typing import TypeAlias, get_args, get_type_hints

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from domain.run_state import RunInput, RunState
from graph.routing import AttemptRouting, route_cross_check, route_draft
from graph.timed_step import Node, Route, timed_step
from nodes.aggregate_rows import aggregate_rows
from nodes.clarify import clarify
from nodes.cross_check import cross_check
from nodes.dependencies import Dependencies
from nodes.draft_sql import draft_sql
from nodes.execute_sql import execute_sql
from nodes.explain_refusal import explain_refusal
from nodes.record_run import record_run
from nodes.retrieve_context import retrieve_context
from nodes.synthesize_answer import synthesize_answer
from nodes.validate_sql import validate_sql
from nodes.verify_answer import verify_answer

QuestionGraph: TypeAlias = CompiledStateGraph[RunState, Dependencies, RunInput, RunState]

_NODES: dict[str, Node] = {
    "retrieve_context": retrieve_context,
    "draft_sql": draft_sql,
    "clarify": clarify,
    "validate_sql": validate_sql,
    "execute_sql": execute_sql,
    "cross_check": cross_check,
    "aggregate_rows": aggregate_rows,
    "synthesize_answer": synthesize_answer,
    "verify_answer": verify_answer,
    "explain_refusal": explain_refusal,
    "record_run": record_run,
}


def build_graph(checkpointer: BaseCheckpointSaver[str], maximum_attempts: int) -> QuestionGraph:
    """Compiles the graph once; every run shares it and brings its own `Dependencies`."""
    routing = AttemptRouting(maximum_attempts)
    routes: dict[str, Route] = {
        "draft_sql": route_draft,
        "validate_sql": routing.route_validation,
        "execute_sql": routing.route_execution,
        "cross_check": route_cross_check,
    }
    builder = StateGraph(RunState, context_schema=Dependencies, input_schema=RunInput)
    for step, node in _NODES.items():
        route = routes.get(step)
        builder.add_node(step, timed_step(step, node, route), destinations=_ends(route))

    builder.add_edge(START, "retrieve_context")
    builder.add_edge("retrieve_context", "draft_sql")
    builder.add_edge("clarify", "draft_sql")
    builder.add_edge("aggregate_rows", "synthesize_answer")
    builder.add_edge("synthesize_answer", "verify_answer")
    builder.add_edge("verify_answer", "record_run")
    builder.add_edge("explain_refusal", "record_run")
    builder.add_edge("record_run", END)
    return builder.compile(checkpointer=checkpointer)


def _ends(route: Route | None) -> tuple[str, ...] | None:
    """Returns the steps that a route may lead to."""
    return None if route is None else get_args(get_type_hints(route)["return"])
