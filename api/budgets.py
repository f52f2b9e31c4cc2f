"""Holds every user to the budget of their role. Each refusal says when to come back."""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from domain.errors import BudgetError
from domain.user import Role, User
from run_store.admissions import MINUTE, Admitted, Bounds, admit
from run_store.run_store import RunStore
from settings.budget import Budget, most_generous

_SOON = 2
_UNBOUNDED = Bounds(None, None)


class Budgets:
    """What all processes gave a user counts: tokens, bytes, the rate, and what goes on."""

    def __init__(self, budgets: Mapping[Role, Budget], store: RunStore) -> None:
        self._budgets = budgets
        self._store = store
        self._begun: dict[str, deque[float]] = defaultdict(deque)

    def of(self, user: User) -> Budget:
        """Returns a user's bounds; a role without a budget is not bounded."""
        return most_generous([self._budgets.get(role, Budget()) for role in user.roles])

    async def admit(self, user: User, run_id: str, running_here: Callable[[], int]) -> None:
        """Raises BudgetError where one more run is too much; notes that it begins.

        `running_here` counts the runs of this process: no other is let in between that and the
        return, so whoever begins at once keeps the bounds.
        """
        budget = self.of(user)
        if budget.daily_tokens is not None or budget.daily_bytes is not None:
            await self._check_day(user, budget)
        bounds = Bounds(budget.concurrent_runs, budget.runs_per_minute)
        if bounds == _UNBOUNDED:
            return
        if self._store.is_shared:
            _check(await self._store.work(admit, user.id, run_id, bounds), bounds)
        else:
            self._admit_here(user, running_here(), bounds)

    def _admit_here(self, user: User, running: int, bounds: Bounds) -> None:
        now, begun = time.monotonic(), self._begun[user.id]
        while begun and begun[0] <= now - MINUTE.total_seconds():
            begun.popleft()
        _check(Admitted(running, tuple(now - moment for moment in begun)), bounds)
        begun.append(now)

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


def _check(admitted: Admitted, bounds: Bounds) -> None:
    at_a_time, a_minute = bounds.at_a_time, bounds.a_minute
    if at_a_time is not None and admitted.running >= at_a_time:
        message = f"You may have {at_a_time} questions at work at a time."
        raise BudgetError(message, _SOON, "one_at_a_time", count=at_a_time)
    ages = admitted.ages_seconds
    if a_minute is not None and len(ages) >= a_minute:
        message = f"You may ask {a_minute} questions a minute."
        wait = int(MINUTE.total_seconds() - ages[-a_minute]) + 1
        raise BudgetError(message, wait, "rate", count=a_minute, wait_seconds=wait)


def _until_midnight() -> int:
    now = datetime.now(UTC)
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return int((midnight - now).total_seconds()) + 1
