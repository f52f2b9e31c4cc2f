"""`vtion evals add` and `audit`: where samples come from, and whether their gold is sound."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli.eval_progress import open_progress
from cli.evals_app import (
    Suites,
    evals_app,
)
from domain.errors import OperatorError

if TYPE_CHECKING:
    from evals.audit.finding import Finding
    from evals.suite_file import LoadedSuite


@evals_app.command()
def add(
    run_id: Annotated[str, typer.Option("--run", help="Id of a run, as on its receipt.")] = "",
    thumbs_down: Annotated[bool, typer.Option(help="Every run that was rated down.")] = False,
    gold: Annotated[str, typer.Option(help="Athena SQL that answers the question rightly.")] = "",
    approve: Annotated[bool, typer.Option(help="The SQL that ran is right.")] = False,
    suite: Annotated[
        Path | None, typer.Option(help="Suite file; else production.yaml in VTION_EVALS.")
    ] = None,
) -> None:
    """Makes runs of production samples, with the context and the model calls they stood on."""
    if bool(run_id) == thumbs_down:
        raise OperatorError("Name a --run, or ask for --thumbs-down.")
    asyncio.run(_add(Console(), run_id, gold, approve, suite))


async def _add(console: Console, run_id: str, gold: str, approve: bool, suite: Path | None) -> None:
    from context_store.store import ContextStore
    from evals.production_suite import ProductionSuite, production_file
    from run_store.run_store import open_run_store
    from settings.settings import Settings

    settings = Settings()
    path = suite or production_file(settings)
    async with open_run_store(settings.state) as store:
        production = ProductionSuite(path, store, ContextStore(settings.context))
        given = [run_id] if run_id else [run.run_id for run in await production.waiting()]
        for each in given:
            sample = await production.take(each, gold, approve)
            console.print(f"added {sample.id} to {path}", highlight=False, soft_wrap=True)
        if not given:
            console.print("No run that was rated down is waiting.")


@evals_app.command()
def audit(
    suites: Suites = None,
    accept: Annotated[
        bool, typer.Option(help="Note the results of today as checked; later changes are stale.")
    ] = False,
) -> None:
    """Looks for gold that is broken, empty, ambiguous, weak, stale or changes from run to run."""
    from evals.audit.finding import SERIOUS
    from evals.suite_file import load_suite, shipped_suites

    console = Console()
    loaded = [load_suite(name) for name in suites or shipped_suites()]
    findings = [finding for each in loaded for finding in _audit_one(console, each, accept)]
    for finding in findings:
        style = "red" if finding.kind in SERIOUS else "yellow"
        console.print(
            f"{finding.kind} {finding.sample}: {finding.detail}", style=style, markup=False
        )
    serious = sum(finding.kind in SERIOUS for finding in findings)
    console.print(f"{len(findings)} findings, {serious} of them serious")
    if serious:
        raise typer.Exit(1)


def _audit_one(console: Console, loaded: "LoadedSuite", accept: bool) -> "list[Finding]":
    from cli.eval_sources import settings_of_sources
    from evals.audit.run_audit import audit_suite
    from evals.runner import tasks_of

    tasks = tasks_of([loaded])
    sources = settings_of_sources([loaded], tasks, lambda _: None)
    with open_progress(console) as progress:
        bar = progress.add_task(f"auditing {loaded.suite.name}", total=len(tasks), failed=0)
        audited = audit_suite(
            loaded, sources, lambda _: progress.update(bar, advance=1), accept=accept
        )
        return asyncio.run(audited)
