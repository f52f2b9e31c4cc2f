"""One statement on both engines, and whether they say the same."""

import re
from dataclasses import dataclass

import trino

from bench.trino_answers import Match, compare_rows, same_rows
from domain.errors import VtionError
from tests.trino.trino_rows import TrinoSession
from warehouse.protocol import Warehouse
from warehouse.trusted_sql import TextResult, run_trusted_sql

_ESTIMATES = re.compile(r"\bapprox_(percentile|distinct)\b", re.IGNORECASE)
_ESTIMATE_ERROR = 0.05
"""Trino's sketches are off by some percent; we compute exactly."""


@dataclass(frozen=True)
class Engines:
    """Two sessions over the same files."""

    duckdb: Warehouse
    trino: TrinoSession

    async def difference(self, sql: str) -> str:
        """Returns what differs; empty where both give the same rows, or both refuse."""
        theirs = self._ask_trino(sql)
        ours = await self._ask_duckdb(sql)
        if isinstance(ours, str) and isinstance(theirs, str):
            return ""
        if isinstance(ours, str):
            return f"only we refuse: {ours}"
        if isinstance(theirs, str):
            return f"only Trino refuses: {theirs}"
        if _is_same(ours, theirs) or (_ESTIMATES.search(sql) and _is_near(ours, theirs)):
            return ""
        pairs = zip(ours.rows, theirs.rows, strict=False)
        first = next(((a, b) for a, b in pairs if a != b), None)
        return f"{len(ours.rows)} rows, Trino {len(theirs.rows)}; ours and Trino's first: {first}"

    async def refusals(self, sql: str) -> tuple[bool, bool]:
        """Returns whether Trino refuses the statement, and whether we do."""
        return isinstance(self._ask_trino(sql), str), isinstance(await self._ask_duckdb(sql), str)

    def _ask_trino(self, sql: str) -> TextResult | str:
        try:
            return self.trino.run(sql)
        except trino.exceptions.TrinoUserError as error:
            return str(error.message)

    async def _ask_duckdb(self, sql: str) -> TextResult | str:
        try:
            return await run_trusted_sql(self.duckdb, sql)
        except VtionError as error:
            return str(error)


def _is_same(ours: TextResult, theirs: TextResult) -> bool:
    """Sums of doubles depend on their order, so 1e-9 is as good as equal."""
    match = compare_rows(ours.rows, theirs.rows, ordered=False)
    return match in (Match.EXACT, Match.CLOSE) or same_rows(ours.rows, theirs.rows, ordered=False)


def _is_near(ours: TextResult, theirs: TextResult) -> bool:
    pairs = zip(sorted(ours.rows, key=repr), sorted(theirs.rows, key=repr), strict=True)
    return all(_near(a, b) for left, right in pairs for a, b in zip(left, right, strict=True))


def _near(ours: str | None, theirs: str | None) -> bool:
    if ours == theirs or ours is None or theirs is None:
        return ours == theirs
    try:
        wanted = float(theirs)
        return abs(float(ours) - wanted) <= _ESTIMATE_ERROR * abs(wanted)
    except ValueError:
        return False
