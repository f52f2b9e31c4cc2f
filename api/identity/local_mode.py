"""No sign-in, on the machine's own loopback address alone."""

import ipaddress
from functools import lru_cache

from starlette.requests import HTTPConnection

from domain.errors import ForbiddenError, OperatorError
from domain.user import LOCAL_USER, User

_NAMES = ("localhost",)


class LocalMode:
    """Takes every request that was sent to a loopback name; others could come from a web page.

    A page of a foreign site can make its own name point to 127.0.0.1; its requests then still
    carry that name as their Host.
    """

    async def user_of(self, connection: HTTPConnection) -> User:
        """Returns the one local user; raises ForbiddenError for a Host that is not loopback."""
        host = connection.headers.get("host", "")
        if not is_loopback(_without_port(host)):
            raise ForbiddenError("Without sign-in the service answers on loopback addresses only.")
        return LOCAL_USER


@lru_cache(maxsize=64)
def is_loopback(host: str) -> bool:
    """Returns whether a name or address means this machine alone."""
    if host.lower() in _NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_loopback(host: str) -> None:
    """Raises OperatorError for an address that others can reach, and says what to set."""
    if not is_loopback(host):
        raise OperatorError(
            f"Without sign-in the service listens on loopback addresses only, not on {host}.",
            "Set VTION_IDENTITY=keys (then `vtion keys create`), or to the URL of an OIDC issuer.",
        )


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]
