"""A run of another worker, followed through the state database."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import orjson

from api.runs.live_run import RunEnd
from api.runs.replay import end_of, replay
from domain.errors import NotFoundError
from domain.run_history import RunEntry
from domain.run_record import RunRecord
from run_store.run_events import RunFrame, read_frames
from run_store.run_store import RunStore
from run_store.workers import is_followed, note_follower, runs_lost

_POLL_SECONDS = 0.25
_LOOK_SECONDS = 1.0
_SHOWN_SECONDS = 5.0
FOLLOWED_WITHIN = timedelta(seconds=4 * _SHOWN_SECONDS)
_ENDS = ("RUN_FINISHED", "RUN_ERROR")


class RemoteRun:
    """Read as a run of this process is."""

    def __init__(self, store: RunStore, run_id: str) -> None:
        self._store = store
        self.run_id = run_id
        self._shown_at: float | None = None

    async def follow(self, after: int = 0) -> AsyncIterator[bytes]:
        """Yields the run's events: as they come where workers share them, else at its end."""
        number = after
        while True:
            frames = await self._frames(number)
            if frames:
                number = frames[-1].number
                yield b"".join(one.frame for one in frames)
                if is_end(frames[-1]):
                    return
            else:
                entry = await self._entry()
                if entry.status != "running" and not await self._frames(number):
                    break
                await asyncio.sleep(_LOOK_SECONDS if not self._store.is_shared else _POLL_SECONDS)
        # What is not kept any more is told from the record.
        async for told in replay(await self._record(), number):
            yield told

    async def result(self) -> RunEnd:
        """Waits for the end and returns it."""
        async for _ in self.follow():
            pass
        return end_of(await self._record())

    async def _frames(self, after: int) -> list[RunFrame]:
        if not self._store.is_shared:
            return []
        return await self._store.work(read_frames, self.run_id, after)

    async def _entry(self) -> RunEntry:
        now = time.monotonic()
        if self._shown_at is None or now - self._shown_at > _SHOWN_SECONDS:
            # Its worker would cancel it, as nobody follows it there.
            self._shown_at = now
            await self._store.work(note_follower, self.run_id)
        entry = await self._store.entry(self.run_id)
        if entry is None:
            raise NotFoundError("There is no such run.", "no_such_run")
        return entry

    async def _record(self) -> RunRecord:
        return await self._store.record(self.run_id) or _interrupted(await self._entry())


def is_end(frame: RunFrame) -> bool:
    """Returns whether it is a run's last event."""
    return event_of(frame)["type"] in _ENDS


def event_of(frame: RunFrame) -> dict[str, object]:
    """Returns the event that a frame carries."""
    _, _, data = frame.frame.partition(b"\ndata: ")
    event: dict[str, object] = orjson.loads(data)
    return event


async def is_followed_elsewhere(store: RunStore, run_id: str) -> bool:
    """Returns whether a reader at another worker follows a run, or that worker has taken it up."""
    if not store.is_shared:
        return False
    # This process may have stood still: who has the run now is not to lose it by our impatience.
    if await store.work(runs_lost, store.worker, [run_id]):
        return True
    return await store.work(is_followed, run_id, FOLLOWED_WITHIN)


def _interrupted(entry: RunEntry) -> RunRecord:
    return RunRecord(
        run_id=entry.run_id,
        thread_id=entry.thread_id,
        question=entry.question,
        status="failed",
        started_at=entry.started_at,
        duration_ms=entry.duration_ms,
        error_code=entry.error_code,
        reference=entry.run_id,
    )
