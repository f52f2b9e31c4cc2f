"""The tables and columns a statement may name, prepared once for many statements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from domain.catalog import Catalog, TableSchema
from domain.policy import Policy, RowPolicy
from sql_guard.column_schema import ColumnSchema
from sql_guard.rules import ListingRules

TableId: TypeAlias = tuple[str, str]
"""Database and table, in lower case."""


@dataclass(frozen=True, slots=True)
class AllowedTable:
    """One table and what the policy says of it. All names are in lower case."""

    id: TableId
    columns: Mapping[str, str]
    partition_columns: frozenset[str] = frozenset()
    denied_columns: frozenset[str] = frozenset()
    person_key: str | None = None
    is_about_individuals: bool = False
    row_policies: tuple[RowPolicy, ...] = ()

    @property
    def visible_columns(self) -> list[str]:
        """Columns that may be suggested."""
        return [name for name in self.columns if name not in self.denied_columns]


@dataclass(frozen=True, slots=True)
class AllowedSchema:
    """Every allowed table, by database and name."""

    catalog: str
    database: str
    tables: Mapping[TableId, AllowedTable]
    columns: ColumnSchema
    databases: frozenset[str] = field(default_factory=frozenset)

    def table(self, database: str, name: str) -> AllowedTable | None:
        """Returns the table, or None. An empty database stands for the default one."""
        return self.tables.get((database.lower() or self.database, name.lower()))


def table_id(name: str, default_database: str) -> TableId:
    """Reads `table`, `database.table` or `catalog.database.table`."""
    *_, database, table = ("", *name.lower().split("."))
    return database or default_database, table


def prepare_schema(catalog: Catalog, policy: Policy, listings: ListingRules) -> AllowedSchema:
    """Joins catalog and policy. A table's name may carry its database: `sales.orders`."""
    database = catalog.database.lower()
    subjects = _PolicySubjects(policy, database, listings)
    tables = {table.id: table for table in (subjects.describe(schema) for schema in catalog.tables)}
    return AllowedSchema(
        catalog=catalog.catalog.lower(),
        database=database,
        tables=tables,
        columns=ColumnSchema({table.id: list(table.columns) for table in tables.values()}),
        databases=frozenset(name for name, _ in tables),
    )


class _PolicySubjects:
    """The policy with every table name resolved."""

    def __init__(self, policy: Policy, database: str, listings: ListingRules) -> None:
        self._database = database
        self._listings = listings
        self._denied = {
            self._id(table): frozenset(column.lower() for column in columns)
            for table, columns in policy.denied_columns.items()
        }
        self._keys = {self._id(table): key.lower() for table, key in policy.person_keys.items()}
        self._individuals = {self._id(table) for table in policy.person_tables}
        self._row_policies = policy.row_policies

    def _id(self, name: str) -> TableId:
        return table_id(name, self._database)

    def describe(self, schema: TableSchema) -> AllowedTable:
        identity = self._id(schema.name)
        denied = self._denied.get(identity, frozenset())
        return AllowedTable(
            id=identity,
            columns={column.name.lower(): column.type for column in schema.columns},
            partition_columns=frozenset(c.name.lower() for c in schema.columns if c.is_partition),
            denied_columns=denied,
            person_key=self._keys.get(identity),
            is_about_individuals=identity in self._individuals
            or identity in self._keys
            or bool(denied and self._listings.denied_columns_mean_individuals),
            row_policies=tuple(p for p in self._row_policies if self._id(p.table) == identity),
        )
