"""A source that is open for evaluation: its context, and a trusted way to its rows."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import context_store
from context_store.build_context import build_context
from context_store.loaded_context import LoadedContext
from context_store.store import ContextStore
from domain.policy import Policy
from evals.trusted_rows import TrustedRows
from graph.service import choose_policy, open_guard
from settings.settings import Settings
from sql_guard.guard import Guard
from warehouse.duckdb_source import fingerprint, open_source

_MAXIMUM_PERSONAL_VALUES = 20_000
_SHORTEST_PERSONAL_VALUE = 6
"""Shorter ones stand in ordinary words."""


class EvalSource:
    """One source, open."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        context: LoadedContext,
        rows: TrustedRows,
        policy: Policy,
        guard: Guard,
    ) -> None:
        self.name = name
        self.settings = settings
        self.context = context
        self.rows = rows
        self.policy = policy
        self.guard = guard
        self._personal: dict[str, frozenset[str]] | None = None
        self._persons: frozenset[str] | None = None

    @property
    def today(self) -> date | None:
        """What `today` means in questions; None: the clock."""
        return self.settings.today

    async def personal_values(self) -> dict[str, frozenset[str]]:
        """Returns the values of every denied column, in lower case, by `table.column`."""
        if self._personal is None:
            self._personal = {
                f"{table}.{column}": await self._values_of(table, column)
                for table, columns in self.policy.denied_columns.items()
                for column in sorted(columns)
            }
        return self._personal

    async def person_ids(self) -> frozenset[str]:
        """Returns the keys of every individual, as text."""
        if self._persons is None:
            sets = [
                await self._values_of(table, column, shortest=1)
                for table, column in self.policy.person_keys.items()
            ]
            self._persons = frozenset().union(*sets)
        return self._persons

    async def _values_of(
        self, table: str, column: str, shortest: int = _SHORTEST_PERSONAL_VALUE
    ) -> frozenset[str]:
        sql = (
            f'SELECT DISTINCT CAST("{column}" AS VARCHAR) FROM "{table}"'
            f' WHERE "{column}" IS NOT NULL LIMIT {_MAXIMUM_PERSONAL_VALUES}'
        )
        found = [str(value).lower() for (value,) in (await self.rows.athena(sql)).rows]
        return frozenset(value for value in found if len(value) >= shortest)


@asynccontextmanager
async def open_eval_source(name: str, settings: Settings) -> AsyncIterator[EvalSource]:
    """Opens what the settings name. The context has to be there."""
    context = ContextStore(settings.context).current()
    policy = choose_policy(settings.policy, context)
    rows = TrustedRows(settings)
    try:
        guard = await open_guard(rows.warehouse, policy, context)
        yield EvalSource(name, settings, context, rows, policy, guard)
    finally:
        await rows.close()


async def ensure_profiled(name: str, settings: Settings, *, rebuild: bool = False) -> None:
    """Profiles data without persons into its context, where data or profiler have changed."""
    store = ContextStore(settings.context)
    built_from = _built_from(settings)
    if not rebuild and store.built_from() == built_from:
        return
    rows = TrustedRows(settings)
    try:
        built = await build_context(rows.warehouse, source_name=name, pii_detection=False)
    finally:
        await rows.close()
    store.save(built.dictionary, built.values)
    store.remember_built_from(built_from)


def _built_from(settings: Settings) -> str:
    """Returns a hash of the data and of the code that reads meaning into it."""
    parts = [fingerprint(open_source(settings.warehouse))]
    folder = Path(next(iter(context_store.__path__)))
    parts += [file.read_text("utf-8") for file in sorted(folder.glob("*.py"))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
