"""Joins over several columns: a table that holds all the columns of another table's key."""

import asyncio
from collections.abc import Iterator, Sequence

from context_store.find_keys import may_hold_keys
from context_store.profile import TableProfile
from context_store.profile_statements import inclusion_of_several
from context_store.statement_runner import StatementRunner
from context_store.values import as_integer
from domain.dictionary import Relationship

_CHILD_VALUES = 20_000
_SHARE = 0.9


async def find_composite_relationships(
    run: StatementRunner, tables: Sequence[TableProfile]
) -> list[Relationship]:
    """Returns the joins, in table order, whose combinations of values the parent holds."""
    pairs = list(_candidates(tables))
    shares = await asyncio.gather(*(_measure(run, *pair) for pair in pairs))
    return [
        Relationship(
            child_table=child.name,
            child_columns=_columns_in(child, parent.primary_key),
            parent_table=parent.name,
            parent_columns=parent.primary_key,
            confidence=round(share, 4),
        )
        for (child, parent), share in zip(pairs, shares, strict=True)
        if share >= _SHARE
    ]


def _candidates(tables: Sequence[TableProfile]) -> Iterator[tuple[TableProfile, TableProfile]]:
    for parent in tables:
        if len(parent.primary_key) < 2 or not _is_telling(parent):
            continue
        for child in tables:
            columns = _columns_in(child, parent.primary_key)
            is_whole = child.name != parent.name and len(columns) == len(parent.primary_key)
            if is_whole and _fits(child, columns, parent):
                yield child, parent


def _is_telling(parent: TableProfile) -> bool:
    """False where a column of the key is personal: its values are not looked at."""
    return all(parent.column(name).pii is None for name in parent.primary_key)


def _columns_in(child: TableProfile, names: Sequence[str]) -> list[str]:
    known = {column.name.lower(): column.name for column in child.columns}
    return [known[name.lower()] for name in names if name.lower() in known]


def _fits(child: TableProfile, columns: Sequence[str], parent: TableProfile) -> bool:
    """True where types agree, and the child is no one-to-one copy by a smaller key."""
    if child.row_count < 1 or set(child.primary_key) < set(columns):
        return False
    return all(
        child.column(one).family is parent.column(other).family
        and child.column(one).pii is None
        and (may_hold_keys(child.column(one)) or child.column(one).family.is_temporal)
        for one, other in zip(columns, parent.primary_key, strict=True)
    )


async def _measure(run: StatementRunner, child: TableProfile, parent: TableProfile) -> float:
    """Returns the share of the child's distinct combinations that the parent holds."""
    columns = _columns_in(child, parent.primary_key)
    sql = inclusion_of_several(
        (child.name, columns), (parent.name, parent.primary_key), _CHILD_VALUES
    )
    total, found = (as_integer(count) for count in await run.row(sql))
    return found / total if total else 0.0
