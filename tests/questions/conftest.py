"""The samples behind the real service, in process."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import duckdb
import pytest

from cli.demo import DemoData, prepare_demo
from domain.result_table import ResultTable
from graph.question_runner import QuestionRunner
from graph.service import Service, open_service
from settings.settings import Settings
from tests.conftest import REPOSITORY, locked

Opened = AbstractAsyncContextManager[tuple[Service, QuestionRunner]]


@dataclass(frozen=True)
class Sample:
    """One sample: how it is served, and its files as plain views."""

    settings: Settings
    database: duckdb.DuckDBPyConnection

    def open(self, observe_rows: Callable[[ResultTable], None]) -> Opened:
        """Opens the service on it."""
        return open_service(self.settings, observe_rows)


def open_sample(name: DemoData) -> Sample:
    """Makes the sample and its context where they are missing, and opens both."""
    folder = REPOSITORY / "var"
    with locked(folder / f"{name}.lock"):
        settings, _ = prepare_demo(name, folder, lambda _: None)
    data = folder / "data" / name
    database = duckdb.connect()
    for path in sorted(data.iterdir()):
        if not path.name.startswith("."):
            files = f"{path}/**/*.parquet" if path.is_dir() else str(path)
            database.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM '{files}'")
    return Sample(settings.model_copy(update={"state": "sqlite:///:memory:"}), database)


@pytest.fixture(scope="session")
def vtion() -> Sample:
    """The synthetic panel."""
    return open_sample(DemoData.VTION)


@pytest.fixture(scope="session")
def nycflights13() -> Sample:
    """Flights from New York in 2013."""
    return open_sample(DemoData.NYCFLIGHTS13)
