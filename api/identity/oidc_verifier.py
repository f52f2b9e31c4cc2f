"""Verifies bearer tokens of an OIDC issuer (Cognito or any other) by its published keys."""

import asyncio
import json
import time
import urllib.request
from collections.abc import Mapping
from typing import Any

import jwt
import structlog

from domain.errors import OperatorError, SignInError, UnavailableError
from domain.user import Role, User

_log = structlog.get_logger(__name__)
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
_LEEWAY_SECONDS = 60
_KEYS_KEPT_SECONDS = 3600
_SECONDS_BETWEEN_FETCHES = 10
_FETCH_SECONDS = 5
_MAXIMUM_KEYS_BYTES = 512 * 1024


class IssuerKeys:
    """The issuer's keys, fetched when one is missing or an hour has gone by.

    An unknown key id asks the issuer at most every ten seconds, so that forged tokens do not.
    """

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer.rstrip("/")
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at = float("-inf")
        self._fetching = asyncio.Lock()

    async def key(self, key_id: str) -> jwt.PyJWK:
        """Returns a key; raises SignInError for an unknown one."""
        if key_id not in self._keys or self._age > _KEYS_KEPT_SECONDS:
            async with self._fetching:
                if self._age > _SECONDS_BETWEEN_FETCHES:
                    await self._fetch()
        if key_id not in self._keys:
            raise SignInError("The token is not signed by a key of the issuer.")
        return self._keys[key_id]

    @property
    def _age(self) -> float:
        return time.monotonic() - self._fetched_at

    async def _fetch(self) -> None:
        self._fetched_at = time.monotonic()
        try:
            self._keys = await asyncio.to_thread(self._load)
        except (OSError, ValueError, KeyError, jwt.PyJWTError) as error:
            _log.error("issuer_unreachable", issuer=self._issuer, error=type(error).__name__)
            if not self._keys:
                message = "Signing in is not possible now; try again soon."
                raise UnavailableError(message, reason="sign_in_unreachable") from error

    def _load(self) -> dict[str, jwt.PyJWK]:
        discovery = _get(f"{self._issuer}/.well-known/openid-configuration")
        if discovery["issuer"].rstrip("/") != self._issuer:
            raise ValueError("the discovery document is another issuer's")
        loaded: dict[str, jwt.PyJWK] = {}
        for entry in _get(discovery["jwks_uri"])["keys"]:
            try:
                key = jwt.PyJWK(entry)
            except jwt.PyJWTError:
                # A key of a kind that we do not verify with, such as one for encryption.
                continue
            if key.key_id and entry.get("use", "sig") == "sig":
                loaded[key.key_id] = key
        return loaded


class OidcVerifier:
    """Knows the tokens of one issuer."""

    def __init__(
        self,
        issuer: str,
        audience: str,
        roles_claim: str,
        attribute_claims: Mapping[str, str],
    ) -> None:
        if not audience:
            raise OperatorError(
                "Tokens of an issuer need an audience.", "Set VTION_OIDC_AUDIENCE to the client id."
            )
        self._issuer = issuer
        self._audience = audience
        self._roles_claim = roles_claim
        self._attribute_claims = attribute_claims
        self._keys = IssuerKeys(issuer)

    async def verify(self, token: str) -> User | None:
        """Returns the token's user; raises SignInError for one that is not valid."""
        try:
            header = jwt.get_unverified_header(token)
            key = await self._keys.key(str(header.get("kid", "")))
            claims = self._claims(token, key)
        except jwt.ExpiredSignatureError as error:
            raise SignInError("The token has expired.", "token_expired") from error
        except jwt.PyJWTError as error:
            raise SignInError("The token is not valid.") from error
        return self._user(claims)

    def _claims(self, token: str, key: jwt.PyJWK) -> dict[str, Any]:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[name for name in _ALGORITHMS if name == key.algorithm_name],
            issuer=self._issuer,
            leeway=_LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "sub"], "verify_aud": False},
        )
        # Cognito's access tokens name the client instead of an audience.
        audience = claims.get("aud") or claims.get("client_id")
        audiences = audience if isinstance(audience, list) else [audience]
        if self._audience not in audiences:
            raise SignInError("The token was issued for another service.")
        return claims

    def _user(self, claims: Mapping[str, Any]) -> User:
        known = {role.value for role in Role}
        granted = claims.get(self._roles_claim) or []
        names = granted.split() if isinstance(granted, str) else granted
        roles = {Role(name) for name in names if name in known}
        attributes = {
            attribute: str(claims[claim])
            for attribute, claim in self._attribute_claims.items()
            if isinstance(claims.get(claim), str | int)
        }
        return User(
            id=str(claims["sub"]), roles=frozenset(roles | {Role.ANALYST}), attributes=attributes
        )


def _get(url: str) -> dict[str, Any]:
    if not url.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise ValueError("an issuer is asked over https")
    with urllib.request.urlopen(url, timeout=_FETCH_SECONDS) as response:  # noqa: S310 as checked
        found = json.loads(response.read(_MAXIMUM_KEYS_BYTES))
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found
