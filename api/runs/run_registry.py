"""The runs of this process: those that go on, and for a while those that ended."""

import asyncio
import time
from collections.abc import Callable

from api.budgets import Budgets
from api.runs.live_run import LiveRun
from domain.errors import UnavailableError
from graph.asked import Asked
from graph.question_runner import QuestionRunner

_ENDED_KEPT = 200
_ENDED_SECONDS = 600


def _tell_nobody(run: LiveRun) -> None:
    """Nobody has to be told of ends."""


class RunRegistry:
    """Begins runs, finds them again, and lets them end before the process does."""

    def __init__(
        self,
        runner: QuestionRunner,
        budgets: Budgets,
        grace_seconds: float,
        on_end: Callable[[LiveRun], None] = _tell_nobody,
    ) -> None:
        self._runner = runner
        self._budgets = budgets
        self._told_of_ends = on_end
        self._grace_seconds = grace_seconds
        self._live: dict[str, LiveRun] = {}
        self._ended: dict[str, LiveRun] = {}
        self._ended_at: dict[str, float] = {}
        self._is_draining = False
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def is_draining(self) -> bool:
        """True where no new run is taken."""
        return self._is_draining

    @property
    def count(self) -> int:
        """How many runs go on."""
        return len(self._live)

    def of_user(self, user_id: str) -> int:
        """How many runs of this user go on."""
        return sum(run.asked.user.id == user_id for run in self._live.values())

    async def start(self, asked: Asked) -> LiveRun:
        """Begins a run; raises a UserError for what can be refused before anything runs."""
        if self._is_draining:
            raise UnavailableError("The service restarts; ask again in a moment.")
        await self._budgets.admit(asked.user, self.of_user(asked.user.id))
        prepared = await self._runner.prepare(asked)
        if prepared.run_id in self._live:
            return self._live[prepared.run_id]
        run = LiveRun(prepared, self._grace_seconds)
        if self._ended.pop(prepared.run_id, None) is not None:
            del self._ended_at[prepared.run_id]
        self._live[prepared.run_id] = run
        self._idle.clear()
        run.start(self._runner.run(prepared), self._on_end)
        return run

    def find(self, run_id: str) -> LiveRun | None:
        """Returns a run of this process; None where it ended long ago, elsewhere, or never was."""
        return self._live.get(run_id) or self._ended.get(run_id)

    def cancel_thread(self, thread_id: str) -> None:
        """Cancels what goes on in a conversation."""
        for run in list(self._live.values()):
            if run.asked.thread_id == thread_id:
                run.cancel("asked")

    async def drain(self, seconds: float) -> None:
        """Takes no new run, gives the others some time, then stops them and tells their readers."""
        self._is_draining = True
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            for run in list(self._live.values()):
                run.cancel("restarting")
            await self._idle.wait()

    def _on_end(self, run: LiveRun) -> None:
        run_id = run.asked.run_id
        self._runner.drop(run.asked)
        self._live.pop(run_id, None)
        self._ended[run_id] = run
        self._ended_at[run_id] = time.monotonic()
        self._forget_oldest()
        self._told_of_ends(run)
        if not self._live:
            self._idle.set()

    def _forget_oldest(self) -> None:
        oldest = time.monotonic() - _ENDED_SECONDS
        for run_id in list(self._ended):
            if len(self._ended) <= _ENDED_KEPT and self._ended_at[run_id] > oldest:
                return
            del self._ended[run_id], self._ended_at[run_id]
