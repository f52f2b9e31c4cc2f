"""What a warehouse says it holds: tables and columns with Athena types."""

from pydantic import BaseModel, ConfigDict, Field

from domain.column_type import TypeFamily, family_of


class ColumnSchema(BaseModel):
    """One column as the warehouse declares it."""

    model_config = ConfigDict(frozen=True)

    name: str
    type: str
    """Athena type in lower case, such as `bigint`, `varchar`, `timestamp(6)`."""
    is_partition: bool = False

    @property
    def family(self) -> TypeFamily:
        """The kind of values the column holds."""
        return family_of(self.type)


class TableSchema(BaseModel):
    """One table or view as the warehouse declares it."""

    model_config = ConfigDict(frozen=True)

    name: str
    columns: tuple[ColumnSchema, ...]
    format: str = ""
    """`parquet`, `csv`, `json`, or empty where the warehouse does not say."""


class Catalog(BaseModel):
    """Every table that drafted SQL may name. Names are unqualified and matched without case."""

    model_config = ConfigDict(frozen=True)

    catalog: str = "awsdatacatalog"
    database: str = "default"
    tables: tuple[TableSchema, ...] = Field(default_factory=tuple)
