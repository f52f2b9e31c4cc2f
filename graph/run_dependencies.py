"""What the nodes of one run work with: the present set, and what is this run's own."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from graph.asked import Asked
from graph.brain import Brain
from graph.given_drafter import GivenDrafter
from graph.leases import Leases
from nodes.dependencies import Dependencies
from nodes.scan_budget import ScanBudget
from planner.writer import EmbeddedWriter
from warehouse.statement_journal import StatementJournal

NewJournal: TypeAlias = Callable[[str, Callable[[], bool]], StatementJournal | None]
"""The journal of a run's statements, by its id and by what says that it was handed over."""


def _no_journal(run_id: str, is_handed_over: Callable[[], bool]) -> None:
    """Keeps nothing: nobody takes runs up, or statements end with their process."""


@dataclass(frozen=True, slots=True)
class RunDependencies:
    """Gives each run its own, and holds warehouse and model open for it."""

    present: Callable[[], Awaitable[Dependencies]]
    """Returns the present set; each run keeps the one it got."""
    leases: Leases = field(default_factory=Leases)
    model_seconds: float | None = None
    """How long the model calls of a run may take together."""
    open_brain: Callable[[str], Brain] | None = None
    new_journal: NewJournal = _no_journal

    @asynccontextmanager
    async def of_run(
        self, asked: Asked, budget: ScanBudget, is_handed_over: Callable[[], bool]
    ) -> AsyncIterator[Dependencies]:
        """Yields the present dependencies with what is this run's own."""
        seconds = self.model_seconds
        dependencies = replace(
            await self.present(),
            prompt_versions=asked.prompt_versions,
            model_deadline=None if seconds is None else time.monotonic() + seconds,
            caller_attributes=asked.user.attributes,
            scan_budget=budget,
            journal=self.new_journal(asked.run_id, is_handed_over),
        )
        async with (
            self.leases.lend(dependencies.warehouse, dependencies.drafter),
            self._with_brain(asked, dependencies) as complete,
        ):
            yield complete

    @asynccontextmanager
    async def _with_brain(
        self, asked: Asked, dependencies: Dependencies
    ) -> AsyncIterator[Dependencies]:
        if asked.given is not None:
            given = GivenDrafter(asked.given)
            yield replace(dependencies, drafter=given, writer=EmbeddedWriter())
        elif asked.llm and self.open_brain is not None:
            brain = self.open_brain(asked.llm)
            try:
                yield replace(dependencies, drafter=brain.drafter, writer=brain.writer)
            finally:
                await brain.close()
        else:
            yield dependencies
