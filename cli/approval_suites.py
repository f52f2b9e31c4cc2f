"""Which suites an approval of a verified query has to leave green, and how it asks them."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from context_store.query_review import ApprovalCheck
from demo_data.prepare import DemoName
from domain.dictionary import Dictionary, VerifiedQuery
from settings.settings import Settings

if TYPE_CHECKING:
    from evals.runner import Task
    from evals.suite_file import LoadedSuite

FROM_PRODUCTION = Path("var/evals/production.yaml")
_DUCKDB = "duckdb://"


def suites_check(
    settings: Settings, on_done: Callable[[int], None] = lambda _: None
) -> ApprovalCheck:
    """Returns the check. `on_done` is told how many samples were asked."""

    def check(candidate: Dictionary, _: VerifiedQuery) -> int:
        # Imported here: LangGraph takes a second that other commands need not wait for.
        from evals.approval import hold_suites

        asked = asyncio.run(hold_suites(settings, _tasks(settings), candidate))
        on_done(asked)
        return asked

    return check


def _tasks(settings: Settings) -> "list[Task]":
    """Returns the samples of every suite that ask what these settings serve."""
    from evals.runner import tasks_of
    from evals.suite_file import load_suite, shipped_suites

    names = [*shipped_suites(), *map(str, settings.suites)]
    if FROM_PRODUCTION.is_file():
        names.append(str(FROM_PRODUCTION))
    suites = map(load_suite, dict.fromkeys(names))
    tasks = tasks_of(loaded for loaded in suites if not _has_own_databases(loaded))
    return [task for task in tasks if _is_served(task.source, settings)]


def _has_own_databases(loaded: "LoadedSuite") -> bool:
    return loaded.path.is_dir()


def _is_served(source: str, settings: Settings) -> bool:
    """True for a demo that the settings name, and for every source that is no demo."""
    if source not in get_args(DemoName):
        return True
    served = settings.warehouse.removeprefix(_DUCKDB)
    return Path(served).resolve() == (Path("var/data") / source).resolve()
