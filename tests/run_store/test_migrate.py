"""Migrations lead to the tables that the code works with."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import run_store.migrations
from domain.errors import OperatorError
from run_store.engine import open_engine
from run_store.engine import state_url as _parsed
from run_store.migrate import HEAD, migrate
from run_store.run_store import open_run_store
from run_store.tables import METADATA


def test_the_migrations_make_the_tables_and_a_second_start_changes_nothing(state_url: str) -> None:
    engine = open_engine(_parsed(state_url), 1)
    migrate(engine)
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_the_code_names_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(run_store.migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


async def test_a_database_of_a_newer_version_is_not_touched(state_url: str) -> None:
    engine = open_engine(_parsed(state_url), 1)
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(OperatorError, match="newer version"):
        async with open_run_store(state_url):
            pass


async def test_what_is_no_state_database_says_what_is() -> None:
    for url in ("mysql://somewhere/x", "nonsense"):
        with pytest.raises(OperatorError, match="sqlite:///"):
            async with open_run_store(url):
                pass
