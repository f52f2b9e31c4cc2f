"""The suite that runs of production go into, and the inbox of those that users rated down."""

import asyncio
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from context_store.store import ContextStore
from domain.errors import ConflictError, NotFoundError
from domain.run_history import DislikedRun
from domain.run_record import RunRecord
from evals.add_sample import add_to_suite, sample_id, sample_of_run
from evals.kept_run import keep_run
from evals.sample import Sample
from evals.suite_file import load_suite
from run_store.feedback import list_disliked
from run_store.run_store import RunStore
from settings.settings import Settings

_MOST_DISLIKED = 1_000


class ProductionSuite:
    """A suite file, with a folder of the same name for what its runs stood on."""

    def __init__(self, path: Path, store: RunStore, contexts: ContextStore) -> None:
        self.path = path
        self._store = store
        self._contexts = contexts

    @property
    def sample_ids(self) -> frozenset[str]:
        """The samples that are in it already."""
        if not self.path.is_file():
            return frozenset()
        return frozenset(sample.id for sample in load_suite(str(self.path)).suite.samples)

    @property
    def dismissed(self) -> frozenset[str]:
        """Runs that are no fault of the answers: nobody makes samples of them."""
        file = self._dismissed_file
        return (
            frozenset(file.read_text(encoding="utf-8").split()) if file.is_file() else frozenset()
        )

    async def waiting(self) -> list[DislikedRun]:
        """Returns the runs that were rated down and still wait for a decision, newest first."""
        held, dismissed = await asyncio.to_thread(lambda: (self.sample_ids, self.dismissed))
        disliked = await self._store.work(list_disliked, _MOST_DISLIKED)
        return [
            run
            for run in disliked
            if sample_id(run.run_id) not in held and run.run_id not in dismissed
        ]

    async def dismiss(self, run_id: str) -> None:
        """Takes a run out of the inbox. Raises NotFoundError for one that does not wait there."""
        if run_id not in {run.run_id for run in await self.waiting()}:
            raise NotFoundError("There is no such run in the inbox.", "no_such_run")
        await asyncio.to_thread(self._note_dismissed, run_id)

    def _note_dismissed(self, run_id: str) -> None:
        with _locked(self.path), self._dismissed_file.open("a", encoding="utf-8") as file:
            file.write(f"{run_id}\n")

    @property
    def _dismissed_file(self) -> Path:
        return self.path.with_suffix(".dismissed")

    async def take(self, run_id: str, gold: str = "", approve: bool = False) -> Sample:
        """Makes a run a sample, and keeps what it stood on.

        Raises NotFoundError for a run that is not there, ConflictError for one that is a sample.
        """
        sample, records = await sample_of_run(self._store, run_id, gold, approve)
        await asyncio.to_thread(self._write, sample, records)
        return sample

    def _write(self, sample: Sample, records: list[RunRecord]) -> None:
        with _locked(self.path):
            if sample.id in self.sample_ids:
                raise ConflictError(f"The run is the sample {sample.id} already.")
            add_to_suite(self.path, sample)
            keep_run(kept_folder(self.path, sample.id), records, self._contexts)


def production_file(settings: Settings) -> Path:
    """Returns where runs of production are collected."""
    return settings.evals / "production.yaml"


def kept_folder(suite: Path, sample: str) -> Path:
    """Returns where the run of a sample is kept."""
    return suite.with_suffix("") / sample


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Several processes may serve, and a suite is read and written whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
