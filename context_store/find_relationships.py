"""Finds joins by how many of a column's values are found in another table's key."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from context_store.find_keys import may_hold_keys
from context_store.join_names import is_self_reference, name_evidence
from context_store.names import is_code_name, is_identifier_name, words_of
from context_store.profile import ColumnProfile, TableProfile
from context_store.profile_statements import inclusion
from context_store.statement_runner import StatementRunner
from context_store.values import as_integer
from domain.column_type import TypeFamily
from domain.dictionary import Relationship

_CHILD_VALUES = 20_000
"""Distinct values of a child column that are looked up at most."""
_NAMED = 0.65
"""From this name evidence on, some values may be missing from the parent."""
_SAME_NAME = 0.9
"""A table's own key refers to another table only under the same name."""
_SHARE_WHEN_NAMED = 0.5
_SHARE_BY_VALUES = 0.9
_LEAST_TEXT_VALUES = 3
_LEAST_NUMBERS = 8
_SPARSE = 0.2
"""Share of a key's range that is taken: below it, numbers found there are no coincidence."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    child: TableProfile
    child_column: ColumnProfile
    parent: TableProfile
    parent_column: ColumnProfile
    evidence: float


async def find_relationships(
    run: StatementRunner, tables: Sequence[TableProfile]
) -> list[Relationship]:
    """Returns many-to-one joins, at most one parent a child column, in table order."""
    by_child: dict[tuple[str, str], list[_Candidate]] = defaultdict(list)
    for candidate in _candidates(tables):
        by_child[candidate.child.name, candidate.child_column.name].append(candidate)
    found = await asyncio.gather(*(_best(run, some) for some in by_child.values()))
    return _without_circles([join for join in found if join is not None])


async def _best(run: StatementRunner, candidates: Sequence[_Candidate]) -> Relationship | None:
    """Returns the best parent of a child column.

    Those whose names say most are measured first: of fifty keys that end alike, one is looked at.
    """
    best: tuple[tuple[float, ...], Relationship] | None = None
    ordered = sorted(candidates, key=lambda candidate: -candidate.evidence)
    for evidence, level in groupby(ordered, key=lambda candidate: candidate.evidence):
        if best is not None and best[0][0] > evidence + 1:
            break
        some = list(level)
        shares = await asyncio.gather(*(_measure(run, candidate) for candidate in some))
        for candidate, share in zip(some, shares, strict=True):
            rank = _rank(candidate, share)
            if _is_borne_out(candidate, share) and (best is None or rank > best[0]):
                best = rank, _relationship(candidate, share)
    return best[1] if best is not None else None


def _candidates(tables: Sequence[TableProfile]) -> Iterator[_Candidate]:
    for parent in tables:
        for parent_column in _referable_columns(parent):
            for child in tables:
                for child_column in child.columns:
                    candidate = _candidate(child, child_column, parent, parent_column)
                    if candidate is not None:
                        yield candidate


def _referable_columns(table: TableProfile) -> list[ColumnProfile]:
    """Returns the columns that other tables may refer to: the key, and unique codes and names."""
    names = [*table.primary_key] if len(table.primary_key) == 1 else []
    names += [name for name in table.unique_columns if name not in names and _is_alternate(name)]
    columns = [table.column(name) for name in names]
    return [column for column in columns if column.pii is None and column.non_null_count > 1]


def _is_alternate(name: str) -> bool:
    is_name = words_of(name)[-1:] in (("name",), ("title",))
    return is_identifier_name(name) or is_code_name(name) or is_name


def _candidate(
    child: TableProfile,
    child_column: ColumnProfile,
    parent: TableProfile,
    parent_column: ColumnProfile,
) -> _Candidate | None:
    if child_column.pii is not None or child_column.non_null_count == 0:
        return None
    if not _are_compatible(child_column, parent_column):
        return None
    if child.name == parent.name and not is_self_reference(child_column.name, parent_column.name):
        return None
    evidence = name_evidence(child.name, child_column.name, parent.name, parent_column.name)
    if child.primary_key == [child_column.name] and evidence < _SAME_NAME:
        evidence = 0.0
    candidate = _Candidate(child, child_column, parent, parent_column, evidence)
    return candidate if _is_worth_measuring(candidate) else None


def _are_compatible(child: ColumnProfile, parent: ColumnProfile) -> bool:
    if child.family is TypeFamily.TEXT or parent.family is TypeFamily.TEXT:
        return child.family is parent.family
    return may_hold_keys(child) and may_hold_keys(parent)


def _is_worth_measuring(candidate: _Candidate) -> bool:
    child, parent = candidate.child_column, candidate.parent_column
    if candidate.evidence >= _NAMED:
        return _ranges_meet(child, parent)
    if child.distinct_count > parent.distinct_count * 1.1:
        return False
    is_primary = candidate.parent.primary_key == [parent.name]
    if not is_primary or child.name in candidate.child.unique_columns:
        return False
    if child.family is TypeFamily.TEXT:
        return child.distinct_count >= _LEAST_TEXT_VALUES and _may_hold_all(parent, child)
    return child.distinct_count >= _LEAST_NUMBERS and _is_sparse(parent)


def _ranges_meet(child: ColumnProfile, parent: ColumnProfile) -> bool:
    bounds = [child.minimum, child.maximum, parent.minimum, parent.maximum]
    numbers = [float(bound) for bound in bounds if isinstance(bound, int | float)]
    if len(numbers) < len(bounds):
        return True
    child_low, child_high, parent_low, parent_high = numbers
    return child_low <= parent_high and parent_low <= child_high


def _may_hold_all(parent: ColumnProfile, child: ColumnProfile) -> bool:
    """False where known values of the child already show too many that the parent lacks."""
    if not parent.has_all_values or not child.values:
        return True
    known = {entry.value for entry in parent.values}
    found = sum(entry.value in known for entry in child.values)
    return found >= _SHARE_BY_VALUES * 0.8 * len(child.values)


def _is_sparse(column: ColumnProfile) -> bool:
    low, high = column.minimum, column.maximum
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return False
    return column.distinct_count < _SPARSE * (high - low + 1)


async def _measure(run: StatementRunner, candidate: _Candidate) -> float:
    """Returns the share of the child's distinct values that the parent holds."""
    child, parent = candidate.child_column, candidate.parent_column
    sql = inclusion(
        (candidate.child.name, child.name),
        (candidate.parent.name, parent.name),
        as_text=child.family is TypeFamily.TEXT and child.type != parent.type,
        is_unique=_is_surely_unique(candidate.parent, parent),
        limit=_CHILD_VALUES,
    )
    total, found = (as_integer(count) for count in await run.row(sql))
    return found / total if total else 0.0


def _is_surely_unique(table: TableProfile, column: ColumnProfile) -> bool:
    return column.name in table.unique_columns and not table.is_sampled


def _is_borne_out(candidate: _Candidate, share: float) -> bool:
    return share >= (_SHARE_WHEN_NAMED if candidate.evidence >= _NAMED else _SHARE_BY_VALUES)


def _rank(candidate: _Candidate, share: float) -> tuple[float, ...]:
    """Orders parents of one child column: names and values together, then the tighter parent."""
    is_primary = candidate.parent.primary_key == [candidate.parent_column.name]
    tightness = 1 / candidate.parent_column.distinct_count
    return (round(candidate.evidence + share, 2), float(is_primary), tightness)


def _relationship(candidate: _Candidate, share: float) -> Relationship:
    return Relationship(
        child_table=candidate.child.name,
        child_columns=[candidate.child_column.name],
        parent_table=candidate.parent.name,
        parent_columns=[candidate.parent_column.name],
        confidence=round(share, 4),
    )


def _without_circles(joins: Sequence[Relationship]) -> list[Relationship]:
    """Keeps one direction where two keys refer to each other."""
    kept: list[Relationship] = []
    ends: set[tuple[str, str, str, str]] = set()
    for join in sorted(joins, key=lambda join: -join.confidence):
        child = (join.child_table, join.child_columns[0])
        parent = (join.parent_table, join.parent_columns[0])
        if (*parent, *child) not in ends:
            ends.add((*child, *parent))
            kept.append(join)
    return sorted(kept, key=lambda join: (join.child_table, join.child_columns))
