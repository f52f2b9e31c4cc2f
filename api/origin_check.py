"""Refuses what a foreign web page sends through its visitor's browser."""

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problem import problem_response

_MAXIMUM_HEADER_BYTES = 16 * 1024


class OriginCheckMiddleware:
    """Lets a browser's request pass where its page is of this host, or of an allowed origin.

    Programs send neither header and pass; browsers set both and pages cannot.
    """

    def __init__(self, app: ASGIApp, allowed: Sequence[str]) -> None:
        self._app = app
        self._allowed = frozenset(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] == "http" and self._is_foreign(Headers(scope=scope)):
            response = problem_response(
                HTTPStatus.FORBIDDEN,
                "The page is not allowed to do this",
                "A page of another origin may not use this service.",
                "foreign_origin",
            )
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_foreign(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is not None and origin not in self._allowed:
            return urlsplit(origin).netloc != headers.get("host", "")
        if origin is None and headers.get("sec-fetch-site") == "cross-site":
            # A link or a picture: fine for the page itself, not for data.
            return headers.get("sec-fetch-mode") != "navigate"
        return False


class HeaderLimitMiddleware:
    """Turns away headers that no client of ours needs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] == "http":
            size = sum(len(name) + len(value) for name, value in scope["headers"])
            if size + len(scope.get("query_string", b"")) > _MAXIMUM_HEADER_BYTES:
                response = problem_response(
                    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    "The request is too large",
                    f"Headers may hold at most {_MAXIMUM_HEADER_BYTES:,} bytes.",
                    "too_large",
                )
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)
