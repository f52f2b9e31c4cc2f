"""`vtion demo`: sample data, its context, the server and the UI; no key, no network."""

import socket
import webbrowser
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from threading import Timer
from typing import Annotated

import typer
from rich.console import Console

from cli.context import ensure_context
from cli.serve import listen, run_server
from demo_data.prepare import DemoSource, prepare
from domain.errors import OperatorError
from settings.settings import Settings

_HOST = "127.0.0.1"
_SHOWN_EXAMPLES = 3
_BROWSER_DELAY_SECONDS = 1.5


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
    folder = Path("var")
    source = prepare(data.value, folder / "data" / data.value, _progress(console))
    settings = demo_settings(source, folder / "context" / data.value)
    dictionary = ensure_context(settings, source.business_file, name=_TITLES[data])
    if prepare_only:
        return
    listener = _free_listener(port)
    url = f"http://{_HOST}:{listener.getsockname()[1]}"
    console.print(f"\n[bold]{dictionary.source_name}[/bold] is ready at [bold]{url}[/bold]\n")
    console.print("Three questions to try:")
    for question in dictionary.example_questions[:_SHOWN_EXAMPLES]:
        console.print(f"  - {question}", highlight=False)
    console.print("\nCtrl+C stops it.")
    if browser:
        Timer(_BROWSER_DELAY_SECONDS, webbrowser.open, [url]).start()
    run_server(settings, listener)


def demo_settings(source: DemoSource, context: Path) -> Settings:
    """Returns the settings of the demo: those of the environment, with the sample's own."""
    return Settings(
        warehouse=source.url,
        context=context,
        today=source.today,
        log_level="WARNING",
    )


def _progress(console: Console) -> Callable[[str], None]:
    return lambda message: console.print(f"[dim]{message}[/dim]", highlight=False)


def _free_listener(port: int) -> socket.socket:
    try:
        return listen(_HOST, port)
    except OperatorError:
        return listen(_HOST, 0)
