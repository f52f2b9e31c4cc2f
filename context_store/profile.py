"""What was measured about a warehouse, before any meaning is read into it."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from domain.column_type import TypeFamily, family_of
from domain.dictionary import Cell, PiiKind, Relationship


class ValueCount(BaseModel):
    """One value of a column and the rows that hold it."""

    value: Cell
    count: int


class ColumnProfile(BaseModel):
    """Measurements of one column over the profiled rows."""

    name: str
    type: str
    is_partition: bool = False
    non_null_count: int = 0
    distinct_count: int = 0
    is_distinct_exact: bool = False
    minimum: Cell = None
    """Numbers and dates only, never of a PII column."""
    maximum: Cell = None
    average_length: float | None = None
    """Characters, of text columns."""
    values: list[ValueCount] = Field(default_factory=list)
    """Most frequent first. All of them where `has_all_values`, else at most 50."""
    has_all_values: bool = False
    quantiles: list[float] = Field(default_factory=list)
    """Of quantities: the 5 %, 25 %, 50 %, 75 % and 95 % points."""
    shapes: list[ValueCount] = Field(default_factory=list)
    """Of text: the most frequent forms, `A` a letter and `9` a digit."""
    time_grain: str = ""
    """Of times: the coarsest unit on which every value lies."""
    latest: Cell = None
    """Of times: the latest that was not to come on the day of the profile."""
    pii: PiiKind | None = None

    @property
    def family(self) -> TypeFamily:
        """The kind of values the column holds."""
        return family_of(self.type)


class TableProfile(BaseModel):
    """Measurements of one table."""

    name: str
    format: str = ""
    row_count: int = 0
    profiled_rows: int = 0
    """Rows the measurements rest on; fewer than `row_count` where the table was sampled."""
    columns: list[ColumnProfile] = Field(default_factory=list)
    unique_columns: list[str] = Field(default_factory=list)
    """Columns without nulls whose values were all different, in table order."""
    primary_key: list[str] = Field(default_factory=list)
    is_of_persons: bool = False
    """One row is one individual."""
    person_key: str | None = None

    @property
    def is_sampled(self) -> bool:
        """True where counts other than `row_count` rest on a sample of the rows."""
        return self.profiled_rows < self.row_count

    def column(self, name: str) -> ColumnProfile:
        """Returns the column with this exact name."""
        return next(column for column in self.columns if column.name == name)


class WarehouseProfile(BaseModel):
    """Measurements of every table, and the joins that the values bear out."""

    tables: list[TableProfile] = Field(default_factory=list)
    relationships: list[Relationship] = Field(default_factory=list)
    bytes_scanned: int = 0
    """By every statement of the profile; 0 where the warehouse does not meter."""

    def table(self, name: str) -> TableProfile:
        """Returns the table with this exact name."""
        return next(table for table in self.tables if table.name == name)


def is_unique(table: TableProfile, columns: Sequence[str]) -> bool:
    """True where the columns were measured to identify a row of the table."""
    if list(columns) == table.primary_key:
        return True
    return any(column in table.unique_columns for column in columns)
