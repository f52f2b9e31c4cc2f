"""The schema of `vtion guard check`: tables, columns and what is denied, in one JSON object."""

from pydantic import BaseModel, ConfigDict, Field

from domain.catalog import Catalog, ColumnSchema, TableSchema
from domain.policy import Policy, RowPolicy


class BatchTable(BaseModel):
    """One table: column -> Athena type or `unknown`, and what may not be read of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: dict[str, str]
    denied_columns: tuple[str, ...] = ()
    person_key: str | None = None
    partition_columns: tuple[str, ...] = ()


class BatchSchema(BaseModel):
    """Everything a statement of the batch may name, and the policy it is judged by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    default_catalog: str = "awsdatacatalog"
    default_schema: str = "default"
    tables: dict[str, BatchTable]
    """`table` or `schema.table` -> its columns."""
    row_policies: tuple[RowPolicy, ...] = ()
    attributes: dict[str, str] = Field(default_factory=dict)
    """The caller's attributes, which row policies compare columns to."""
    min_group_size: int = Field(default=0, ge=0)
    row_cap: int = Field(default=Policy().row_cap, ge=1)
    allow_count_distinct_of_denied: bool = True

    def catalog(self) -> Catalog:
        """Returns the tables as a warehouse would."""
        return Catalog(
            catalog=self.default_catalog,
            database=self.default_schema,
            tables=tuple(_table(name, table) for name, table in self.tables.items()),
        )

    def policy(self) -> Policy:
        """Returns what the schema denies."""
        return Policy(
            denied_columns={
                name: frozenset(table.denied_columns)
                for name, table in self.tables.items()
                if table.denied_columns
            },
            person_keys={
                name: table.person_key for name, table in self.tables.items() if table.person_key
            },
            row_policies=self.row_policies,
            allow_count_distinct_of_denied=self.allow_count_distinct_of_denied,
            min_group_size=self.min_group_size,
            row_cap=self.row_cap,
        )


def _table(name: str, table: BatchTable) -> TableSchema:
    partitions = {column.lower() for column in table.partition_columns}
    return TableSchema(
        name=name,
        columns=tuple(
            ColumnSchema(name=column, type=type_, is_partition=column.lower() in partitions)
            for column, type_ in table.columns.items()
        ),
    )
