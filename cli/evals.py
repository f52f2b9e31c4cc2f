"""`vtion evals`: suites of questions, run, compared and kept."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from domain.errors import OperatorError
from settings.log_format import configure_logging

if TYPE_CHECKING:
    from evals.audit.finding import Finding
    from evals.begin_run import BegunRun
    from evals.compare import Comparison
    from evals.result import SampleResult
    from evals.suite_file import LoadedSuite

evals_app = typer.Typer(help="Run, compare and keep suites of questions.", no_args_is_help=True)

_RUNS = Path("var/evals/runs")

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


@evals_app.command()
def run(
    suites: Suites = None,
    solver: Annotated[str, typer.Option(help="graph, planner or http.")] = "graph",
    llm: Annotated[str, typer.Option(help="The model, as VTION_LLM names it.")] = "",
    url: Annotated[str, typer.Option(help="The server that http asks.")] = "",
    prompts: Prompts = None,
    tags: Tags = None,
    repeats: Repeats = 1,
    concurrency: Concurrency = 4,
    out: Out = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with the run of this folder.")] = None,
    gate: Gate = None,
) -> None:
    """Asks every sample and scores the answers."""
    # Imported here: LangGraph takes a second that the other commands need not wait for.
    from evals.begin_run import RunOptions, begin_run, resume_run

    if resume is not None:
        _finish(resume_run(resume), concurrency, gate)
        return
    options = RunOptions(
        suites=suites or (),
        solver=solver,
        llm=llm,
        url=url,
        prompt_versions=_pairs(prompts or []),
        tags=tuple(tags or ()),
        repeats=repeats,
    )
    _finish(begin_run(options, out, _RUNS), concurrency, gate)


@evals_app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="Folder of run A.")],
    after: Annotated[Path, typer.Argument(help="Folder of run B.")],
    gate: Gate = None,
) -> None:
    """Shows what flipped between two runs, how sure that is, and what it cost."""
    from evals.compare import compare as compare_runs
    from evals.print_comparison import print_comparison
    from evals.run_folder import RunFolder

    left, right = list(RunFolder(before).results()), list(RunFolder(after).results())
    comparison, console = compare_runs(left, right), Console()
    print_comparison(console, comparison)
    _hold_gates(console, gate, right, comparison)


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


@evals_app.command()
def report(
    runs: Annotated[list[Path], typer.Argument(help="Folders of runs: one a column.")],
    out: Annotated[Path | None, typer.Option(help="The page; else in the last run.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write the last run as JUnit XML.")] = None,
    title: Annotated[str, typer.Option(help="What stands at the top.")] = "Evaluation",
) -> None:
    """Writes one static page: samples by runs, each cell opens to what was asked and found."""
    from evals.report.build_report import build_report
    from evals.report.junit import junit_xml
    from evals.run_folder import RunFolder

    loaded = [(RunFolder(run).manifest(), list(RunFolder(run).results())) for run in runs]
    page = out or runs[-1] / "report.html"
    page.write_text(build_report(loaded, title), encoding="utf-8")
    if junit is not None:
        junit.write_text(junit_xml(loaded[-1][1]), encoding="utf-8")
    Console().print(f"report: {page}", highlight=False, soft_wrap=True)


def _audit_one(console: Console, loaded: "LoadedSuite", accept: bool) -> "list[Finding]":
    from cli.eval_sources import settings_of_sources
    from evals.audit.run_audit import audit_suite
    from evals.runner import tasks_of

    tasks = tasks_of([loaded])
    sources = settings_of_sources([loaded], tasks, lambda _: None)
    with _progress(console) as progress:
        bar = progress.add_task(f"auditing {loaded.suite.name}", total=len(tasks), failed=0)
        audited = audit_suite(
            loaded, sources, lambda _: progress.update(bar, advance=1), accept=accept
        )
        return asyncio.run(audited)


def _hold_gates(
    console: Console,
    gate: Path | None,
    results: "list[SampleResult]",
    comparison: "Comparison | None" = None,
) -> None:
    """Prints the gates that do not hold, and then ends with 1."""
    from evals.gates import broken_gates, load_gates, overcome_failures

    if gate is None:
        return
    gates = load_gates(gate)
    for key in overcome_failures(gates, results):
        console.print(f"passes now, may leave known_failures: {key}", highlight=False)
    broken = broken_gates(gates, results, comparison)
    for reason in broken:
        console.print(f"gate: {reason}", style="red", markup=False, highlight=False)
    if broken:
        raise typer.Exit(1)
    console.print("every gate holds", style="green")


def _finish(begun: "BegunRun", concurrency: int, gate: Path | None) -> None:
    """Asks what is left, with a progress bar, and prints the summary."""
    from cli.eval_sources import settings_of_sources
    from evals.runner import run_tasks
    from evals.solvers.open_solver import SolverChoice
    from evals.terminal import print_summary

    console, manifest = Console(), begun.manifest
    sources = settings_of_sources(begun.suites, begun.tasks, lambda message: None)
    chosen = SolverChoice(manifest.solver, manifest.llm, manifest.url, manifest.prompt_versions)
    with _progress(console) as progress:
        bar = progress.add_task(
            manifest.name, total=len(begun.tasks) + begun.done, completed=begun.done, failed=0
        )
        failed = 0

        def advance(result: "SampleResult") -> None:
            nonlocal failed
            failed += not result.passed
            progress.update(bar, advance=1, failed=failed)

        asyncio.run(
            run_tasks(
                begun.tasks,
                begun.folder,
                sources,
                chosen,
                concurrency=concurrency,
                on_result=advance,
            )
        )
    results = list(begun.folder.results())
    print_summary(console, results)
    console.print(f"results: {begun.folder.folder}", highlight=False, soft_wrap=True)
    _hold_gates(console, gate, results)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[failed]} failed"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=not console.is_terminal,
    )


def _pairs(texts: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    if any(not (name and version) for name, _, version in pairs):
        raise OperatorError("A prompt's version is given as name=version.")
    return {name: version for name, _, version in pairs}
