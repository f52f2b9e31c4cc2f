"""The `vtion` command."""

import sys
from typing import NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console

from cli import ask, context, data, demo, dev, evals, guard, keys, prompts, serve
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
app.add_typer(data.data_app, name="data")
app.add_typer(keys.keys_app, name="keys")
app.add_typer(guard.guard_app, name="guard")
app.add_typer(evals.evals_app, name="evals")
app.add_typer(prompts.prompts_app, name="prompts")
app.add_typer(dev.dev_app, name="dev")


def main() -> None:
    """Runs a command; an error that was raised on purpose is a sentence, not a traceback."""
    console = Console(stderr=True)
    try:
        app()
    except (OperatorError, UserError) as error:
        _fail(console, [str(error)])
    except ValidationError as error:
        _fail(console, [f"{_variable(item['loc'])}: {item['msg']}" for item in error.errors()])


def _variable(place: tuple[int | str, ...]) -> str:
    """Returns the environment variable of a setting that does not fit."""
    return "VTION_" + "_".join(str(part) for part in place).upper()


def _fail(console: Console, lines: list[str]) -> NoReturn:
    for line in lines:
        console.print(line, style="red", soft_wrap=True, markup=False, highlight=False)
    sys.exit(1)
