"""What the runner needs of a solver."""

from typing import Protocol

from evals.sample import Sample
from evals.solution import Solution


class Solver(Protocol):
    """Asks one sample of one source. Used by several tasks at once."""

    @property
    def name(self) -> str:
        """What stands in the results, such as `graph`."""

    async def solve(self, sample: Sample) -> Solution:
        """Returns the outcome of each step, in order."""
