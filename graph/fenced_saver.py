"""A Postgres saver that writes no checkpoint of a run which another worker has by now."""

from collections.abc import Callable

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.serde.base import SerializerProtocol
from psycopg import AsyncConnection
from psycopg.rows import DictRow
from psycopg_pool import AsyncConnectionPool

from domain.errors import RunTakenError

# A run that a choice resumes is noted as begun after its first checkpoint, where the database was
# away meanwhile: until then it stands as the one that asked back, of no worker.
_IS_TAKEN = """
    SELECT NOT (worker = %s AND status = 'running' OR worker = '' AND status = 'clarify') AS taken
    FROM runs WHERE run_id = %s FOR SHARE
"""


class FencedSaver(AsyncPostgresSaver):
    """Looks who has the run in the transaction that writes its checkpoint."""

    def __init__(
        self,
        pool: AsyncConnectionPool[AsyncConnection[DictRow]],
        serde: SerializerProtocol,
        worker: Callable[[], str],
    ) -> None:
        super().__init__(pool, serde=serde)
        self._pool = pool
        self._worker = worker

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Writes a checkpoint; raises RunTakenError where another worker has its run."""
        run_id = checkpoint["channel_values"].get("run_id")
        async with self._pool.connection() as connection, connection.transaction():
            found = await connection.execute(_IS_TAKEN, (self._worker(), run_id))
            row = await found.fetchone()
            if row is not None and row["taken"]:
                raise RunTakenError(run_id)
            writer = AsyncPostgresSaver(connection, serde=self.serde)
            return await writer.aput(config, checkpoint, metadata, new_versions)
