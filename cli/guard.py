"""`vtion guard`: judge SQL statements without running them."""

import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer

from domain.errors import OperatorError
from sql_guard.check_batch import check_batch, read_schema

guard_app = typer.Typer(help="Judge SQL statements without running them.", no_args_is_help=True)


@guard_app.callback()
def _guard() -> None:
    """Judge SQL statements without running them."""


@guard_app.command()
def check(
    source: Annotated[Path, typer.Option("--in", help="Statements, one JSON object a line.")],
    target: Annotated[Path, typer.Option("--out", help="Verdicts, one JSON object a line.")],
    schema: Annotated[Path | None, typer.Option(help="Tables and columns, as JSON.")] = None,
    seconds: Annotated[float, typer.Option(min=0.1, help="Longest time for a statement.")] = 5.0,
) -> None:
    """Writes `{id, verdict, rules, sql}` for each `{id, sql, schema?}`."""
    try:
        default = read_schema(schema.read_text(encoding="utf-8")) if schema else None
        # Surrogates in a statement are for the guard to refuse, not for the reader to fail on.
        with (
            source.open(encoding="utf-8", errors="surrogateescape") as lines,
            target.open("wb") as out,
        ):
            for result in check_batch(lines, default, seconds):
                out.write(orjson.dumps(result) + b"\n")
    except (OSError, OperatorError) as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(code=2) from error
