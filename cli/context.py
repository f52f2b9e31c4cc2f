"""`vtion context`: the data dictionary, built, shown."""

import asyncio
import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

import context_store
from cli.context_queries import queries_app
from cli.context_review import (
    approve,
    diff,
    export_lines,
    import_lines,
    lines_table,
    reject,
)
from context_store.business_file import read_business_file
from context_store.model_build import DictionaryModel
from context_store.profile_resume import FolderNotes
from context_store.profile_warehouse import ProfileProgress
from context_store.rebuild import BuildOptions, BuildOutcome, rebuild
from context_store.store import ContextStore
from domain.dictionary import Dictionary, TableEntry
from domain.errors import OperatorError
from graph.brain import EMBEDDED, open_model, open_prompts
from settings.settings import Settings
from warehouse.open_warehouse import data_fingerprint, open_warehouse, source_name

_NOTES = Path("var/profile")
"""What a build has measured so far, for the next one to go on from if it is killed."""
_MEGABYTE, _TERABYTE = 10**6, 10**12

context_app = typer.Typer(help="The data dictionary.", no_args_is_help=True)
for _name, _command in (
    ("diff", diff),
    ("approve", approve),
    ("reject", reject),
    ("import", import_lines),
    ("export", export_lines),
):
    context_app.command(_name)(_command)
context_app.add_typer(queries_app, name="queries")


@context_app.command("build")
def build(
    business: Annotated[
        Path | None, typer.Option(help="What people know: synonyms, units, metrics, examples.")
    ] = None,
    name: Annotated[str, typer.Option(help="What the data source is called.")] = "",
    force: Annotated[bool, typer.Option(help="Build even where nothing has changed.")] = False,
    with_model: Annotated[
        bool, typer.Option(help="Let the model that VTION_LLM names write the descriptions.")
    ] = False,
) -> None:
    """Profiles the configured warehouse and writes the dictionary."""
    settings = Settings()
    before = ContextStore(settings.context).newest_version()
    model = _writing_model(settings) if with_model else None
    is_forced = force or with_model
    dictionary = ensure_context(settings, business, name=name, is_forced=is_forced, model=model)
    Console().print(f"Context {dictionary.version}: {len(dictionary.table_names)} tables.")
    if before not in ("", dictionary.version):
        Console().print(f"See what changed with `vtion context diff {before}`.")


@context_app.command("show")
def show(table: Annotated[str, typer.Argument(help="One table in full.")] = "") -> None:
    """Prints the dictionary in use."""
    dictionary = ContextStore(Settings().context).current().dictionary
    console = Console()
    if not table:
        console.print(dictionary.domain_context, highlight=False)
        console.print(_overview(dictionary))
        return
    entry = dictionary.table(table)
    if entry is None:
        known = ", ".join(dictionary.table_names)
        raise OperatorError(f"There is no table {table}.", f"There are: {known}.")
    console.print(_detail(entry))
    console.print(lines_table(dictionary, entry.name))


def ensure_context(
    settings: Settings,
    business_file: Path | None = None,
    *,
    name: str = "",
    is_forced: bool = False,
    model: DictionaryModel | None = None,
) -> Dictionary:
    """Returns the current dictionary, building it where data, business file or builder changed."""
    store = ContextStore(settings.context)
    built_from = _built_from(settings, business_file)
    if built_from and store.built_from() == built_from and not is_forced:
        return store.current().dictionary
    business = read_business_file(business_file) if business_file is not None else None
    notes = FolderNotes(_NOTES / _builder_hash(settings.warehouse, settings.policy))
    options = BuildOptions(
        source_name=name or source_name(settings.warehouse),
        business=business,
        pii_detection=settings.policy != "open",
        built_on=datetime.now(UTC).date(),
        notes=notes,
        model=model,
    )
    outcome = _rebuild(settings, store, options)
    notes.clear()
    if outcome.bytes_scanned:
        cost = outcome.bytes_scanned / _TERABYTE * settings.scan_usd_per_terabyte
        read = f"{outcome.bytes_scanned / _MEGABYTE:,.1f} MB"
        Console(stderr=True).print(f"The profile scanned {read}, about ${cost:,.4f}.")
    for line in outcome.lost_lines:
        Console(stderr=True).print(f"Lost with its table or column: {line.key}: {line.value}")
    store.remember_built_from(built_from)
    return store.current().dictionary


def _writing_model(settings: Settings) -> DictionaryModel:
    if settings.llm == EMBEDDED:
        raise OperatorError("VTION_LLM names no chat model.", "Set it, or leave --with-model out.")
    return DictionaryModel(open_model(settings, settings.llm), open_prompts(settings))


def _rebuild(settings: Settings, store: ContextStore, options: BuildOptions) -> BuildOutcome:
    warehouse = open_warehouse(settings.warehouse, settings, policy=None)

    async def build_and_close() -> BuildOutcome:
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("Profiling the data", total=None)

            def advance(at: ProfileProgress) -> None:
                description = f"Profiling {at.table}" if at.table else "Measuring joins"
                if at.bytes_scanned:
                    description += f" ({at.bytes_scanned / _MEGABYTE:,.1f} MB scanned)"
                progress.update(
                    task, description=description, completed=at.tables_done, total=at.tables_total
                )

            try:
                return await rebuild(warehouse, store, options, advance)
            finally:
                await warehouse.close()

    return asyncio.run(build_and_close())


def _built_from(settings: Settings, business_file: Path | None) -> str:
    """Returns a hash of all that a dictionary is made from; empty where the data has none."""
    data = data_fingerprint(settings.warehouse)
    if data is None:
        return ""
    business = business_file.read_text("utf-8") if business_file is not None else ""
    return _builder_hash(data, settings.policy, business)


def _builder_hash(*parts: str) -> str:
    """Returns a hash of some texts and of the code that builds a context."""
    builder = Path(next(iter(context_store.__path__)))
    code = [file.read_text("utf-8") for file in sorted(builder.glob("*.py"))]
    return hashlib.sha256("\n".join([*parts, *code]).encode()).hexdigest()


def _overview(dictionary: Dictionary) -> Table:
    table = Table("table", "rows", "columns", "description")
    for entry in dictionary.tables:
        table.add_row(
            entry.name, f"{entry.row_count:,}", str(len(entry.columns)), entry.description
        )
    return table


def _detail(entry: TableEntry) -> Table:
    table = Table("column", "type", "role", "personal", "description", "source", title=entry.name)
    for column in entry.columns:
        table.add_row(
            column.name,
            column.type,
            column.role,
            column.pii or "",
            column.description,
            f"{column.source} {column.confidence:.0%}",
        )
    return table
