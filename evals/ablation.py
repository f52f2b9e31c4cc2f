"""Ablation: which line of the dictionary, or of a prompt, wins or loses which samples."""

import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from context_store.store import ContextStore
from domain.dictionary import Dictionary
from domain.errors import OperatorError
from evals.ablated_prompt import prompt_rules, prompt_sections
from evals.compare import Comparison, compare
from evals.result import SampleResult
from evals.run_folder import RunFolder
from evals.runner import OpenSolver, Task, run_tasks
from prompts.registry import FOLDER, PromptRegistry
from settings.settings import Settings


@dataclass(frozen=True, slots=True)
class Ablation:
    """One line left out, and what became of the samples."""

    line: str
    comparison: Comparison


def dictionary_lines(dictionary: Dictionary) -> Iterator[tuple[str, Dictionary]]:
    """Yields what people wrote into a dictionary, line by line, and the dictionary without it."""
    for list_name in ("metrics", "business_rules", "verified_queries"):
        lines = getattr(dictionary, list_name)
        for place, line in enumerate(lines):
            kept = [each for at, each in enumerate(lines) if at != place]
            label = getattr(line, "name", None) or getattr(line, "question", None) or line
            yield f"{list_name}: {label}", dictionary.model_copy(update={list_name: kept})
    for number, table in enumerate(dictionary.tables):
        if table.synonyms:
            without = table.model_copy(update={"synonyms": []})
            yield f"synonyms of {table.name}", _with_table(dictionary, number, without)
        for place, column in enumerate(table.columns):
            for field in ("synonyms", "value_labels"):
                if getattr(column, field):
                    bare = column.model_copy(update={field: type(getattr(column, field))()})
                    columns = [*table.columns[:place], bare, *table.columns[place + 1 :]]
                    without = table.model_copy(update={"columns": columns})
                    label = f"{field} of {table.name}.{column.name}"
                    yield label, _with_table(dictionary, number, without)


def _with_table(dictionary: Dictionary, number: int, table: object) -> Dictionary:
    tables = [*dictionary.tables[:number], table, *dictionary.tables[number + 1 :]]
    return dictionary.model_copy(update={"tables": tables})


class Ablator:
    """Runs the same tasks without one line after the other."""

    def __init__(
        self,
        tasks: list[Task],
        sources: Mapping[str, Settings],
        open_solver: OpenSolver,
        concurrency: int,
    ) -> None:
        names = {task.source for task in tasks}
        if len(names) != 1:
            raise OperatorError("An ablation needs samples of one source.", "Name one by --source.")
        self._source = names.pop()
        self._tasks = tasks
        self._settings = sources[self._source]
        self._open_solver = open_solver
        self._concurrency = concurrency

    async def dictionary(self, match: str) -> AsyncIterator[Ablation]:
        """Yields the lines of the dictionary whose label holds `match`."""
        store = ContextStore(self._settings.context)
        context = store.current()
        values = store.values(context.dictionary.version)
        before = await self._run(self._settings)
        for line, dictionary in dictionary_lines(context.dictionary):
            if match.lower() not in line.lower():
                continue
            with TemporaryDirectory() as folder:
                ContextStore(Path(folder)).save(dictionary, values)
                changed = self._settings.model_copy(update={"context": Path(folder)})
                yield Ablation(line, compare(before, await self._run(changed)))

    async def prompt(self, name: str, match: str) -> AsyncIterator[Ablation]:
        """Yields the sections and rules of a prompt, which only a model reads."""
        origin = self._settings.prompts or FOLDER
        before = await self._run(self._settings)
        version = origin / name / f"{PromptRegistry(origin).prompt(name).version}.md"
        before_text = version.read_text(encoding="utf-8")
        for line, text in (*prompt_sections(before_text), *prompt_rules(before_text)):
            if match.lower() not in line.lower():
                continue
            with TemporaryDirectory() as folder:
                copy = Path(folder) / "prompts"
                ignored = shutil.ignore_patterns("*.py", "__pycache__", "checksums.txt")
                shutil.copytree(origin, copy, ignore=ignored)
                (copy / name / version.name).write_text(text, encoding="utf-8")
                changed = self._settings.model_copy(update={"prompts": copy})
                yield Ablation(line, compare(before, await self._run(changed)))

    async def _run(self, settings: Settings) -> list[SampleResult]:
        with TemporaryDirectory() as folder:
            run = RunFolder(Path(folder))
            await run_tasks(
                self._tasks,
                run,
                {self._source: settings},
                self._open_solver,
                concurrency=self._concurrency,
                on_result=lambda _: None,
            )
            return list(run.results())
