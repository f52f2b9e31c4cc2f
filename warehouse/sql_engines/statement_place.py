"""Where a statement is asked about, kept for a worker that takes its run up."""

import asyncio
from contextlib import suppress

from domain.errors import OperatorError, UnavailableError
from warehouse.statement_journal import StatementJournal


class StatementPlace:
    """One statement's. `move` is called by the thread that reads it, all else on the loop."""

    def __init__(self, journal: StatementJournal, query_id: str, noted: str | None) -> None:
        self._journal = journal
        self._query_id = query_id
        self._loop = asyncio.get_running_loop()
        self._is_kept = noted is not None
        self._is_left = False
        self.noted = noted
        """The address that a worker which is gone asked last; None for a new statement."""

    def leave(self) -> None:
        """Has the thread stop before it asks again."""
        self._is_left = True

    def require_not_left(self) -> None:
        """Raises OperatorError where another worker asks by now."""
        if self._is_left:
            raise OperatorError("The statement is left to another worker.")

    def move(self, address: str) -> None:
        """Keeps the address that is asked next; the first must be on disk before it is.

        Raises RunTakenError where another worker has the run.
        """
        noting = self._journal.note(self._query_id, address)
        kept = asyncio.run_coroutine_threadsafe(noting, self._loop)
        if self._is_kept:
            # Whoever takes the run up finds an older address, and that it is too old.
            with suppress(UnavailableError):
                kept.result()
        else:
            kept.result()
            self._is_kept = True
