"""Writes that arrive while a transaction runs share the next one: a run costs part of a commit."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeAlias

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import (
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import (
    TimeoutError as PoolTimeout,
)

from domain.run_history import RunBegun
from domain.run_record import RunRecord
from run_store.fence import own_frames, own_records
from run_store.run_events import RunFrame, write_frames
from run_store.write_runs import write_begun, write_records

_log = structlog.get_logger(__name__)
_AWAY = (OperationalError, InterfaceError, PoolTimeout)
_RETRY_SECONDS = (0.2, 1.0, 5.0)
_MAXIMUM_WAITING = 10_000
_MAXIMUM_WAITING_FRAMES = 2_000
_MAXIMUM_BATCH = 500


Item: TypeAlias = RunBegun | RunRecord | RunFrame


@dataclass(slots=True)
class _Write:
    item: Item
    done: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class GroupCommit:
    """A queue of writes and the one task that empties it.

    While the database is away up to 10,000 writes wait, and are tried again until it is back.
    """

    def __init__(self, engine: Engine, threads: ThreadPoolExecutor) -> None:
        self.worker = ""
        """Who works on the runs that begin."""
        self._engine = engine
        self._is_shared = engine.dialect.name == "postgresql"
        self._threads = threads
        self._waiting: list[_Write] = []
        self._task: asyncio.Task[None] | None = None

    def put(self, item: Item) -> asyncio.Future[None]:
        """Queues a write; the future is done when it is in the database."""
        write = _Write(item)
        if len(self._waiting) >= _MAXIMUM_WAITING:
            lost = self._waiting.pop(0)
            _log.error("run_record_lost", run_id=lost.item.run_id)
            lost.done.cancel()
        self._waiting.append(write)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._empty())
        return write.done

    def put_frame(self, frame: RunFrame) -> None:
        """Queues an event of a run; while many writes wait it is left out: records matter more."""
        if len(self._waiting) < _MAXIMUM_WAITING_FRAMES:
            self.put(frame)

    async def flush(self) -> None:
        """Returns when everything queued so far is in the database, or the database is away."""
        if self._task is not None and not self._task.done():
            await asyncio.wait({asyncio.shield(self._task)}, timeout=_RETRY_SECONDS[0] * 10)

    async def close(self) -> None:
        """Flushes, then gives up what could not be written."""
        await self.flush()
        if self._task is not None and not self._task.done():
            self._task.cancel()
            for write in self._waiting:
                _log.error("run_record_lost", run_id=write.item.run_id)

    async def _empty(self) -> None:
        failures = 0
        while self._waiting:
            batch = self._waiting[:_MAXIMUM_BATCH]
            try:
                await self._write_batch(batch)
            except _AWAY as error:
                pause = _RETRY_SECONDS[min(failures, len(_RETRY_SECONDS) - 1)]
                failures += 1
                _log.error("state_database_away", error=type(error).__name__, retry_in=pause)
                await asyncio.sleep(pause)
                continue
            failures = 0
            del self._waiting[: len(batch)]

    async def _write_batch(self, batch: list[_Write]) -> None:
        """Writes all or, where one of them does not fit, each alone: a bad one is left out."""
        try:
            await self._run([write.item for write in batch])
        except _AWAY:
            raise
        except SQLAlchemyError as error:
            if len(batch) > 1:
                for write in batch:
                    await self._write_batch([write])
                return
            _log.error("run_record_lost", run_id=batch[0].item.run_id, exc_info=error)
        for write in batch:
            if not write.done.done():
                write.done.set_result(None)

    async def _run(self, items: list[Item]) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._threads, self._write, items)

    def _write(self, items: list[Item]) -> None:
        frames = [item for item in items if isinstance(item, RunFrame)]
        runs = [item for item in items if not isinstance(item, RunFrame)]
        with self._engine.begin() as connection:
            if frames and (own := own_frames(connection, frames)):
                write_frames(connection, own)
            for kind, group in groupby(runs, type):
                if kind is RunBegun:
                    begun = [item for item in group if isinstance(item, RunBegun)]
                    write_begun(connection, begun, self.worker)
                else:
                    self._write_records(connection, [i for i in group if isinstance(i, RunRecord)])

    def _write_records(self, connection: Connection, records: list[RunRecord]) -> None:
        if self._is_shared:
            records = own_records(connection, records, self.worker)
        if records:
            write_records(connection, records)
