"""Writes the checkpoints that a crash could make dear, and leaves out the others.

LangGraph would write one after every node, which nearly doubles what a question costs. What was
quick is done again in the time that its checkpoint would take to be written and read.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import structlog
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)

from graph.pace import Pace, spent_ms

_log = structlog.get_logger(__name__)
BEGINS_THREAD = "__begins_thread"
"""In a run's configuration: true where its thread has no checkpoint yet."""
_BRANCH = "branch:to:"
_PATIENCE_SECONDS = 2.0
_THREADS_KNOWN = 4_096


class PacedSaver(BaseCheckpointSaver[str]):
    """A saver in front of another; reads go straight through."""

    def __init__(
        self, saver: BaseCheckpointSaver[str], faults: tuple[type[Exception], ...] = ()
    ) -> None:
        """`faults` are what the driver behind raises where the database is away."""
        self.pace = Pace()
        super().__init__(serde=saver.serde)
        self._saver = saver
        self._faults: tuple[type[Exception], ...] = (TimeoutError, *faults)
        self._kept_at: OrderedDict[str, float] = OrderedDict()

    def get_next_version(self, current: str | None, channel: None) -> str:
        """Counts as the saver behind does."""
        return self._saver.get_next_version(current, channel)

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """Returns a thread's checkpoint; nothing is read of a thread that only begins."""
        if config["configurable"].get(BEGINS_THREAD):
            return None
        return await self._saver.aget_tuple(config)

    async def alist(
        self,
        config: RunnableConfig | None,
        **choice: Any,  # noqa: ANN401 - as LangGraph's own
    ) -> AsyncIterator[CheckpointTuple]:
        """Yields a thread's checkpoints."""
        async for found in self._saver.alist(config, **choice):
            yield found

    async def adelete_thread(self, thread_id: str) -> None:
        """Forgets a thread."""
        await self._saver.adelete_thread(thread_id)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Writes a checkpoint that is worth it; only the last of a run must not fail."""
        del new_versions
        updated = checkpoint["updated_channels"] or ()
        following = [n.removeprefix(_BRANCH) for n in updated if n.startswith(_BRANCH)]
        thread_id = str(config["configurable"]["thread_id"])
        is_end = not following and metadata.get("source") == "loop"
        if is_end or metadata.get("source") == "input":
            self._kept_at.pop(thread_id, None)
        if is_end:
            return await self._write(config, checkpoint, metadata)
        if self._is_worth_it(thread_id, following, checkpoint["channel_values"]):
            await self._try_to_write(config, checkpoint, metadata)
        return config

    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """Writes interrupts, choices and errors; all else is part of the next checkpoint."""
        if any(channel in WRITES_IDX_MAP for channel, _ in writes):
            await self._saver.aput_writes(config, writes, task_id, task_path)

    def _is_worth_it(
        self, thread_id: str, following: Sequence[str], values: Mapping[str, Any]
    ) -> bool:
        spent = spent_ms(values)
        since = spent - self._kept_at.get(thread_id, 0.0)
        if not any(self.pace.is_due(step, since) for step in following):
            return False
        self._kept_at[thread_id] = spent
        while len(self._kept_at) > _THREADS_KNOWN:
            self._kept_at.popitem(last=False)
        return True

    async def _try_to_write(
        self, config: RunnableConfig, checkpoint: Checkpoint, metadata: CheckpointMetadata
    ) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._write(config, checkpoint, metadata)
        except self._faults as error:
            # The run can do without, as long as nothing else fails.
            _log.warning("checkpoint_not_written", error=type(error).__name__)

    async def _write(
        self, config: RunnableConfig, checkpoint: Checkpoint, metadata: CheckpointMetadata
    ) -> RunnableConfig:
        # Every version: what changed before a checkpoint that was left out is in no other.
        versions = checkpoint["channel_versions"]
        return await self._saver.aput(config, checkpoint, metadata, versions)
