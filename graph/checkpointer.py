"""Threads that outlive the process: LangGraph's SQLite saver, tuned and closed to foreign types."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from domain.errors import OperatorError

_SQLITE = "sqlite:///"

_STATE_TYPES = (
    ("domain.answer", "Answer"),
    ("domain.chart_spec", "ChartSpec"),
    ("domain.draft", "CannotAnswer"),
    ("domain.draft", "Clarification"),
    ("domain.draft", "ClarificationOption"),
    ("domain.draft", "FailedAttempt"),
    ("domain.draft", "SqlDraft"),
    ("domain.draft", "Turn"),
    ("domain.evidence", "Evidence"),
    ("domain.run_state", "Execution"),
    ("domain.summary", "Summary"),
    ("domain.verdict", "Verdict"),
)
"""The only types that a checkpoint may bring to life; a tampered one creates nothing else."""


def state_serializer() -> JsonPlusSerializer:
    """Returns a serializer that knows the state's own types and refuses all others."""
    return JsonPlusSerializer(allowed_msgpack_modules=_STATE_TYPES)


@asynccontextmanager
async def open_checkpointer(url: str) -> AsyncIterator[BaseCheckpointSaver[str]]:
    """Opens `sqlite:///path`; `sqlite:///:memory:` forgets everything at the end."""
    if not url.startswith(_SQLITE):
        raise OperatorError(
            f"VTION_STATE={url} is not supported.", "Use sqlite:///path/to/file.sqlite."
        )
    path = url.removeprefix(_SQLITE)
    if path == ":memory:":
        yield InMemorySaver(serde=state_serializer())
        return
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    async with aiosqlite.connect(path) as connection:
        # NORMAL is durable with WAL unless the machine loses power; FULL allows 20 runs a second.
        await connection.execute("PRAGMA synchronous=NORMAL")
        saver = AsyncSqliteSaver(connection, serde=state_serializer())
        await saver.setup()
        yield saver
