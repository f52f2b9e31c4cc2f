"""Announces a node's start and end on the run's stream."""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, TypeAlias, cast

from langgraph.runtime import Runtime
from langgraph.types import Command

from domain.run_event import StepFinished, StepStarted
from domain.run_state import RunState
from nodes.dependencies import Dependencies


class Node(Protocol):
    """A node of the graph: state and dependencies in, a part of the state out."""

    def __call__(
        self, state: RunState, runtime: Runtime[Dependencies]
    ) -> Awaitable[Mapping[str, object]]:
        """Does the node's one thing."""


Route: TypeAlias = Callable[[RunState], str]
"""The next step by the state that a node leaves."""
Outcome: TypeAlias = Mapping[str, object] | Command[str]


class Step(Protocol):
    """A node as the graph runs it."""

    def __call__(self, state: RunState, runtime: Runtime[Dependencies]) -> Awaitable[Outcome]:
        """Does the node's one thing and says which step follows, where the graph does not."""


def timed_step(step: str, node: Node, route: Route | None = None) -> Step:
    """Returns the node with `StepStarted` and `StepFinished` around it, on errors too.

    With a route it says itself what follows: LangGraph would ask a conditional edge in a thread.
    """

    async def run(state: RunState, runtime: Runtime[Dependencies]) -> Outcome:
        started = time.perf_counter()
        if runtime.context.emit is not None:
            runtime = runtime.override(stream_writer=runtime.context.emit)
        runtime.stream_writer(StepStarted(step=step))
        try:
            update = await node(state, runtime)
        finally:
            duration_ms = round((time.perf_counter() - started) * 1000, 2)
            runtime.stream_writer(StepFinished(step=step, duration_ms=duration_ms))
        if route is None:
            return update
        return Command(update=update, goto=route(cast(RunState, {**state, **update})))

    return run
