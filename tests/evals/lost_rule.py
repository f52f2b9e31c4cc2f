"""The proof in docs/evals.md: a prompt loses its date rule, and the comparison shows it.

python -m tests.evals.lost_rule
"""

import asyncio
import shutil
import tempfile
from pathlib import Path

import yaml
from rich.console import Console

from cli.context import ensure_context
from evals.begin_run import RunOptions, begin_run
from evals.compare import Comparison, compare
from evals.gates import Gates, broken_gates
from evals.print_comparison import print_comparison
from evals.run_folder import RunFolder
from evals.runner import run_tasks
from evals.solvers.open_solver import SolverChoice
from prompts.registry import FOLDER
from settings.log_format import configure_logging
from settings.settings import Settings
from tests.evals.stand_in_model import DATE_RULE, stand_in_model
from tests.shop import write_shop

_MONTHS = {"January": "2026-01", "February": "2026-02"}
_MEASURES = {
    "How many orders were there": "count(*)",
    "What was the total amount of orders": "sum(amount)",
    "What was the average amount of orders": "avg(amount)",
    "What was the largest amount of orders": "max(amount)",
    "How many customers ordered": "count(DISTINCT customer_id)",
}
GATES = Gates.model_validate({"paired": {"new_failures": 0, "significance": 0.05}})


def write_suite(path: Path) -> None:
    """Writes each measure with and without a month."""
    samples: list[dict[str, object]] = []
    for number, (question, measure) in enumerate(_MEASURES.items()):
        gold = f"SELECT {measure} FROM orders"
        samples.append({"id": f"whole-{number}", "question": f"{question}?", "gold": gold})
        for name, month in _MONTHS.items():
            where = f"WHERE strftime(order_date, '%Y-%m') = '{month}'"
            samples.append(
                {
                    "id": f"{name.lower()}-{number}",
                    "question": f"{question} in {name} 2026?",
                    "gold": f"{gold} {where}",
                    "tags": ["time"],
                }
            )
    suite = {"name": "dates", "source": "shop", "samples": samples}
    path.write_text(yaml.safe_dump(suite, sort_keys=False))


def write_prompts(folder: Path) -> None:
    """Copies the shipped prompts, and adds a version of `draft_sql` without the date rule."""
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    version = folder / "draft_sql" / "lost_rule.md"
    production = sorted((folder / "draft_sql").glob("v*.md"))[-1].read_text()
    if DATE_RULE not in production:
        raise ValueError("the shipped prompt has no such rule any more")
    version.write_text(production.replace(f" {DATE_RULE}", ""))


async def run_suite(
    suite: Path, settings: Settings, out: Path, llm: str, prompt: dict[str, str]
) -> RunFolder:
    """Runs the suite against a model."""
    options = RunOptions([str(suite)], llm=llm, prompt_versions=prompt)
    begun = begin_run(options, out, out.parent)
    await run_tasks(
        begun.tasks,
        begun.folder,
        {"shop": settings},
        SolverChoice("graph", llm=llm, prompt_versions=prompt),
        concurrency=2,
        on_result=lambda _: None,
    )
    return begun.folder


async def prove(folder: Path, settings: Settings) -> tuple[Comparison, Comparison]:
    """Returns with against without the rule, live, and once more from the recording."""
    suite, prompts, cassette = folder / "dates.yaml", folder / "prompts", folder / "calls.jsonl"
    write_suite(suite)
    write_prompts(prompts)
    lost = {"draft_sql": "lost_rule"}
    with stand_in_model() as url:
        live = settings.model_copy(
            update={"llm_base_url": url, "llm_record": cassette, "prompts": prompts}
        )
        before = await run_suite(suite, live, folder / "with-rule", "local:stand-in", {})
        after = await run_suite(suite, live, folder / "without-rule", "local:stand-in", lost)
    llm = f"replay:{cassette}"
    replayed = settings.model_copy(update={"prompts": prompts})
    before_again = await run_suite(suite, replayed, folder / "with-rule-replayed", llm, {})
    after_again = await run_suite(suite, replayed, folder / "without-rule-replayed", llm, lost)
    return (
        compare(list(before.results()), list(after.results())),
        compare(list(before_again.results()), list(after_again.results())),
    )


def main() -> None:
    """Prints the comparison and the gates that it breaks."""
    configure_logging("ERROR")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = write_shop(folder / "data")
        settings = Settings(warehouse=f"duckdb://{data}", context=folder / "context")
        ensure_context(settings)
        comparison, _ = asyncio.run(prove(folder, settings))
        console = Console(width=100)
        print_comparison(console, comparison)
        for reason in broken_gates(GATES, [], comparison):
            console.print(f"gate: {reason}", highlight=False)


if __name__ == "__main__":
    main()
