"""The solver that a name selects."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from domain.errors import OperatorError
from evals.solvers.graph import open_graph_solver
from evals.solvers.http import open_http_solver
from evals.solvers.planner import PlannerSolver
from evals.solvers.protocol import Solver
from evals.source import EvalSource


@dataclass(frozen=True, slots=True)
class SolverChoice:
    """Which solver, and what it is told."""

    name: str
    llm: str = ""
    url: str = ""
    prompt_versions: Mapping[str, str] = field(default_factory=dict)
    key: str = field(default="", repr=False)
    """What `http` signs in with."""

    @asynccontextmanager
    async def __call__(self, source: EvalSource) -> AsyncIterator[Solver]:
        """Opens the solver on a source."""
        match self.name:
            case "planner":
                yield PlannerSolver(source, with_ranking=True)
            case "graph":
                llm = {"llm": self.llm} if self.llm else {}
                settings = source.settings.model_copy(update=llm)
                async with open_graph_solver(settings, self.prompt_versions) as graph:
                    yield graph
            case "http":
                if not self.url:
                    raise OperatorError("The solver http needs the --url of a server.")
                async with open_http_solver(self.url, self.prompt_versions, self.key) as http:
                    yield http
            case _:
                raise OperatorError(
                    f"There is no solver {self.name}.", "Use graph, planner or http."
                )
