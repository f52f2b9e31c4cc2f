"""Idempotency keys: which run a user's key led to."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select

from run_store.tables import IDEMPOTENCY_KEYS as KEYS
from run_store.upsert import upsert

_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class IdempotencyClaim:
    """A key, the digest of the body that it came with, and the run that it is to lead to."""

    user_id: str
    key: str
    digest: str
    run_id: str


def claim_key(connection: Connection, claim: IdempotencyClaim) -> IdempotencyClaim:
    """Keeps the claim and returns it; where the key is taken, returns the claim that has it."""
    now = datetime.now(UTC)
    connection.execute(delete(KEYS).where(KEYS.c.created_at < now - _KEPT))
    upsert(connection, KEYS, [{**asdict(claim), "created_at": now}], replace=set())
    statement = select(KEYS.c.digest, KEYS.c.run_id).where(
        KEYS.c.user_id == claim.user_id, KEYS.c.key == claim.key
    )
    row = connection.execute(statement).one()
    return IdempotencyClaim(claim.user_id, claim.key, row.digest, row.run_id)


def drop_key(connection: Connection, claim: IdempotencyClaim) -> None:
    """Forgets a claim whose request was refused: it may be sent again."""
    connection.execute(
        delete(KEYS).where(
            KEYS.c.user_id == claim.user_id,
            KEYS.c.key == claim.key,
            KEYS.c.run_id == claim.run_id,
        )
    )
