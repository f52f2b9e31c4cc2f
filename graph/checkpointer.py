"""Threads that outlive the process: LangGraph's savers, tuned and closed to foreign types."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from enum import Enum
from pathlib import Path

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from pydantic import BaseModel
from sqlalchemy import URL

from domain import column_type, dictionary, plan, summary
from domain.answer import Answer
from domain.chart_spec import ChartSpec
from domain.cross_check import CrossCheck
from domain.draft import (
    CannotAnswer,
    Clarification,
    ClarificationOption,
    FailedAttempt,
    SqlDraft,
    Turn,
)
from domain.evidence import Evidence
from domain.model_call import ModelCall
from domain.run_state import Execution
from domain.summary import Summary
from domain.verdict import Verdict
from graph.paced_saver import PacedSaver
from graph.threaded_saver import ThreadedSqliteSaver
from run_store.engine import is_in_memory, postgres_options, state_url

_POSTGRES_CONNECTIONS = 8

_STATE_MODELS: tuple[type[BaseModel], ...] = (
    Answer,
    CannotAnswer,
    ChartSpec,
    Clarification,
    ClarificationOption,
    CrossCheck,
    Evidence,
    Execution,
    FailedAttempt,
    ModelCall,
    SqlDraft,
    Summary,
    Turn,
    Verdict,
)
_STATE_MODULES = (column_type, dictionary, plan, summary)


def _allowed_types() -> list[tuple[str, str]]:
    """Returns the only types that a checkpoint may bring to life: the state's models and enums."""
    enums = [
        found
        for module in _STATE_MODULES
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, Enum)
    ]
    return [(allowed.__module__, allowed.__name__) for allowed in (*_STATE_MODELS, *enums)]


def state_serializer() -> JsonPlusSerializer:
    """Returns a serializer that knows the state's own types and refuses all others."""
    return JsonPlusSerializer(allowed_msgpack_modules=_allowed_types())


@asynccontextmanager
async def open_checkpointer(
    url: str, worker: Callable[[], str] = lambda: ""
) -> AsyncIterator[PacedSaver]:
    """Opens the saver for a state URL; `sqlite:///:memory:` forgets everything at the end.

    `worker` names this process, so that it writes no checkpoint of a run that another took up.
    """
    parsed = state_url(url)
    if is_in_memory(parsed):
        yield PacedSaver(InMemorySaver(serde=state_serializer()))
        return
    is_file = parsed.drivername == "sqlite"
    async with _open_sqlite(parsed) if is_file else _open_postgres(parsed, worker) as saver:
        yield saver


@asynccontextmanager
async def _open_sqlite(url: URL) -> AsyncIterator[PacedSaver]:
    path = Path(str(url.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, check_same_thread=False)) as connection:
        # NORMAL is durable with WAL unless the machine loses power; FULL allows 20 runs a second.
        connection.execute("PRAGMA synchronous=NORMAL")
        with closing(ThreadedSqliteSaver(connection, state_serializer())) as saver:
            await saver.setup()
            yield PacedSaver(saver, (sqlite3.Error,))


@asynccontextmanager
async def _open_postgres(url: URL, worker: Callable[[], str]) -> AsyncIterator[PacedSaver]:
    # Imported here: most services keep their state in a file.
    from psycopg import AsyncConnection
    from psycopg import Error as PostgresError
    from psycopg.rows import DictRow, dict_row
    from psycopg_pool import AsyncConnectionPool

    from graph.fenced_saver import FencedSaver

    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    pool: AsyncConnectionPool[AsyncConnection[DictRow]] = AsyncConnectionPool(
        address,
        min_size=1,
        max_size=_POSTGRES_CONNECTIONS,
        kwargs={
            "autocommit": True,
            "prepare_threshold": 0,
            "row_factory": dict_row,
            "options": postgres_options(url),
        },
        check=AsyncConnectionPool.check_connection,
        open=False,
    )
    async with pool:
        saver = FencedSaver(pool, state_serializer(), worker)
        await saver.setup()
        yield PacedSaver(saver, (PostgresError,))
