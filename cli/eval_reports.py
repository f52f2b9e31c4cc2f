"""`vtion evals compare` and `report`: what runs found."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli.eval_progress import open_progress
from cli.evals_app import (
    Gate,
    evals_app,
)
from domain.errors import OperatorError

if TYPE_CHECKING:
    from evals.compare import Comparison
    from evals.result import SampleResult


@evals_app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="Folder of run A.")],
    after: Annotated[Path, typer.Argument(help="Folder of run B.")],
    gate: Gate = None,
) -> None:
    """Shows what flipped between two runs, how sure that is, and what it cost."""
    from evals.compare import compare as compare_runs
    from evals.print_comparison import print_comparison

    left, right = _results(before), _results(after)
    comparison, console = compare_runs(left, right), Console()
    print_comparison(console, comparison)
    hold_gates(console, gate, right, comparison)


def _results(folder: Path) -> "list[SampleResult]":
    """Returns what a run found. Raises OperatorError where there is none: it is no success."""
    from evals.run_folder import RunFolder

    run = RunFolder(folder)
    if not run.exists:
        raise OperatorError(f"{folder} holds no run.")
    return list(run.results())


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


@evals_app.command()
def gates(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    gate: Annotated[Path, typer.Option(help="Gates file.")] = Path("evals/gates.yaml"),
    renew: Annotated[
        bool, typer.Option(help="Take known failures that pass now off the list.")
    ] = False,
) -> None:
    """Holds a run against gates once more, or renews their list of known failures."""
    from evals.gates import load_gates, overcome_failures, renew_gates

    results, console = _results(run), Console()
    if renew:
        overcome = overcome_failures(load_gates(gate), results)
        renew_gates(gate, overcome)
        console.print(f"taken off {gate}: {', '.join(overcome) or 'nothing'}", highlight=False)
    hold_gates(console, gate, results)


@evals_app.command()
def upload(run: Annotated[Path, typer.Argument(help="Folder of a run.")]) -> None:
    """Uploads a run as a LangSmith experiment, its suites as datasets; needs LANGSMITH_API_KEY."""
    from evals.langsmith_upload import open_langsmith, upload_run
    from evals.run_folder import RunFolder

    console, folder, client = Console(), RunFolder(run), open_langsmith()
    with open_progress(console) as progress:
        total = sum(1 for _ in folder.results())
        bar = progress.add_task("uploading", total=total, failed=0)
        names = upload_run(client, folder, lambda _: progress.update(bar, advance=1))
    console.print(f"experiments: {', '.join(names)}", highlight=False)


def hold_gates(
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
    overcome = overcome_failures(gates, results)
    if overcome:
        console.print(
            f"{len(overcome)} known failures pass now (no fault; take them off with"
            f" `vtion evals gates RUN --renew`): {', '.join(overcome)}",
            style="yellow",
            markup=False,
            highlight=False,
        )
    broken = broken_gates(gates, results, comparison)
    for reason in broken:
        console.print(f"gate: {reason}", style="red", markup=False, highlight=False)
    if broken:
        raise typer.Exit(1)
    console.print("every gate holds", style="green")
