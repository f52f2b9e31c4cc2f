"""The trail of what administrators changed: who, what, when, before and after."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, JsonValue
from sqlalchemy import Connection, and_, insert, or_, select

from run_store.read_runs import Position
from run_store.tables import AUDIT


class AuditEntry(BaseModel):
    """One change. Secrets are never part of it."""

    model_config = ConfigDict(frozen=True)

    id: str
    moment: datetime
    user_id: str
    action: str
    """Such as `config.llm.set`."""
    subject: str
    before: JsonValue = None
    after: JsonValue = None
    correlation_id: str = ""


def write_audit(connection: Connection, entry: AuditEntry) -> None:
    """Appends an entry; nothing ever changes or deletes one."""
    connection.execute(insert(AUDIT).values(entry.model_dump()))


def list_audit(
    connection: Connection, action: str | None, after: Position | None, limit: int
) -> list[AuditEntry]:
    """Returns entries, the newest first."""
    statement = select(AUDIT)
    if action is not None:
        statement = statement.where(AUDIT.c.action == action)
    if after is not None:
        is_same = and_(AUDIT.c.moment == after.moment, AUDIT.c.id < after.id)
        statement = statement.where(or_(AUDIT.c.moment < after.moment, is_same))
    statement = statement.order_by(AUDIT.c.moment.desc(), AUDIT.c.id.desc()).limit(limit)
    return [AuditEntry.model_validate(dict(row._mapping)) for row in connection.execute(statement)]
