"""Settings that an administrator changed while the service ran; they outlive a restart."""

from datetime import UTC, datetime

from pydantic import JsonValue
from sqlalchemy import Connection, delete, select

from run_store.tables import SETTINGS
from run_store.upsert import upsert


def keep_setting(connection: Connection, name: str, value: JsonValue) -> None:
    """Keeps a value."""
    row = {"name": name, "value": value, "changed_at": datetime.now(UTC)}
    upsert(connection, SETTINGS, [row], replace={"value", "changed_at"})


def kept_setting(connection: Connection, name: str) -> JsonValue:
    """Returns the value; None where none was kept."""
    value: JsonValue = connection.execute(
        select(SETTINGS.c.value).where(SETTINGS.c.name == name)
    ).scalar()
    return value


def drop_setting(connection: Connection, name: str) -> None:
    """Forgets a value."""
    connection.execute(delete(SETTINGS).where(SETTINGS.c.name == name))
