"""The store of runs, as the rest of the program sees it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.errors import OperatorError, UnavailableError
from domain.run_history import (
    Feedback,
    FeedbackEntry,
    Rating,
    RunBegun,
    RunEntry,
    ThreadEntry,
    ThreadTurn,
    UsageEntry,
)
from domain.run_record import RunRecord
from run_store import delete_runs, feedback, idempotency, read_runs
from run_store.engine import is_in_memory, open_engine, state_url
from run_store.group_commit import GroupCommit
from run_store.idempotency import IdempotencyClaim
from run_store.migrate import migrate
from run_store.read_runs import Position, RunFilter
from run_store.run_events import RunFrame
from run_store.serving_lock import ServingLock

P = ParamSpec("P")
R = TypeVar("R")
_CONNECTIONS = 4
_LONGEST_RUN = timedelta(minutes=15)


class RunStore:
    """Records, conversations, feedback and usage. Readers see every write that went before."""

    def __init__(self, engine: Engine, threads: ThreadPoolExecutor) -> None:
        self._engine = engine
        self._threads = threads
        self._writes = GroupCommit(engine, threads)
        self._serving: ServingLock | None = None

    def begin(self, run: RunBegun) -> asyncio.Future[None]:
        """Notes that a run began; the future is done when it is in the database."""
        return self._writes.put(run)

    def save(self, record: RunRecord) -> asyncio.Future[None]:
        """Keeps a record and adds to usage; the future is done when it is in the database."""
        return self._writes.put(record)

    @property
    def worker(self) -> str:
        """The name under which this process works on runs; empty where it does not serve."""
        return self._writes.worker

    @property
    def is_shared(self) -> bool:
        """True where other processes may work on the same database."""
        return self._engine.dialect.name == "postgresql"

    def serve_as(self, worker: str) -> None:
        """Has every run that begins bear a name, so that another worker may take it up."""
        self._writes.worker = worker

    def claim(self) -> bool:
        """Returns whether this process serves from the database alone, and will until it ends.

        Nobody can tell that of Postgres. Nothing outlives the process of a database in memory.
        """
        if self.is_shared:
            return False
        path = self._engine.url.database
        if is_in_memory(self._engine.url) or path is None:
            return True
        self._serving = ServingLock(Path(path))
        return self._serving.claim()

    def publish(self, run_id: str, number: int, frame: bytes) -> None:
        """Shows an event of a run to readers at other workers."""
        self._writes.put_frame(RunFrame(run_id, number, frame))

    async def runs(self, wanted: RunFilter, after: Position | None, limit: int) -> list[RunEntry]:
        """Returns entries, newest first."""
        return await self.work(read_runs.list_runs, wanted, after, limit)

    async def record(self, run_id: str) -> RunRecord | None:
        """Returns a run's record; None for an unknown run and for one that has not ended."""
        return await self.work(read_runs.read_record, run_id)

    async def entry(self, run_id: str) -> RunEntry | None:
        """Returns the entry of one run, ended or not."""
        return await self.work(read_runs.read_entry, run_id)

    async def thread_owner(self, thread_id: str) -> str | None:
        """Returns the id of the user whose conversation it is; None where there is none."""
        return await self.work(read_runs.thread_owner, thread_id)

    async def threads(
        self, user_id: str, after: Position | None, limit: int, words: Sequence[str] = ()
    ) -> list[ThreadEntry]:
        """Returns a user's conversations, the latest first: those that hold every word, if any."""
        return await self.work(read_runs.list_threads, user_id, after, limit, words)

    async def turns(self, thread_id: str, limit: int) -> list[ThreadTurn]:
        """Returns the latest questions of a conversation, the oldest first."""
        return await self.work(read_runs.list_turns, thread_id, limit)

    async def delete_thread(self, thread_id: str) -> None:
        """Forgets a conversation: its runs and their feedback. Usage stays, for budgets."""
        await self.work(delete_runs.delete_thread, thread_id)

    async def claim_key(self, claim: IdempotencyClaim) -> IdempotencyClaim:
        """Keeps the claim and returns it; where the key is taken, returns the claim that has it."""
        return await self.work(idempotency.claim_key, claim)

    async def drop_key(self, claim: IdempotencyClaim) -> None:
        """Forgets a claim whose request was refused: it may be sent again."""
        await self.work(idempotency.drop_key, claim)

    async def usage(self, first: date, last: date, user_id: str | None) -> list[UsageEntry]:
        """Returns usage by day, user and model, the latest day first."""
        return await self.work(read_runs.list_usage, first, last, user_id)

    async def give_feedback(self, given: Feedback) -> None:
        """Keeps feedback; a second one on the same run takes the place of the first."""
        await self.work(feedback.write_feedback, given)

    async def feedback(
        self, rating: Rating | None, after: Position | None, limit: int
    ) -> list[FeedbackEntry]:
        """Returns feedback, newest first."""
        return await self.work(feedback.list_feedback, rating, after, limit)

    async def ping(self) -> None:
        """Raises UnavailableError where the database is away."""
        await self.work(lambda connection: connection.execute(text("SELECT 1")).scalar())

    async def work(
        self, do: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Runs `do` in a transaction, after every write that is queued.

        Raises UnavailableError where the database is away.
        """
        await self._writes.flush()

        def transaction() -> R:
            with self._engine.begin() as connection:
                return do(connection, *args, **kwargs)

        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, transaction)
        except (DBAPIError, PoolTimeout) as error:
            raise UnavailableError("The history cannot be reached now; try again soon.") from error

    async def close(self) -> None:
        """Writes what waits."""
        await self._writes.close()
        if self._serving is not None:
            self._serving.close()


@asynccontextmanager
async def open_run_store(url: str) -> AsyncIterator[RunStore]:
    """Opens `sqlite:///path`, `sqlite:///:memory:` or `postgresql://...` at the newest schema."""
    parsed = state_url(url)
    # One connection to an in-memory database; one writer to a file.
    connections = 1 if is_in_memory(parsed) else _CONNECTIONS
    engine = open_engine(parsed, connections)
    threads = ThreadPoolExecutor(connections, "run-store")
    try:
        await asyncio.to_thread(_migrate, engine)
        store = RunStore(engine, threads)
        try:
            await store.work(delete_runs.end_orphans, _LONGEST_RUN)
            yield store
        finally:
            await store.close()
    finally:
        threads.shutdown()
        engine.dispose()


def _migrate(engine: Engine) -> None:
    try:
        migrate(engine)
    except DBAPIError as error:
        raise OperatorError(
            f"VTION_STATE cannot be opened: {type(error.orig).__name__}: {error.orig}",
            "Check the path or the address, and who may write there.",
        ) from error
