"""Headers that keep a browser from doing more than the UI needs, and a bound on bodies."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problem import problem_response

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
    " font-src 'self'; connect-src {connected}; frame-src 'self'; base-uri 'none';"
    " form-action 'none';"
    " frame-ancestors 'none'"
)
_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class SecurityHeadersMiddleware:
    """Adds the headers to every response. `connected`: origins that the page may talk to."""

    def __init__(self, app: ASGIApp, connected: Sequence[str] = ()) -> None:
        self._app = app
        policy = _POLICY.format(connected=" ".join(["'self'", *connected]))
        headers = {"Content-Security-Policy": policy, **_HEADERS}
        self._headers = Headers(headers).raw

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""

        async def add_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                names = {name.lower() for name, _ in given}
                message["headers"] = given + [h for h in self._headers if h[0] not in names]
            await send(message)

        await self._app(scope, receive, add_headers)


class BodyLimitMiddleware:
    """Turns away a request body over the bound, declared or not, before it is held in memory."""

    def __init__(self, app: ASGIApp, maximum_bytes: int, larger: Mapping[str, int]) -> None:
        """`larger` is path -> its own bound."""
        self._app = app
        self._maximum_bytes = maximum_bytes
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        maximum = self._larger.get(scope["path"], self._maximum_bytes)
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdigit() or int(declared) > maximum:
            await self._refuse(maximum, scope, receive, send)
            return
        body, is_whole = bytearray(), False
        while not is_whole:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            is_whole = not message.get("more_body", False)
            if len(body) > maximum:
                await self._refuse(maximum, scope, receive, send)
                return
        await self._app(scope, _replay(bytes(body), receive), send)

    async def _refuse(self, maximum: int, scope: Scope, receive: Receive, send: Send) -> None:
        response = problem_response(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "The request is too large",
            f"A request may hold at most {maximum:,} bytes.",
            "too_large",
        )
        await response(scope, receive, send)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Returns a channel that hands out the body once, then what follows it."""
    is_given = False

    async def replay() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
