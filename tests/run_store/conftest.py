"""The store on each database that may hold it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from run_store.run_store import RunStore, open_run_store
from tests.postgres import new_database, postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Yields the URL of a Postgres server."""
    with postgres_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def state_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Returns the URL of an empty state database."""
    if request.param == "postgres":
        return new_database(request.getfixturevalue("postgres"))
    return f"sqlite:///{tmp_path / 'state.sqlite'}"


@pytest.fixture
async def store(state_url: str) -> AsyncIterator[RunStore]:
    """An open store at the newest schema."""
    async with open_run_store(state_url) as opened:
        yield opened
