"""What the runs in flight have read or may yet read of each user's day."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial

from domain.user import User
from nodes.scan_budget import ScanBudget


class ScanLedger:
    """The runs of this process; what runs elsewhere counts when it has ended."""

    def __init__(
        self,
        question_bytes: int | None = None,
        day_bytes: int | None = None,
        recorded: Callable[[User], Awaitable[int]] | None = None,
    ) -> None:
        """`recorded` tells what the records of ended runs say that the user has read today."""
        self._question_bytes = question_bytes
        self._day_bytes = day_bytes
        self._recorded = recorded
        self._taken: Counter[str] = Counter()

    @contextmanager
    def of_run(self, user: User) -> Iterator[ScanBudget]:
        """Yields one run's budget; what it took is given back when its record is kept."""
        taken = 0

        def take(changed: int) -> None:
            nonlocal taken
            taken += changed
            self._taken[user.id] += changed

        try:
            yield ScanBudget(self._question_bytes, partial(self._left, user), take)
        finally:
            self._taken[user.id] -= taken
            if not self._taken[user.id]:
                del self._taken[user.id]

    async def _left(self, user: User) -> int | None:
        if self._day_bytes is None or self._recorded is None:
            return None
        recorded = await self._recorded(user)
        return self._day_bytes - recorded - self._taken[user.id]
