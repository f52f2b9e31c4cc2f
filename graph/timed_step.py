"""Announces a node's start and end on the run's stream."""

import time
from collections.abc import Awaitable, Mapping
from typing import Protocol

from langgraph.runtime import Runtime

from domain.run_event import StepFinished, StepStarted
from domain.run_state import RunState
from nodes.dependencies import Dependencies


class Node(Protocol):
    """A node of the graph: state and dependencies in, a part of the state out."""

    def __call__(
        self, state: RunState, runtime: Runtime[Dependencies]
    ) -> Awaitable[Mapping[str, object]]:
        """Does the node's one thing."""


def timed_step(step: str, node: Node) -> Node:
    """Returns the node with `StepStarted` and `StepFinished` around it, on errors too."""

    async def run(state: RunState, runtime: Runtime[Dependencies]) -> Mapping[str, object]:
        started = time.perf_counter()
        if runtime.context.emit is not None:
            runtime = runtime.override(stream_writer=runtime.context.emit)
        runtime.stream_writer(StepStarted(step=step))
        try:
            return await node(state, runtime)
        finally:
            duration_ms = round((time.perf_counter() - started) * 1000, 2)
            runtime.stream_writer(StepFinished(step=step, duration_ms=duration_ms))

    return run
