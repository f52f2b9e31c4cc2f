"""The Typer app of `vtion evals`, and the options that its commands share."""

from pathlib import Path
from typing import Annotated

import typer

from domain.errors import OperatorError
from settings.log_format import configure_logging

evals_app = typer.Typer(help="Run, compare and keep suites of questions.", no_args_is_help=True)

Suites = Annotated[
    list[str] | None, typer.Argument(help="Names, YAML files or folders; all shipped if none.")
]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="Only samples with this tag.")]
Repeats = Annotated[int, typer.Option(min=1, help="Ask every sample so often.")]
Concurrency = Annotated[int, typer.Option(min=1, help="Samples at once.")]
Out = Annotated[Path | None, typer.Option(help="Folder of the run.")]
Prompts = Annotated[
    list[str] | None, typer.Option("--prompt", help="name=version, in place of production.")
]
Gate = Annotated[Path | None, typer.Option(help="Gates; ends with 1 where one does not hold.")]


@evals_app.callback()
def _evals() -> None:
    """Run, compare and keep suites of questions."""
    configure_logging("ERROR")


def pairs(texts: list[str]) -> dict[str, str]:
    """Reads `name=version` texts."""
    found = [text.partition("=") for text in texts]
    if any(not (name and version) for name, _, version in found):
        raise OperatorError("A prompt's version is given as name=version.")
    return {name: version for name, _, version in found}


def runs_folder() -> Path:
    """Returns where runs are kept that name no place."""
    from settings.settings import Settings

    return Settings().evals / "runs"
