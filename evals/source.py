"""A source that is open for evaluation: its context, and a trusted way to its rows."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import context_store
from context_store.build_context import build_context
from context_store.loaded_context import LoadedContext
from context_store.store import ContextStore
from evals.trusted_rows import TrustedRows
from settings.settings import Settings
from warehouse.duckdb_source import fingerprint, open_source

_STAMP = ".built-from"


@dataclass(frozen=True, slots=True)
class EvalSource:
    """One source, open."""

    name: str
    settings: Settings
    context: LoadedContext
    rows: TrustedRows

    @property
    def today(self) -> date | None:
        """What `today` means where a sample does not say; None: the clock."""
        return self.settings.today


@asynccontextmanager
async def open_eval_source(name: str, settings: Settings) -> AsyncIterator[EvalSource]:
    """Opens what the settings name. The context has to be there."""
    context = ContextStore(settings.context).current()
    rows = TrustedRows(settings)
    try:
        yield EvalSource(name, settings, context, rows)
    finally:
        await rows.close()


async def ensure_profiled(name: str, settings: Settings, *, rebuild: bool = False) -> None:
    """Profiles data without persons into its context, where data or profiler have changed."""
    stamp = settings.context / _STAMP
    built_from = _built_from(settings)
    if not rebuild and stamp.is_file() and stamp.read_text("utf-8") == built_from:
        return
    rows = TrustedRows(settings)
    try:
        built = await build_context(rows.warehouse, source_name=name, pii_detection=False)
    finally:
        await rows.close()
    ContextStore(settings.context).save(built.dictionary, built.values)
    stamp.write_text(built_from, "utf-8")


def _built_from(settings: Settings) -> str:
    """Returns a hash of the data and of the code that reads meaning into it."""
    parts = [fingerprint(open_source(settings.warehouse))]
    folder = Path(next(iter(context_store.__path__)))
    parts += [file.read_text("utf-8") for file in sorted(folder.glob("*.py"))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
