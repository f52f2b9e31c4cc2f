"""The application on a real socket: streams arrive piece by piece, clients can go away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import uvicorn

from api.application import create_app
from settings.settings import Settings
from tests.api.stream import Event, parse_block


@asynccontextmanager
async def listen(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Serves on a free port of loopback and yields a client."""
    config = uvicorn.Config(
        create_app(settings), host="127.0.0.1", port=0, log_config=None, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = asyncio.create_task(server._serve())
    while not server.started:
        assert not serving.done(), serving.exception()
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
            yield client
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def stream(
    client: httpx.AsyncClient, method: str, path: str, **fields: object
) -> AsyncIterator[AsyncIterator[Event]]:
    """Opens a stream and yields its events as they come; closing it disconnects."""
    request = client.build_request(method, path, **fields)  # type: ignore[arg-type]
    response = await client.send(request, stream=True)
    try:
        assert response.status_code == 200, (await response.aread()).decode()
        yield _events(response)
    finally:
        await response.aclose()


async def _events(response: httpx.Response) -> AsyncIterator[Event]:
    text = ""
    async for piece in response.aiter_text():
        text += piece
        *blocks, text = text.split("\n\n")
        for block in blocks:
            if not block.startswith(":"):
                yield parse_block(block)
