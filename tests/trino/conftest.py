"""A Trino for the session, where its distribution is at hand: `make test-trino` says where."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio

from bench.dialect import generated
from settings.settings import Settings
from tests.conftest import REPOSITORY
from tests.trino.engines import Engines
from tests.trino.statements import RECORDED
from tests.trino.trino_mirror import mirror
from tests.trino.trino_rows import TrinoSession
from tests.trino.trino_server import TrinoServer, serve_trino
from warehouse.duckdb_source import open_source
from warehouse.open_duckdb import open_trusted

_HOME = os.environ.get("TRINO_HOME")
collect_ignore_glob = [] if _HOME else ["test_*.py"]


@pytest.fixture(scope="session")
def trino_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrinoServer]:
    """Returns one server for all tests."""
    with serve_trino(Path(_HOME or ""), tmp_path_factory.mktemp("trino")) as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def engines(trino_server: TrinoServer) -> AsyncIterator[dict[str, Engines]]:
    """Returns both engines over each source."""
    sources = {name: REPOSITORY / "var" / "data" / name for name in ("vtion", "nycflights13")}
    if RECORDED.exists():
        sources |= {name: generated(name) for name in ("tpch", "tpcds")}
    async with AsyncExitStack() as stack:
        both = {}
        for name, source in sources.items():
            folder = await mirror(trino_server, source, name)
            duckdb = open_trusted(open_source(f"duckdb://{folder}"), Settings())
            stack.push_async_callback(duckdb.close)
            session = TrinoSession(trino_server, name)
            stack.callback(session.close)
            both[name] = Engines(duckdb, session)
        yield both
