"""Shows that this worker lives, and takes up the runs of workers that do not."""

import asyncio
import time
from datetime import timedelta
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

    def __init__(self, runs: RunRegistry, store: RunStore, lease_seconds: float) -> None:
        """A worker that gave no sign for `lease_seconds` is taken to be gone."""
        self._runs = runs
        self._store = store
        self._worker = uuid4().hex
        self._lease_seconds = lease_seconds
        self._is_alone = False
        self._seen_at = self._steady_since = time.monotonic()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Gives the first sign; in a database of one process, takes up at once what there is."""
        self._store.serve_as(self._worker)
        self._is_alone = self._store.claim()
        await self._store.work(workers.show_life, self._worker)
        if self._is_alone:
            await self._take_up(None)
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
                await self._give_sign()
            except VtionError as error:
                self._steady_since = time.monotonic()
                _log.warning("no_sign_of_life", error=str(error))

    async def _give_sign(self) -> None:
        await self._store.work(workers.show_life, self._worker)
        now = time.monotonic()
        silent_seconds, self._seen_at = now - self._seen_at, now
        if silent_seconds >= self._lease_seconds:
            # This process stood still, or the database did: others may be about to give theirs.
            self._steady_since = now
            await self._give_up_lost_runs()
        if self._is_alone:
            await self._take_up(None)
        elif now - self._steady_since >= self._lease_seconds:
            await self._take_up(timedelta(seconds=self._lease_seconds))
            await self._store.work(drop_old_frames)

    async def _take_up(self, silence: timedelta | None) -> None:
        if self._runs.is_draining:
            return
        for lapsed in await self._store.work(workers.take_up, self._worker, silence):
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
