"""`vtion serve`: the service on what the settings name."""

import socket
from collections.abc import Callable
from typing import Annotated

import typer

from domain.errors import OperatorError
from settings.log_format import configure_logging
from settings.settings import Settings


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes a free one.")] = None,
) -> None:
    """Serves the API and the UI."""
    settings = Settings()
    address = host or settings.host
    if settings.identity == "local":
        # Imported here, as below: the other commands need no server.
        from api.identity.local_mode import require_loopback

        require_loopback(address)
    listener = listen(address, settings.port if port is None else port)
    run_server(settings, listener)


def listen(host: str, port: int) -> socket.socket:
    """Returns a bound socket; raises OperatorError where the address is taken."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise OperatorError(
            f"{host}:{port} cannot be used: {error.strerror}.", "Choose another --port."
        ) from error
    return listener


def run_server(
    settings: Settings, listener: socket.socket, on_ready: Callable[[], None] | None = None
) -> None:
    """Serves until it is told to stop, then lets runs end; `on_ready` is called once it answers."""
    # Imported here: the other commands need no server.
    from api.server import run_server as run
    from cli.approval_suites import suites_check

    configure_logging(settings.log_level)
    run(settings, listener, suites_check(settings), on_ready)
