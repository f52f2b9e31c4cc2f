"""What a run keeps of its statements where a crash cannot take it."""

from typing import Protocol


class StatementJournal(Protocol):
    """One run's. Every call raises RunTakenError where another worker has the run by now."""

    @property
    def is_handed_over(self) -> bool:
        """True where the run goes on at another worker: statements that outlive this are its."""

    async def require_run(self) -> None:
        """Returns where the run is still this worker's."""

    async def noted(self, query_id: str) -> str | None:
        """Returns what was noted of a statement; None where nothing was."""

    async def note(self, query_id: str, address: str = "") -> str | None:
        """Notes that a statement is about to begin, or where at the engine it is asked about.

        It is on disk when this returns. Returns what was noted before, as `noted` does. Raises
        UnavailableError where it cannot be kept.
        """

    async def forget(self, query_id: str) -> None:
        """Forgets a statement that was stopped for sure: it may be submitted again."""
