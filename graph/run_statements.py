"""A run's statements, kept in the state database."""

from collections.abc import Callable

from run_store.run_store import RunStore
from run_store.statements import forget_statement, note_statement, noted_address, require_own


class RunStatements:
    """A `StatementJournal` of one run."""

    def __init__(self, store: RunStore, run_id: str, is_handed_over: Callable[[], bool]) -> None:
        self._store = store
        self._run_id = run_id
        self._is_handed_over = is_handed_over

    @property
    def is_handed_over(self) -> bool:
        """True where the run goes on at another worker."""
        return self._is_handed_over()

    async def require_run(self) -> None:
        """Raises RunTakenError where another worker has the run; one that serves alone has all."""
        if self._store.is_shared:
            await self._store.work(require_own, self._run_id, self._store.worker)

    async def noted(self, query_id: str) -> str | None:
        """Returns what was noted of a statement."""
        return await self._store.work(noted_address, query_id)

    async def note(self, query_id: str, address: str = "") -> str | None:
        """Notes a statement, and returns what was noted before."""
        worker = self._store.worker
        return await self._store.work(note_statement, self._run_id, query_id, address, worker)

    async def forget(self, query_id: str) -> None:
        """Forgets a statement that was stopped."""
        await self._store.work(forget_statement, self._run_id, query_id, self._store.worker)
