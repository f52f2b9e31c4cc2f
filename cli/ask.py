"""`vtion ask`: one question in the terminal, or a file of questions for a harness."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from cli.json_lines import open_output, read_items
from domain.errors import OperatorError
from settings.log_format import configure_logging


def ask(
    question: Annotated[str, typer.Argument(help="The question, in plain words.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    sql_only: Annotated[bool, typer.Option(help="Print the SQL alone.")] = False,
    questions: Annotated[
        Path | None, typer.Option(help="JSON Lines of {id, question, thread_id?}.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where the batch's answers go.")] = None,
    rows: Annotated[
        bool, typer.Option(help="Batch: with at most 50 result rows, for evaluators.")
    ] = False,
) -> None:
    """Asks the data a question."""
    # Imported here: LangGraph takes a second that the other commands need not wait for.
    from cli.answering import BatchLine, ask_batch, ask_one

    configure_logging("WARNING")
    if questions is not None:
        items = read_items(questions, BatchLine)
        with open_output(out) as stream:
            asyncio.run(ask_batch(items, stream, is_with_rows=rows))
    elif question.strip():
        is_whole = asyncio.run(ask_one(question, as_json=as_json, sql_only=sql_only))
        raise typer.Exit(0 if is_whole else 1)
    else:
        raise OperatorError("Nothing was asked.", 'Use: vtion ask "How many ...?"')
