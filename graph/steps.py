"""Runs nodes one after the other, and lets LangGraph take over where a checkpoint is due.

LangGraph's own work between two nodes costs more than most nodes do. What was quick would be done
again after a crash, as no checkpoint would be written there, so it need not be a step of its own.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, TypeAlias, cast

from langgraph.graph import END
from langgraph.runtime import Runtime
from langgraph.types import Command

from domain.run_state import RunState
from graph.pace import Pace, spent_ms
from graph.timed_step import Node, timed_step
from nodes.dependencies import Dependencies

Route: TypeAlias = Callable[[RunState], str]
"""The node that follows, by the state that a node leaves."""


class Step(Protocol):
    """What LangGraph runs: a node and those that follow it at once."""

    def __call__(self, state: RunState, runtime: Runtime[Dependencies]) -> Awaitable[Command[str]]:
        """Returns what the nodes wrote, and the one to go on with."""


class Steps:
    """The nodes, what follows each, and how far a step goes on."""

    def __init__(self, nodes: Mapping[str, Node], routes: Mapping[str, Route], pace: Pace) -> None:
        self._nodes = {name: timed_step(name, node) for name, node in nodes.items()}
        self._routes = routes
        self._pace = pace

    def beginning_with(self, first: str) -> Step:
        """Returns the step that begins with a node."""

        async def run(state: RunState, runtime: Runtime[Dependencies]) -> Command[str]:
            update: dict[str, object] = {}
            name, spent_before = first, spent_ms(state)
            while True:
                written = await self._nodes[name](state, runtime)
                update.update(written)
                state = cast(RunState, {**state, **written})
                name = self._routes[name](state)
                if self._is_over(name, spent_ms(state) - spent_before):
                    return Command(update=update, goto=name)

        return run

    def _is_over(self, following: str, spent: float) -> bool:
        pace = self._pace
        return following == END or pace.stops_at_every_node or pace.is_due(following, spent)
