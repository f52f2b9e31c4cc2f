"""Notes what administrators change."""

from datetime import UTC, datetime

from asgi_correlation_id import correlation_id
from pydantic import JsonValue

from api.state import ApiState
from domain.user import User
from graph.asked import new_id
from run_store.audit import AuditEntry, write_audit


async def note_change(
    state: ApiState,
    user: User,
    action: str,
    subject: str,
    before: JsonValue = None,
    after: JsonValue = None,
) -> None:
    """Keeps who changed what, from what to what. Raises UnavailableError where it cannot."""
    entry = AuditEntry(
        id=new_id(),
        moment=datetime.now(UTC),
        user_id=user.id,
        action=action,
        subject=subject,
        before=before,
        after=after,
        correlation_id=correlation_id.get() or "",
    )
    await state.service.run_store.work(write_audit, entry)
