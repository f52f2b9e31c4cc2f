"""`vtion prompts`: the prompt files, their versions and labels, and what a model was told."""

import asyncio
import difflib
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from domain.errors import NotFoundError, UserError
from prompts.checksums import read_checksums, seal
from prompts.labels import PRODUCTION, move_label, read_labels, roll_back
from prompts.prompt import Prompt
from prompts.registry import FOLDER, PromptRegistry, read_book
from settings.log_format import configure_logging
from settings.settings import Settings

prompts_app = typer.Typer(help="See, compare, change and roll back prompts.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The prompt, such as draft_sql.")]
Version = Annotated[str, typer.Argument(help="A version such as v2, or a label.")]
Label = Annotated[str, typer.Option(help="The label.")]


@prompts_app.command("list")
def list_prompts() -> None:
    """Lists prompts, versions, and what points to them."""
    book, sealed = _registry().book, read_checksums(_registry().folder)
    table = Table("prompt", "version", "labels", "sealed", "why it differs")
    for name, versions in sorted(book.prompts.items()):
        for version, prompt in sorted(versions.items()):
            labels = [k for k, v in book.labels.get(name, {}).items() if v[-1] == version]
            is_sealed = "yes" if f"{name}/{version}" in sealed else ""
            table.add_row(name, version, ", ".join(labels), is_sealed, prompt.header.note)
    Console().print(table)


@prompts_app.command()
def show(name: Name, version: Version = PRODUCTION) -> None:
    """Prints a version as its file has it."""
    sys.stdout.write(_text(_find(name, version)))


@prompts_app.command()
def diff(name: Name, old: Version, new: Version) -> None:
    """Compares two versions."""
    before, after = _find(name, old), _find(name, new)
    lines = difflib.unified_diff(
        _text(before).splitlines(keepends=True),
        _text(after).splitlines(keepends=True),
        f"{name}/{before.version}",
        f"{name}/{after.version}",
    )
    sys.stdout.writelines(lines)


@prompts_app.command()
def render(run: Annotated[str, typer.Option("--run", help="The id of a past run.")]) -> None:
    """Prints exactly what the model saw in a past run, and what it replied."""
    from cli.prompt_trial import recorded_calls

    console = Console(highlight=False, soft_wrap=True)
    for call in asyncio.run(recorded_calls(Settings(), run)):
        console.rule(f"{call.prompt}/{call.prompt_version} to {call.model}: {call.status}")
        console.print(call.rendered, markup=False)
        console.rule("reply", style="dim")
        console.print(call.reply or call.error, markup=False)


@prompts_app.command()
def new(
    name: Name,
    version: Annotated[str, typer.Argument(help="The new version's name, such as v3.")],
    base: Annotated[str, typer.Option("--from", help="What it starts from.")] = PRODUCTION,
) -> None:
    """Starts a new version as a copy, to be edited."""
    source = _find(name, base)
    path = _registry().folder / name / f"{version}.md"
    if path.exists():
        raise UserError(f"{name} has a version {version} already.")
    path.write_text(_text(source), encoding="utf-8")
    Console().print(f"Edit {path}, then: vtion prompts label {name} {version} --label candidate")


@prompts_app.command()
def label(name: Name, version: Version, label: Label = "candidate") -> None:
    """Points a label to a version, which is sealed by it: it cannot be edited from then on."""
    prompt = _find(name, version)
    folder = _registry().folder
    seal(folder, name, prompt.version)
    move_label(folder, name, label, prompt.version)
    Console().print(f"{name}: {label} points to {prompt.version}.")


@prompts_app.command()
def rollback(name: Name, label: Label = PRODUCTION) -> None:
    """Points a label back to the version before."""
    version = roll_back(_registry().folder, name, label)
    Console().print(f"{name}: {label} points to {version} again.")


@prompts_app.command()
def check() -> None:
    """Reads every prompt, and holds labelled ones against their checksums."""
    folder = _registry().folder
    book, sealed = read_book(folder), read_checksums(folder)
    labels = read_labels(folder)
    unsealed = [
        f"{name}/{version}"
        for name, of_prompt in labels.items()
        for history in of_prompt.values()
        for version in history
        if f"{name}/{version}" not in sealed
    ]
    if unsealed:
        raise UserError(f"Labelled without a checksum: {', '.join(sorted(set(unsealed)))}.")
    count = sum(len(versions) for versions in book.prompts.values())
    Console().print(f"{count} versions of {len(book.prompts)} prompts are whole.")


@prompts_app.command("try")
def try_versions(
    question: Annotated[str, typer.Argument(help="The question, in plain words.")],
    prompt: Annotated[str, typer.Option(help="The prompt that is tried.")] = "draft_sql",
    old: Annotated[str, typer.Option(help="Version or label.")] = PRODUCTION,
    new: Annotated[str, typer.Option(help="Version or label.")] = "candidate",
) -> None:
    """Asks one question under two versions, side by side."""
    # Imported here: LangGraph takes a second that the other commands need not wait for.
    from cli.prompt_trial import Trial, try_version

    configure_logging("WARNING")

    async def both() -> list[Trial]:
        versions = [_find(prompt, old).version, _find(prompt, new).version]
        return [await try_version(question, {prompt: version}) for version in versions]

    table = Table("", show_lines=True)
    trials = asyncio.run(both())
    for trial in trials:
        table.add_column(trial.title, overflow="fold")
    for row in ("status", "sql", "answer", "attempts", "tokens", "cost", "seconds"):
        table.add_row(row, *[trial.shown[row] for trial in trials])
    Console().print(table)


def _registry() -> PromptRegistry:
    return PromptRegistry(Settings().prompts or FOLDER)


def _find(name: str, version: str) -> Prompt:
    """Returns the version by its name, or by a label that points to it."""
    book = _registry().book
    labelled = book.labelled(name, version)
    if labelled is not None:
        return labelled
    if name not in book.prompts:
        known = ", ".join(sorted(book.prompts))
        raise NotFoundError(f"There is no prompt {name}; there are: {known}.")
    return book.version(name, version)


def _text(prompt: Prompt) -> str:
    path = _registry().folder / prompt.name / f"{prompt.version}.md"
    return path.read_text(encoding="utf-8")
