"""The `vtion` command."""

import sys

import typer
from pydantic import ValidationError
from rich.console import Console

from cli import ask, context, demo, dev, guard, serve
from domain.errors import OperatorError, UserError

app = typer.Typer(
    help="Ask your data lake a question in plain words, and get an answer you can check.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("ask")(ask.ask)
app.add_typer(context.context_app, name="context")
app.add_typer(guard.guard_app, name="guard")
app.add_typer(dev.dev_app, name="dev")


def main() -> None:
    """Runs a command; an error that was raised on purpose is a sentence, not a traceback."""
    console = Console(stderr=True)
    try:
        app()
    except (OperatorError, UserError) as error:
        console.print(f"[red]{error}[/red]", highlight=False)
        sys.exit(1)
    except ValidationError as error:
        for item in error.errors():
            variable = "VTION_" + "_".join(str(part) for part in item["loc"]).upper()
            console.print(f"[red]{variable}: {item['msg']}[/red]", highlight=False)
        sys.exit(1)
