"""`vtion context diff|approve|reject|import|export`: people read and correct the dictionary."""

import getpass
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from context_store.drift import DriftReport
from context_store.exchange import export_yaml
from context_store.lines import Line, LineKey, lines_of, lines_under
from context_store.review import ContextReview, LineFilter, read_export
from context_store.sheet import export_sheet
from context_store.store import ContextStore
from domain.dictionary import Dictionary
from domain.errors import OperatorError, UserError
from settings.settings import Settings

_SHOWN_CHANGES = 200
Reviewer = Annotated[str, typer.Option("--by", help="Who stands for it; default: your login.")]
Targets = Annotated[
    list[str], typer.Argument(help="table, table.column, table.column.field or domain_context.")
]


def diff(
    before: Annotated[str, typer.Argument(help="A version; default: the one before.")] = "",
    after: Annotated[str, typer.Argument(help="A version; default: the one that serves.")] = "",
) -> None:
    """Says what changed in the data, and which reviewed lines and verified queries it touches."""
    print_drift(_review().drift(before, after))


def approve(targets: Targets, by: Reviewer = "") -> None:
    """Puts your name to lines as they stand: no later build overwrites them."""
    keys = _keys(targets)
    version = _review().approve(keys, by or getpass.getuser())
    Console().print(f"Lines approved: {len(keys)}; version {version}.")


def reject(targets: Targets, by: Reviewer = "") -> None:
    """Empties lines that are wrong: no later build fills them again."""
    keys = _keys(targets)
    version = _review().reject(keys, by or getpass.getuser())
    Console().print(f"Lines rejected: {len(keys)}; version {version}.")


def import_lines(
    file: Annotated[Path, typer.Argument(help="An edited export, .yaml or .csv.")],
    by: Reviewer = "",
) -> None:
    """Takes over what differs in an edited export."""
    try:
        text = read_export(file.read_bytes())
    except OSError as error:
        raise OperatorError(f"{file} cannot be read: {error}") from error
    version, taken = _review().import_file(file.name, text, by or getpass.getuser())
    for line in taken:
        Console().print(f"  {line.key}: {line.value}", highlight=False)
    Console().print(f"Lines changed: {len(taken)}; version {version}.")


def export_lines(
    file: Annotated[Path, typer.Argument(help="A .yaml file, or .csv for spreadsheets.")],
) -> None:
    """Writes every line to a file that can be edited and imported."""
    dictionary = ContextStore(Settings().context).current().dictionary
    if file.suffix.lower() == ".csv":
        file.write_text(export_sheet(dictionary), encoding="utf-8-sig", newline="")
    else:
        file.write_text(export_yaml(dictionary), encoding="utf-8")
    Console().print(f"Version {dictionary.version} written to {file}.")


def lines_table(dictionary: Dictionary, table: str) -> Table:
    """Returns the lines of a table with where they come from."""
    shown = Table("line", "says", "source", "reviewer", title=table)
    wanted = LineFilter(table=table)
    for line in (one for one in lines_of(dictionary) if wanted.passes(one)):
        by = line.provenance
        shown.add_row(
            str(line.key).removeprefix(f"{line.key.table}."),
            _words(line),
            f"{by.source} {by.confidence:.0%}",
            f"{by.reviewer} {by.on or ''}".strip(),
        )
    return shown


def print_drift(report: DriftReport) -> None:
    """Prints the changes between two versions."""
    console = Console()
    if not report.changes:
        console.print(f"The data did not change between {report.before} and {report.after}.")
        return
    shown = Table("change", "where", "before", "after", "touches")
    for change in report.changes[:_SHOWN_CHANGES]:
        where = f"{change.table}.{change.column}" if change.column else change.table
        touched = [*change.reviewed_lines, *(f"“{query}”" for query in change.queries)]
        kind = change.kind.replace("_", " ")
        shown.add_row(kind, where, change.before, change.after, ", ".join(touched))
    console.print(shown)
    if len(report.changes) > _SHOWN_CHANGES:
        console.print(f"... and {len(report.changes) - _SHOWN_CHANGES:,} more.")


def _words(line: Line) -> str:
    value = line.value
    if isinstance(value, list):
        return "; ".join(value)
    if isinstance(value, dict):
        return "; ".join(f"{code} = {words}" for code, words in value.items())
    return "" if value is None else str(value)


def _review() -> ContextReview:
    return ContextReview(ContextStore(Settings().context), _today)


def _today() -> date:
    return datetime.now(UTC).date()


def _keys(targets: Sequence[str]) -> list[LineKey]:
    dictionary = ContextStore(Settings().context).current().dictionary
    return list(dict.fromkeys(_all_keys(targets, dictionary)))


def _all_keys(targets: Sequence[str], dictionary: Dictionary) -> Iterable[LineKey]:
    for target in targets:
        keys = lines_under(dictionary, target)
        if not keys:
            raise UserError(f"There is no line {target}.")
        yield from keys
