"""`/mcp`: the Model Context Protocol over streamable HTTP, for assistants of other makers."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from api.identity.current_user import CurrentUser
from api.mcp_tools import McpTools

router = APIRouter()


class _Forwarded(Response):
    """Lets the protocol's own handler write the response."""

    def __init__(self, tools: McpTools) -> None:
        super().__init__()
        self._tools = tools

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._tools.handle(scope, receive, send)


@router.post("/mcp", include_in_schema=False)
async def mcp(request: Request, user: CurrentUser) -> Response:
    """Takes one message of the protocol; the tools work for the signed-in user."""
    tools: McpTools = request.app.state.mcp
    return _Forwarded(tools)
