"""The server: SIGTERM lets runs end, tells the readers of those that do not, and exits with 0."""

import asyncio
import gc
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from fastapi import FastAPI
from sse_starlette.sse import AppStatus

from api.application import create_app
from api.state import ApiState
from context_store.query_review import ApprovalCheck, no_check
from domain.errors import OperatorError
from settings.settings import Settings

_BACKLOG = 2048
_GARBAGE_THRESHOLDS = (50_000, 20, 50)
_SECONDS_TO_CLOSE = 5
_MAXIMUM_HEADER_BYTES = 32 * 1024


class DrainingServer(uvicorn.Server):
    """Begins to drain at the first signal; a second one ends it at once."""

    def __init__(
        self,
        config: uvicorn.Config,
        app: FastAPI,
        drain_seconds: float,
        on_ready: Callable[[], None] | None,
    ) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._app = app
        self._drain_seconds = drain_seconds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._draining: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Remembers the loop, as signals arrive outside of it, and calms the garbage collector."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        # What is there now stays: without this every collection walks all of it, which takes up
        # to 40 % of the CPU at 256 streams.
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_GARBAGE_THRESHOLDS)
        if self.started and self._on_ready is not None:
            self._on_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Takes SIGTERM and SIGINT. Ending as asked is a success, so the signal is not raised."""
        if self.should_exit:
            self.force_exit = True
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._drain)

    def _drain(self) -> None:
        state = getattr(self._app.state, "api", None)
        if isinstance(state, ApiState) and self._draining is None:
            self._draining = asyncio.ensure_future(state.runs.drain(self._drain_seconds))


def run_server(
    settings: Settings,
    listener: socket.socket,
    check_approval: ApprovalCheck = no_check,
    on_ready: Callable[[], None] | None = None,
) -> None:
    """Serves until it is told to stop, lets runs end, and closes the listener.

    `check_approval` is asked before a verified query is taken into use, `on_ready` is called once
    the listener answers.

    Raises OperatorError where the service cannot be opened.
    """
    # Streams end with their runs; without this they would be cut at the first signal.
    AppStatus.enable_automatic_graceful_drain = False
    app = create_app(settings, check_approval)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        loop="asyncio",
        backlog=_BACKLOG,
        h11_max_incomplete_event_size=_MAXIMUM_HEADER_BYTES,
        timeout_graceful_shutdown=int(settings.drain_seconds) + _SECONDS_TO_CLOSE,
    )
    try:
        with listener:
            server = DrainingServer(config, app, settings.drain_seconds, on_ready)
            server.run(sockets=[listener])
    except SystemExit:
        failure = getattr(app.state, "failure", None)
        if isinstance(failure, OperatorError):
            raise failure from None
        raise
