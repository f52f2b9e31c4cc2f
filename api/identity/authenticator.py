"""Tells who sends a request, from its credentials."""

from collections.abc import Sequence
from typing import Protocol

from starlette.requests import HTTPConnection

from domain.errors import SignInError
from domain.user import User

_SCHEME = "bearer"


class TokenVerifier(Protocol):
    """Knows one kind of token."""

    async def verify(self, token: str) -> User | None:
        """Returns the token's user; None where it is of another kind.

        Raises SignInError where it is of this kind and not valid.
        """


class Authenticator:
    """Asks each verifier in turn."""

    def __init__(self, verifiers: Sequence[TokenVerifier]) -> None:
        self._verifiers = verifiers

    async def user_of(self, connection: HTTPConnection) -> User:
        """Returns the user; raises SignInError without valid credentials."""
        token = _token(connection)
        for verifier in self._verifiers:
            user = await verifier.verify(token)
            if user is not None:
                return user
        raise SignInError("The credentials are not valid.")


def _token(connection: HTTPConnection) -> str:
    """Returns the bearer token. No cookie is ever read: a foreign page cannot send one along."""
    key = connection.headers.get("x-api-key")
    if key:
        return key
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != _SCHEME or not token.strip():
        raise SignInError("Sign in: send an `Authorization: Bearer` header.")
    return token.strip()
