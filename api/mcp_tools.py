"""The tools of `/mcp`: ask, describe_data, run_verified_query. Same graph, policies and records."""

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from api.routes.capabilities import Capabilities, describe
from api.routes.query import require_own_thread, result_while_connected
from api.runs.end_text import text_of
from api.state import ApiState
from domain.answer import Answer
from domain.draft import Assumption, SqlDraft
from domain.errors import NotFoundError
from domain.run_event import RunFailed
from domain.user import User
from graph.asked import Asked, new_id

if TYPE_CHECKING:
    from mcp.server import MCPServer

_INSTRUCTIONS = (
    "Answers questions about the data in plain words, with every figure checked against the"
    " result. Look at describe_data first: it says what is covered and what may be asked."
)
_VERIFIED = Assumption(kind="note", text="The SQL was approved by a person.")


class McpTools:
    """The protocol's server; its library is loaded with the first request."""

    def __init__(self) -> None:
        self._server: MCPServer[Any] | None = None
        self._opening = asyncio.Lock()
        self._closing = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request of a signed-in user."""
        async with self._opening:
            if self._server is None:
                self._server = await self._open()
        await self._server.session_manager.handle_request(scope, receive, send)

    async def close(self) -> None:
        """Ends what goes on."""
        self._closing.set()
        if self._running is not None:
            await self._running

    async def _open(self) -> "MCPServer[Any]":
        from mcp.server.transport_security import TransportSecuritySettings

        server = _server()
        # Hosts and origins are checked before every route of ours.
        security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        server.streamable_http_app(
            stateless_http=True, json_response=True, transport_security=security
        )
        started = asyncio.Event()
        self._running = asyncio.create_task(self._run(server, started))
        await started.wait()
        return server

    async def _run(self, server: "MCPServer[Any]", started: asyncio.Event) -> None:
        async with server.session_manager.run():
            started.set()
            await self._closing.wait()


def _server() -> "MCPServer[Any]":
    from mcp.server import MCPServer
    from mcp.server.mcpserver import Context

    server: MCPServer[Any] = MCPServer("vtion", instructions=_INSTRUCTIONS)

    async def ask(question: str, context: Context, conversation: str = "") -> Answer:
        """Answers a question about the data; `conversation` is an earlier answer's thread_id."""
        request, state, user = _caller(context)
        await require_own_thread(state, user, conversation or None)
        asked = Asked(question=question, thread_id=conversation or new_id(), user=user)
        return await _answer(request, state, asked)

    async def describe_data(context: Context) -> Capabilities:
        """Says what the data covers, what may be asked, and where the limits are."""
        _, state, _ = _caller(context)
        return await describe(state.service)

    async def run_verified_query(question: str, context: Context) -> Answer:
        """Runs the SQL that a person approved for exactly this question; no model drafts."""
        request, state, user = _caller(context)
        sql = await _verified_sql(state, question)
        given = SqlDraft(sql=sql, assumptions=(_VERIFIED,), confidence=1.0)
        return await _answer(request, state, Asked(question=question, given=given, user=user))

    for tool in (ask, describe_data, run_verified_query):
        server.add_tool(tool)
    return server


def _caller(context: Any) -> tuple[Request, ApiState, User]:  # noqa: ANN401 the library is loaded late
    request = context.request_context.request
    if not isinstance(request, Request):
        raise TypeError("the tools are reached over HTTP alone")
    state, user = request.app.state.api, request.state.user
    if not isinstance(state, ApiState) or not isinstance(user, User):
        raise TypeError("the request was not signed in")
    return request, state, user


async def _answer(request: Request, state: ApiState, asked: Asked) -> Answer:
    run = await state.runs.start(asked)
    end = await result_while_connected(run, request)
    if not isinstance(end, RunFailed):
        return end.answer
    return Answer(
        run_id=run.asked.run_id, thread_id=asked.thread_id, status="failed", text=text_of(end)
    )


async def _verified_sql(state: ApiState, question: str) -> str:
    dictionary = (await state.service.dependencies()).context.dictionary
    for query in dictionary.verified_queries:
        if query.question.strip().lower() == question.strip().lower():
            return query.sql
    known = "; ".join(query.question for query in dictionary.verified_queries[:20]) or "none"
    raise NotFoundError(f"There is no verified query for this question. There are: {known}")
