"""`vtion evals ablate`: which line of the dictionary or of a prompt matters to which samples."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli.evals_app import Concurrency, Tags, evals_app

if TYPE_CHECKING:
    from evals.ablation import Ablation, Ablator


@evals_app.command()
def ablate(
    suite: Annotated[str, typer.Argument(help="A suite; its samples of one source.")],
    source: Annotated[str, typer.Option(help="Which source, where the suite asks several.")] = "",
    prompt: Annotated[
        str, typer.Option(help="Leave out rules of this prompt; else lines of the dictionary.")
    ] = "",
    match: Annotated[str, typer.Option(help="Only lines that hold this text.")] = "",
    solver: Annotated[str, typer.Option(help="graph or planner.")] = "planner",
    llm: Annotated[str, typer.Option(help="The model, as VTION_LLM names it.")] = "",
    tags: Tags = None,
    concurrency: Concurrency = 4,
) -> None:
    """Leaves out one line after the other and says which samples are lost or won without it."""
    from cli.eval_sources import settings_of_sources
    from evals.ablation import Ablator
    from evals.runner import tasks_of
    from evals.solvers.open_solver import SolverChoice
    from evals.suite_file import load_suite

    loaded = load_suite(suite)
    tasks = tasks_of([loaded], tags=tuple(tags or ()))
    tasks = [task for task in tasks if source in ("", task.source)]
    settings = settings_of_sources([loaded], tasks, lambda _: None)
    choice = SolverChoice(solver, llm=llm)
    ablator = Ablator(tasks, settings, choice, concurrency)
    asyncio.run(_print(Console(), ablator, prompt, match))


async def _print(console: Console, ablator: "Ablator", prompt: str, match: str) -> None:
    found = ablator.prompt(prompt, match) if prompt else ablator.dictionary(match)
    unproven = []
    async for ablation in found:
        _print_line(console, ablation)
        if not ablation.comparison.lost:
            unproven.append(ablation.line)
    if unproven:
        lines = "; ".join(unproven)
        console.print(f"no sample proves {len(unproven)}: {lines}", markup=False, highlight=False)


def _print_line(console: Console, ablation: "Ablation") -> None:
    comparison = ablation.comparison
    counts = f"{len(comparison.lost)} lost, {len(comparison.won)} won"
    console.print(f"without {ablation.line}: {counts}", markup=False, highlight=False)
    for sign, pairs in (("-", comparison.lost), ("+", comparison.won)):
        for pair in pairs:
            console.print(f"  {sign} {pair.key}", markup=False, highlight=False)
