"""The state machine of a question. This file is the picture of it."""

from typing import TypeAlias, get_args, get_type_hints

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from domain.run_state import RunInput, RunState
from graph.pace import Pace
from graph.routing import (
    AttemptRouting,
    route_cross_check,
    route_draft,
    then_draft,
    then_end,
    then_record,
    then_synthesize,
    then_verify,
)
from graph.steps import Route, Steps
from graph.timed_step import Node
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


def build_graph(
    checkpointer: BaseCheckpointSaver[str] | None, maximum_attempts: int, pace: Pace
) -> QuestionGraph:
    """Compiles the graph once; every run shares it and brings its own `Dependencies`."""
    routes = _routes(AttemptRouting(maximum_attempts))
    steps = Steps(_NODES, routes, pace)
    builder = StateGraph(RunState, context_schema=Dependencies, input_schema=RunInput)
    builder.add_edge(START, "retrieve_context")
    for name in _NODES:
        builder.add_node(name, steps.beginning_with(name), destinations=_ends(routes[name]))
    return builder.compile(checkpointer=checkpointer)


def _routes(attempts: AttemptRouting) -> dict[str, Route]:
    return {
        "retrieve_context": then_draft,
        "draft_sql": route_draft,
        "clarify": then_draft,
        "validate_sql": attempts.route_validation,
        "execute_sql": attempts.route_execution,
        "cross_check": route_cross_check,
        "aggregate_rows": then_synthesize,
        "synthesize_answer": then_verify,
        "verify_answer": then_record,
        "explain_refusal": then_record,
        "record_run": then_end,
    }


def _ends(route: Route) -> tuple[str, ...]:
    """Returns the nodes that a route may lead to."""
    return get_args(get_type_hints(route)["return"])
