"""LangGraph's saver for SQLite, in one thread of its own.

Its asynchronous saver goes to a thread and back for each call of the driver: five times a write.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from langgraph.checkpoint.serde.base import SerializerProtocol
from langgraph.checkpoint.sqlite import SqliteSaver

Found = TypeVar("Found")


class ThreadedSqliteSaver(BaseCheckpointSaver[str]):
    """Used on one event loop."""

    def __init__(self, connection: sqlite3.Connection, serde: SerializerProtocol) -> None:
        """`connection` must be one that any thread may use."""
        super().__init__(serde=serde)
        self._saver = SqliteSaver(connection, serde=serde)
        self._thread = ThreadPoolExecutor(1, "checkpoints")

    async def setup(self) -> None:
        """Makes the tables where they are missing."""
        await self._do(self._saver.setup)

    def close(self) -> None:
        """Waits for what is being written."""
        self._thread.shutdown()

    def get_next_version(self, current: str | None, channel: None) -> str:
        """Counts as the saver behind does."""
        return self._saver.get_next_version(current, channel)

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """Returns a thread's checkpoint."""
        return await self._do(partial(self._saver.get_tuple, config))

    async def alist(
        self,
        config: RunnableConfig | None,
        **choice: Any,  # noqa: ANN401 - as LangGraph's own
    ) -> AsyncIterator[CheckpointTuple]:
        """Yields a thread's checkpoints."""
        for found in await self._do(lambda: list(self._saver.list(config, **choice))):
            yield found

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Writes a checkpoint."""
        return await self._do(partial(self._saver.put, config, checkpoint, metadata, new_versions))

    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """Writes what belongs to a checkpoint and is not in it."""
        await self._do(partial(self._saver.put_writes, config, writes, task_id, task_path))

    async def adelete_thread(self, thread_id: str) -> None:
        """Forgets a thread."""
        await self._do(partial(self._saver.delete_thread, thread_id))

    async def _do(self, work: Callable[[], Found]) -> Found:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
