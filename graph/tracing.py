"""Traces in LangSmith while its key is set; without a key nothing is sent, and nothing fails."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from langsmith import Client, configure

_KEY = "LANGSMITH_API_KEY"
_PROJECT = "LANGSMITH_PROJECT"
_ENDPOINT = "LANGSMITH_ENDPOINT"
_DEFAULT_PROJECT = "vtion"
_FLUSH_SECONDS = 5.0


def is_traced() -> bool:
    """Returns whether runs are sent to LangSmith."""
    return bool(_key())


def _key() -> str:
    return os.environ.get(_KEY, "").strip()


@asynccontextmanager
async def tracing() -> AsyncIterator[None]:
    """Traces every run until the service closes, then sends what waits."""
    key = _key()
    if not key:
        # Said outright: LANGSMITH_TRACING alone would send without a key, and fail.
        configure(enabled=False)
        yield
        return
    client = Client(api_key=key, api_url=os.environ.get(_ENDPOINT) or None)
    project = os.environ.get(_PROJECT) or _DEFAULT_PROJECT
    configure(client=client, enabled=True, project_name=project)
    try:
        yield
    finally:
        configure(client=None, enabled=False)
        await asyncio.to_thread(client.close, _FLUSH_SECONDS)
