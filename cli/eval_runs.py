"""`vtion evals run` and `replay`: suites, asked and scored."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli.eval_progress import open_progress
from cli.eval_reports import hold_gates
from cli.evals_app import (
    Concurrency,
    Gate,
    Out,
    Prompts,
    Repeats,
    Suites,
    Tags,
    evals_app,
    pairs,
    runs_folder,
)
from domain.errors import OperatorError

if TYPE_CHECKING:
    from evals.begin_run import BegunRun
    from evals.result import SampleResult
    from evals.runner import OpenSolver, Task
    from evals.scorers.judge import Judge
    from settings.settings import Settings


@evals_app.command()
def run(
    suites: Suites = None,
    solver: Annotated[str, typer.Option(help="graph, planner or http.")] = "graph",
    llm: Annotated[str, typer.Option(help="The model, as VTION_LLM names it.")] = "",
    url: Annotated[str, typer.Option(help="The server that http asks.")] = "",
    key: Annotated[
        str, typer.Option(envvar="VTION_SERVER_KEY", help="What http signs in with.")
    ] = "",
    prompts: Prompts = None,
    tags: Tags = None,
    repeats: Repeats = 1,
    concurrency: Concurrency = 4,
    out: Out = None,
    judge: Annotated[str, typer.Option(help="A model that judges the prose.")] = "",
    resume: Annotated[Path | None, typer.Option(help="Go on with the run of this folder.")] = None,
    gate: Gate = None,
) -> None:
    """Asks every sample and scores the answers."""
    # Imported here: LangGraph takes a second that the other commands need not wait for.
    from evals.begin_run import RunOptions, begin_run, resume_run

    if resume is not None:
        _finish(resume_run(resume), concurrency, gate, key)
        return
    options = RunOptions(
        suites=suites or (),
        solver=solver,
        llm=llm,
        url=url,
        prompt_versions=pairs(prompts or []),
        tags=tuple(tags or ()),
        repeats=repeats,
        judge=judge,
    )
    _finish(begin_run(options, out, runs_folder()), concurrency, gate, key)


@evals_app.command()
def replay(
    recorded: Annotated[
        Path, typer.Argument(help="Recorded model calls, or a suite that runs were taken into.")
    ],
    suites: Suites = None,
    prompts: Prompts = None,
    tags: Tags = None,
    concurrency: Concurrency = 4,
    out: Out = None,
    gate: Gate = None,
) -> None:
    """Asks every sample with recorded model calls: no key, the same each time."""
    from evals.begin_run import RunOptions, begin_run
    from evals.solvers.kept import KEPT

    if not recorded.is_file():
        raise OperatorError(f"There is no cassette {recorded}.", "Record one: VTION_LLM_RECORD.")
    chosen = tuple(tags or ())
    if recorded.suffix == ".yaml":
        options = RunOptions(suites=(str(recorded),), solver=KEPT, tags=chosen)
    else:
        versions, llm = pairs(prompts or []), f"replay:{recorded}"
        options = RunOptions(suites or (), llm=llm, prompt_versions=versions, tags=chosen)
    _finish(begin_run(options, out, runs_folder()), concurrency, gate)


def open_judge(model: str) -> "Judge | None":
    """Returns the judge that a model's name selects; None for no name."""
    if not model:
        return None
    from evals.scorers.judge import Judge
    from graph.brain import open_model, open_prompts
    from settings.settings import Settings

    settings = Settings()
    return Judge(open_model(settings, model), open_prompts(settings))


def _finish(begun: "BegunRun", concurrency: int, gate: Path | None, key: str = "") -> None:
    """Asks what is left, with a progress bar, and prints the summary."""
    from evals.runner import run_tasks
    from evals.terminal import print_judge, print_summary

    console, manifest = Console(), begun.manifest
    tasks, sources, open_solver = _opened(begun, key)
    judge = open_judge(manifest.judge)
    with open_progress(console) as progress:
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
                tasks,
                begun.folder,
                sources,
                open_solver,
                concurrency=concurrency,
                on_result=advance,
                judge=judge,
            )
        )
    results = list(begun.folder.results())
    print_summary(console, results)
    if judge is not None:
        print_judge(console, judge.name, judge.calls)
    console.print(f"results: {begun.folder.folder}", highlight=False, soft_wrap=True)
    hold_gates(console, gate, results)


def _opened(begun: "BegunRun", key: str) -> "tuple[list[Task], dict[str, Settings], OpenSolver]":
    """Returns what to ask, where its data is, and how it is asked."""
    from cli.eval_sources import settings_of_sources
    from evals.solvers.kept import KEPT, kept_runs
    from evals.solvers.open_solver import SolverChoice
    from settings.settings import Settings

    manifest = begun.manifest
    if manifest.solver == KEPT:
        kept, tasks = kept_runs(begun.suites[0], begun.tasks)
        return tasks, kept.settings(Settings()), kept
    sources = settings_of_sources(begun.suites, begun.tasks, lambda message: None)
    chosen = SolverChoice(
        manifest.solver, manifest.llm, manifest.url, manifest.prompt_versions, key
    )
    return begun.tasks, sources, chosen
