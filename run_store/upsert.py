"""INSERT ... ON CONFLICT, which SQLite and Postgres share and SQLAlchemy spells twice."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, object]], replace: set[str]
) -> None:
    """Inserts rows; where a primary key exists, replaces the named columns (none: leaves it)."""
    keys = [column.name for column in table.primary_key]
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table)
    if replace:
        new = {name: statement.excluded[name] for name in replace}
        statement = statement.on_conflict_do_update(index_elements=keys, set_=new)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    connection.execute(statement, list(rows))


def add_up(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, object]], sums: set[str]
) -> None:
    """Inserts rows; where a primary key exists, adds the named columns to it."""
    keys = [column.name for column in table.primary_key]
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table)
    added = {name: table.c[name] + statement.excluded[name] for name in sums}
    statement = statement.on_conflict_do_update(index_elements=keys, set_=added)
    connection.execute(statement, list(rows))
