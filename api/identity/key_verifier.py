"""Verifies API keys against the run store; a verdict is remembered for some seconds."""

import hashlib
import time

from domain.errors import SignInError
from domain.user import User
from run_store.api_keys import verify_key
from run_store.run_store import RunStore

_PREFIX = "vtion_"
_REMEMBERED_SECONDS = 5.0
_REMEMBERED = 1_000


class KeyVerifier:
    """Knows `vtion_...` keys. A revoked key may be taken for five seconds more."""

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._known: dict[bytes, tuple[float, User]] = {}

    async def verify(self, token: str) -> User | None:
        """Returns the key's user; raises SignInError for a key that is not valid."""
        if not token.startswith(_PREFIX):
            return None
        # The secret itself does not stay in memory.
        digest = hashlib.sha256(token.encode()).digest()
        until, user = self._known.get(digest, (0.0, None))
        if user is not None and time.monotonic() < until:
            return user
        key = await self._store.work(verify_key, token)
        if key is None:
            raise SignInError("The API key is not valid, or has expired.")
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[digest] = (time.monotonic() + _REMEMBERED_SECONDS, key.user)
        return key.user
