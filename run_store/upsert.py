"""INSERT ... ON CONFLICT, which SQLite and Postgres share and SQLAlchemy spells twice."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

Insert: TypeAlias = "postgresql.Insert | sqlite.Insert"


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, object]],
    replace: Collection[str],
) -> None:
    """Inserts rows; where a primary key exists, replaces the named columns (none: leaves it)."""
    statement = _upsert(connection.dialect.name, table, frozenset(replace))
    connection.execute(statement, list(rows))


def add_up(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, object]],
    sums: Collection[str],
) -> None:
    """Inserts rows; where a primary key exists, adds the named columns to it."""
    statement = _add_up(connection.dialect.name, table, frozenset(sums))
    connection.execute(statement, list(rows))


# Kept: to build such a statement costs more than to run it.
@cache
def _upsert(dialect: str, table: Table, replace: frozenset[str]) -> Insert:
    statement = _insert(dialect, table)
    if not replace:
        return statement.on_conflict_do_nothing(index_elements=_keys(table))
    new = {name: statement.excluded[name] for name in replace}
    return statement.on_conflict_do_update(index_elements=_keys(table), set_=new)


@cache
def _add_up(dialect: str, table: Table, sums: frozenset[str]) -> Insert:
    statement = _insert(dialect, table)
    added = {name: table.c[name] + statement.excluded[name] for name in sums}
    return statement.on_conflict_do_update(index_elements=_keys(table), set_=added)


def _insert(dialect: str, table: Table) -> Insert:
    if dialect != "postgresql":
        return sqlite.insert(table)
    # Imported here: most services keep their state in a file.
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


def _keys(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]
