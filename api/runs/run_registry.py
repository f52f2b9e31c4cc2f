"""The runs of this process: those that go on, and for a while those that ended."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

import structlog

from api.agui_stream import AguiMapper
from api.budgets import Budgets
from api.runs.event_log import EventLog
from api.runs.live_run import LiveRun
from api.runs.remote_run import event_of, is_followed_elsewhere
from domain.errors import ConflictError, UnavailableError
from domain.run_history import LapsedRun
from domain.user import User
from graph.asked import Asked, taken_up
from graph.question_runner import QuestionRunner
from run_store.admissions import count_running
from run_store.run_events import NUMBERS_A_WORKER, RunFrame, drop_frames, read_frames
from run_store.run_store import RunStore
from run_store.workers import ask_to_cancel_thread, runs_elsewhere

_log = structlog.get_logger(__name__)
_CANCEL_SECONDS = 10.0
_LOOK_SECONDS = 0.05
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
        store: RunStore,
        on_end: Callable[[LiveRun], None] = _tell_nobody,
    ) -> None:
        self._runner = runner
        self._store = store
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

    async def of_user(self, user: User) -> int:
        """Returns how many runs of a user go on, at every worker."""
        if not self._store.is_shared:
            return self._of_user(user)
        return await self._store.work(count_running, user.id)

    def _of_user(self, user: User) -> int:
        return sum(run.asked.user.id == user.id for run in self._live.values())

    async def start(self, asked: Asked) -> LiveRun:
        """Begins a run; raises a UserError for what can be refused before anything runs."""
        if self._is_draining:
            raise UnavailableError("The service restarts; ask again in a moment.")
        await self._require_free(asked.thread_id)
        prepared = await self._runner.prepare(asked)
        if prepared.run_id in self._live:
            return self._live[prepared.run_id]
        try:
            if asked.option_id is not None and self._store.is_shared:
                await self._store.work(drop_frames, prepared.run_id)
            user = asked.user
            await self._budgets.admit(user, prepared.run_id, lambda: self._of_user(user))
        except BaseException:
            self._runner.drop(prepared)
            raise
        return self._begin(prepared, (), AguiMapper())

    async def take_up(self, lapsed: LapsedRun) -> None:
        """Goes on with a run whose worker is gone: its events go on in the same log."""
        earlier: Sequence[RunFrame] = ()
        mapper = AguiMapper()
        if self._store.is_shared:
            earlier = await self._store.work(read_frames, lapsed.run_id, 0)
            mapper.recall(event_of(frame) for frame in earlier)
        asked = await self._runner.prepare(taken_up(lapsed))
        _log.warning("run_taken_up", run_id=asked.run_id, crashes=asked.crashes)
        self._begin(asked, earlier, mapper)

    def give_up(self, run_id: str) -> None:
        """Stops a run that another worker took up while this one was silent."""
        run = self._live.get(run_id)
        if run is not None:
            self._runner.disown(run_id)
            run.cancel("taken")

    def _begin(self, asked: Asked, earlier: Sequence[RunFrame], mapper: AguiMapper) -> LiveRun:
        run_id = asked.run_id
        publish = partial(self._store.publish, run_id) if self._store.is_shared else None
        log = EventLog(asked.resumptions * NUMBERS_A_WORKER + 1, earlier, publish)
        elsewhere = partial(is_followed_elsewhere, self._store, run_id)
        run = LiveRun(asked, self._grace_seconds, log, mapper, elsewhere)
        if self._ended.pop(run_id, None) is not None:
            del self._ended_at[run_id]
        self._live[run_id] = run
        self._idle.clear()
        run.start(self._runner.run(asked), self._on_end)
        return run

    def find(self, run_id: str) -> LiveRun | None:
        """Returns a run of this process; None where it ended long ago, elsewhere, or never was."""
        return self._live.get(run_id) or self._ended.get(run_id)

    @property
    def live_ids(self) -> list[str]:
        """The runs that go on."""
        return list(self._live)

    async def _require_free(self, thread_id: str) -> None:
        if await self._elsewhere(thread_id):
            message = "This conversation is still working on an earlier question."
            raise ConflictError(message, "thread_busy")

    async def cancel_thread(self, thread_id: str) -> None:
        """Cancels what goes on in a conversation, at other workers too, and waits for its end."""
        if self._store.is_shared:
            await self._store.work(ask_to_cancel_thread, thread_id)
        for run in self._of_thread(thread_id):
            run.cancel("asked")
        with suppress(TimeoutError):
            async with asyncio.timeout(_CANCEL_SECONDS):
                while await self._goes_on(thread_id):  # noqa: ASYNC110 - other workers too
                    await asyncio.sleep(_LOOK_SECONDS)

    def _of_thread(self, thread_id: str) -> list[LiveRun]:
        return [run for run in self._live.values() if run.asked.thread_id == thread_id]

    async def _goes_on(self, thread_id: str) -> bool:
        return bool(self._of_thread(thread_id) or await self._elsewhere(thread_id))

    async def _elsewhere(self, thread_id: str) -> list[str]:
        if not self._store.is_shared:
            return []
        return await self._store.work(runs_elsewhere, self._store.worker, thread_id)

    async def drain(self, seconds: float) -> None:
        """Takes no new run, gives the others some time, then hands them over to the next worker."""
        self._is_draining = True
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            for run in list(self._live.values()):
                self._runner.disown(run.run_id)
                run.cancel("restarting")
            await self._idle.wait()

    def _on_end(self, run: LiveRun) -> None:
        run_id = run.asked.run_id
        self._runner.drop(run.asked)
        self._live.pop(run_id, None)
        if not run.is_handed_over:
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
