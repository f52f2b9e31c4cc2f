"""API keys: only a digest of the secret is kept, so a stolen database opens nothing."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from domain.errors import NotFoundError
from domain.user import Role, User
from run_store.tables import API_KEYS

_PREFIX = "vtion"
_ID_BYTES = 8
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key. The secret is shown once, when the key is made."""

    key_id: str
    user: User
    label: str
    created_at: datetime
    expires_at: datetime | None
    """None: it does not expire. A revoked key has expired."""

    def is_valid(self, now: datetime) -> bool:
        """Returns whether the key may still be used."""
        return self.expires_at is None or now < self.expires_at


def create_key(connection: Connection, user: User, label: str, expires_at: datetime | None) -> str:
    """Makes a key and returns it whole: `vtion_<id>_<secret>`."""
    key_id, secret = secrets.token_hex(_ID_BYTES), secrets.token_hex(_SECRET_BYTES)
    connection.execute(
        insert(API_KEYS).values(
            key_id=key_id,
            digest=_digest(secret),
            user_id=user.id,
            roles=sorted(user.roles),
            attributes=dict(user.attributes),
            label=label,
            created_at=datetime.now(UTC),
            expires_at=expires_at,
        )
    )
    return f"{_PREFIX}_{key_id}_{secret}"


def rotate_key(connection: Connection, key_id: str, grace: timedelta) -> str:
    """Makes a successor of a key, which itself stays valid for `grace`; returns the new one."""
    old = find_key(connection, key_id)
    if old is None:
        raise NotFoundError("There is no such key.")
    end = datetime.now(UTC) + grace
    expire_key(connection, key_id, min(end, old.expires_at or end))
    return create_key(connection, old.user, old.label, old.expires_at)


def expire_key(connection: Connection, key_id: str, moment: datetime) -> None:
    """Ends a key at a moment; raises NotFoundError for an unknown one."""
    statement = update(API_KEYS).where(API_KEYS.c.key_id == key_id).values(expires_at=moment)
    if connection.execute(statement).rowcount == 0:
        raise NotFoundError("There is no such key.")


def list_keys(connection: Connection) -> list[ApiKey]:
    """Returns every key, the newest first."""
    rows = connection.execute(select(API_KEYS).order_by(API_KEYS.c.created_at.desc()))
    return [_key(dict(row._mapping)) for row in rows]


def find_key(connection: Connection, key_id: str) -> ApiKey | None:
    """Returns a key by its id."""
    row = connection.execute(select(API_KEYS).where(API_KEYS.c.key_id == key_id)).first()
    return None if row is None else _key(dict(row._mapping))


def verify_key(connection: Connection, token: str) -> ApiKey | None:
    """Returns the key that a token is; None where it is none of ours or has expired."""
    prefix, _, rest = token.partition("_")
    key_id, _, secret = rest.partition("_")
    if prefix != _PREFIX or not secret:
        return None
    row = connection.execute(select(API_KEYS).where(API_KEYS.c.key_id == key_id)).first()
    if row is None or not hmac.compare_digest(str(row.digest), _digest(secret)):
        return None
    key = _key(dict(row._mapping))
    return key if key.is_valid(datetime.now(UTC)) else None


def _digest(secret: str) -> str:
    """Returns a plain hash: the secret has 256 random bits, which no dictionary holds."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: dict[str, object]) -> ApiKey:
    roles, attributes = row["roles"], row["attributes"]
    if not isinstance(roles, list) or not isinstance(attributes, dict):
        raise TypeError("the key's row cannot be read")
    user = User(
        id=str(row["user_id"]),
        roles=frozenset(Role(role) for role in roles),
        attributes={str(name): str(value) for name, value in attributes.items()},
    )
    created_at, expires_at = row["created_at"], row["expires_at"]
    if not isinstance(created_at, datetime):
        raise TypeError("the key's row cannot be read")
    end = expires_at if isinstance(expires_at, datetime) else None
    return ApiKey(str(row["key_id"]), user, str(row["label"]), created_at, end)
