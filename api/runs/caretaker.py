"""Shows that this worker lives, and takes up the runs of workers that do not."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from uuid import uuid4

import structlog

from api.runs.run_registry import RunRegistry
from domain.errors import UnavailableError, VtionError
from run_store import workers
from run_store.run_events import drop_old_frames
from run_store.run_store import RunStore

_log = structlog.get_logger(__name__)
_SIGNS_A_LEASE = 3
_CANCEL_SECONDS = 0.5


class Caretaker:
    """One of a process that serves."""

    def __init__(
        self,
        runs: RunRegistry,
        store: RunStore,
        lease_seconds: float,
        clock: Callable[[], float] = time.monotonic,
        on_sign: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """A worker that gave no new sign for `lease_seconds` is taken to be gone.

        `on_sign` is called with each of this one's, for what workers have in common.
        That is counted here, by a clock that never steps: what the clocks of others say is not
        believed.
        """
        self._clock = clock
        self._on_sign = on_sign
        self._signs: dict[str, tuple[datetime, float]] = {}
        self._runs = runs
        self._store = store
        self._worker = uuid4().hex
        self._lease_seconds = lease_seconds
        self._is_alone = False
        self._seen_at = clock()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Gives the first sign; in a database of one process, takes up at once what there is."""
        self._store.serve_as(self._worker)
        self._is_alone = self._store.claim()
        await self._store.work(workers.show_life, self._worker)
        if self._is_alone:
            await self._take_up(())
        self._tasks.append(asyncio.create_task(self._give_signs()))
        if not self._is_alone:
            self._tasks.append(asyncio.create_task(self._heed_cancels()))

    async def close(self) -> None:
        """Hands over what is left. Call it when no run goes on."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            await self._store.work(workers.leave, self._worker)
        except UnavailableError:
            _log.warning("runs_not_handed_over")

    async def _give_signs(self) -> None:
        while True:
            await asyncio.sleep(self._lease_seconds / _SIGNS_A_LEASE)
            try:
                await self.give_sign()
            except VtionError as error:
                _log.warning("no_sign_of_life", error=str(error))

    async def give_sign(self) -> None:
        """Shows life, and looks who else does not."""
        await self._store.work(workers.show_life, self._worker)
        now = self._clock()
        silent_seconds, self._seen_at = now - self._seen_at, now
        if silent_seconds >= self._lease_seconds:
            # This process stood still, or the database did: others may be about to give theirs.
            self._signs.clear()
            await self._give_up_lost_runs()
        await self._take_up(() if self._is_alone else await self._alive(now))
        if self._on_sign is not None:
            await self._on_sign()
        if self._store.is_shared:
            await self._store.work(drop_old_frames)

    async def _alive(self, now: float) -> list[str]:
        """Returns the workers whose last sign is new, or was when this one last looked."""
        signs = await self._store.work(workers.last_signs)
        self._signs = {
            worker: known
            if (known := self._signs.get(worker)) is not None and known[0] == sign
            else (sign, now)
            for worker, sign in signs.items()
        }
        earliest = now - self._lease_seconds
        return [worker for worker, (_, since) in self._signs.items() if since > earliest]

    async def _take_up(self, alive: Collection[str]) -> None:
        if self._runs.is_draining:
            return
        for lapsed in await self._store.work(workers.take_up, self._worker, alive):
            await self._runs.take_up(lapsed)

    async def _give_up_lost_runs(self) -> None:
        held = self._runs.live_ids
        for run_id in await self._store.work(workers.runs_lost, self._worker, held):
            self._runs.give_up(run_id)

    async def _heed_cancels(self) -> None:
        while True:
            await asyncio.sleep(_CANCEL_SECONDS)
            if not self._runs.count:
                continue
            try:
                found = await self._store.work(workers.runs_to_cancel, self._worker)
            except UnavailableError:
                continue
            for run_id in found:
                run = self._runs.find(run_id)
                if run is not None:
                    run.cancel("asked")
