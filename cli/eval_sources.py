"""Where the data of a suite's samples is, and its context."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path

from cli.demo import DemoData, prepare_demo
from evals.question_folder import database_url
from evals.runner import Task
from evals.source import ensure_profiled
from evals.spider_folder import spider_database_url, spider_list
from evals.suite_file import LoadedSuite
from settings.settings import Settings

_FOLDER = Path("var")
_CONTEXTS = _FOLDER / "evals" / "context"
_COPIES = _FOLDER / "evals" / "databases"


def settings_of_sources(
    suites: Iterable[LoadedSuite], tasks: Iterable[Task], on_progress: Callable[[str], None]
) -> dict[str, Settings]:
    """Returns the settings of every source that the tasks ask.

    A sample's source is a demo by name, a database of the suite's folder, or else what the
    environment's settings name. What is missing is made.
    """
    folders = {loaded.suite.name: loaded.database_folder for loaded in suites}
    wanted = {task.source: task.suite for task in tasks}
    return {
        source: _settings(source, folders.get(suite), on_progress)
        for source, suite in wanted.items()
    }


def _settings(source: str, folder: Path | None, on_progress: Callable[[str], None]) -> Settings:
    if folder is not None:
        on_progress(f"Profiling {source}")
        settings = Settings(
            warehouse=_database_url(folder, source),
            context=_CONTEXTS / folder.name / source,
            policy="open",
        )
        asyncio.run(ensure_profiled(source, settings))
        return settings
    if source in list(DemoData):
        return prepare_demo(DemoData(source), _FOLDER, on_progress)[0]
    return Settings()


def _database_url(folder: Path, source: str) -> str:
    if spider_list(folder):
        return spider_database_url(folder, source, _COPIES)
    return database_url(folder, source)
