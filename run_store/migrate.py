"""Brings the state database to the schema that this code needs."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from domain.errors import OperatorError
from run_store.engine import is_in_memory
from run_store.tables import METADATA

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 7_482_301
HEAD = "0006"
"""The newest migration; a test holds it against the folder."""


def migrate(engine: Engine) -> None:
    """Upgrades to `HEAD`. Workers that start together wait for each other."""
    if is_in_memory(engine.url):
        METADATA.create_all(engine)
        return
    # Alembic takes a quarter of a second to import: only where there is something to do.
    if _revision(engine) != HEAD:
        _upgrade(engine)


def _revision(engine: Engine) -> str:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    with engine.begin() as connection:
        _wait_for_others(connection)
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise OperatorError(
                f"The state database cannot be upgraded: {error}.",
                "It was written by a newer version; run that one, or another VTION_STATE.",
            ) from error


def _wait_for_others(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
