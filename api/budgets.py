"""Holds every user to the budget of their role. Each refusal says when to come back."""

import time
from collections import defaultdict, deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from domain.errors import BudgetError
from domain.user import Role, User
from run_store.run_store import RunStore
from run_store.workers import run_ages
from settings.budget import Budget, most_generous

_MINUTE = 60.0
_SOON = 2


class Budgets:
    """What all processes gave a user counts: tokens, bytes and, where several serve, the rate."""

    def __init__(self, budgets: Mapping[Role, Budget], store: RunStore) -> None:
        self._budgets = budgets
        self._store = store
        self._begun: dict[str, deque[float]] = defaultdict(deque)

    def of(self, user: User) -> Budget:
        """Returns a user's bounds; a role without a budget is not bounded."""
        return most_generous([self._budgets.get(role, Budget()) for role in user.roles])

    async def admit(self, user: User, running: int) -> None:
        """Raises BudgetError where one more run is too much; notes that it begins."""
        budget = self.of(user)
        if budget.concurrent_runs is not None and running >= budget.concurrent_runs:
            message = f"You may have {budget.concurrent_runs} questions at work at a time."
            raise BudgetError(message, _SOON, "one_at_a_time", count=budget.concurrent_runs)
        if budget.daily_tokens is not None or budget.daily_bytes is not None:
            await self._check_day(user, budget)
        if budget.runs_per_minute is not None:
            await self._check_rate(user, budget.runs_per_minute)

    async def _check_day(self, user: User, budget: Budget) -> None:
        today = datetime.now(UTC).date()
        usage = await self._store.usage(today, today, user.id)
        tokens = sum(line.tokens_in + line.tokens_out for line in usage)
        if budget.daily_tokens is not None and tokens >= budget.daily_tokens:
            message = f"Today's {budget.daily_tokens:,} tokens are used up."
            raise BudgetError(message, _until_midnight(), "daily_tokens", count=budget.daily_tokens)
        scanned = sum(line.bytes_scanned for line in usage)
        if budget.daily_bytes is not None and scanned >= budget.daily_bytes:
            message = f"Today's {budget.daily_bytes:,} bytes of data are read."
            raise BudgetError(message, _until_midnight(), "daily_bytes", bytes=budget.daily_bytes)

    async def _check_rate(self, user: User, runs_per_minute: int) -> None:
        everywhere: list[float] = []
        if self._store.is_shared:
            everywhere = await self._store.work(run_ages, user.id, timedelta(seconds=_MINUTE))
        now, begun = time.monotonic(), self._begun[user.id]
        while begun and begun[0] <= now - _MINUTE:
            begun.popleft()
        # What was admitted here a moment ago is not in the database yet.
        ages = max([now - moment for moment in begun], everywhere, key=len)
        if len(ages) >= runs_per_minute:
            message = f"You may ask {runs_per_minute} questions a minute."
            wait = int(_MINUTE - ages[-runs_per_minute]) + 1
            raise BudgetError(message, wait, "rate", count=runs_per_minute, wait_seconds=wait)
        begun.append(now)


def _until_midnight() -> int:
    now = datetime.now(UTC)
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return int((midnight - now).total_seconds()) + 1
