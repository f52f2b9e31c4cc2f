"""The data dictionary: what each table and column means, with the source of every line."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias, overload

from pydantic import BaseModel, Field, SerializerFunctionWrapHandler, WrapSerializer

from domain.column_type import TypeFamily, family_of
from domain.metric import Metric
from domain.provenance import LineSource, Sourced

Cell: TypeAlias = str | int | float | bool | None
"""A value that survives JSON. Dates are ISO text."""


class PiiKind(StrEnum):
    """What kind of personal data a column holds."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    IDENTIFIER = "identifier"
    DEVICE = "device"
    IP_ADDRESS = "ip_address"
    FREE_TEXT = "free_text"


class ColumnRole(StrEnum):
    """What a column is for in a question."""

    KEY = "key"
    """Identifies a row or refers to another table; counted, never summed."""
    MEASURE = "measure"
    """A quantity that is summed or averaged."""
    DIMENSION = "dimension"
    """Few values that group rows."""
    TIME = "time"
    """A date or time."""
    LABEL = "label"
    """The name people use for a row of an entity table."""
    TEXT = "text"
    """Anything else."""


class ValueShare(BaseModel):
    """One frequent value of a column."""

    value: Cell
    share: float = Field(ge=0, le=1)
    """Part of all rows, nulls included."""


class ColumnEntry(Sourced):
    """One column: type, statistics and meaning. A PII column carries no values at all."""

    name: str
    type: str
    role: ColumnRole = ColumnRole.TEXT
    description: str = ""
    synonyms: list[str] = Field(default_factory=list)
    unit: str = ""
    """Singular noun or symbol such as `second`, `INR`, `%`; empty where none is known."""
    additive: bool = False
    """True where a sum over rows means something."""
    pii: PiiKind | None = None
    is_partition: bool = False
    null_share: float = 0.0
    distinct_count: int = 0
    minimum: Cell = None
    maximum: Cell = None
    top_values: list[ValueShare] = Field(default_factory=list)
    """At most 50, most frequent first; every value where `distinct_count` is at most 50."""
    value_labels: dict[str, str] = Field(default_factory=dict)
    """Meaning of codes: stored value -> words."""
    quantiles: list[Cell] = Field(default_factory=list)
    """Of numbers and dates: the 5 %, 25 %, 50 %, 75 % and 95 % points, about; or nothing."""
    shapes: list[ValueShare] = Field(default_factory=list)
    """Of text: the most frequent forms of its values, `A` a letter, `9` a digit."""
    time_grain: str = ""
    """Of times: `day`, `hour` and so on where every value lies on one."""

    @property
    def family(self) -> TypeFamily:
        """The kind of values the column holds."""
        return family_of(self.type)


class TableEntry(Sourced):
    """One table: what a row of it is, and its columns."""

    name: str
    description: str = ""
    synonyms: list[str] = Field(default_factory=list)
    row_meaning: str = ""
    """What one row stands for, in the singular, such as `session`."""
    row_count: int = 0
    format: str = ""
    primary_key: list[str] = Field(default_factory=list)
    """Columns whose combination was measured to be unique; empty where none was found."""
    time_column: str | None = None
    """The column that a period such as `last month` refers to."""
    person_key: str | None = None
    """The column that identifies a person; set on tables of, or about, individuals."""
    columns: list[ColumnEntry] = Field(default_factory=list)
    time_grain: str = ""
    """The grain of `time_column`."""
    fresh_until: Cell = None
    """The latest value of `time_column` that was not to come when the dictionary was built."""
    column_families: list[list[str]] = Field(default_factory=list)
    """Columns that are one quantity spread over several, such as `sales_2024`, `sales_2025`."""

    @property
    def is_of_persons(self) -> bool:
        """True where each row is one person."""
        return self.person_key is not None and self.primary_key == [self.person_key]

    @property
    def is_sensitive(self) -> bool:
        """True where a column is PII or rows are about individuals."""
        return self.person_key is not None or any(c.pii is not None for c in self.columns)

    def column(self, name: str) -> ColumnEntry | None:
        """Returns the column with this name, whatever its case, or None."""
        return next((c for c in self.columns if c.name.lower() == name.lower()), None)

    def as_line(self) -> bytes:
        """Returns the table as one line of JSON, as it is stored."""
        return self.model_dump_json(exclude_defaults=True).encode()


class StoredTables(Sequence[TableEntry]):
    """Tables kept as JSON and read when they are asked for: 100,000 columns in tens of megabytes.

    `sensitive` are the positions of tables with a PII column or a person key.
    """

    _KEPT = 512

    def __init__(
        self, names: Sequence[str], lines: Sequence[bytes], sensitive: Sequence[int]
    ) -> None:
        self.names = names
        self.sensitive = sensitive
        self.lines = lines
        self._positions = {name.lower(): position for position, name in enumerate(names)}
        self._kept: OrderedDict[int, TableEntry] = OrderedDict()

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[TableEntry]:
        return (self[position] for position in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    @overload
    def __getitem__(self, index: int) -> TableEntry: ...
    @overload
    def __getitem__(self, index: slice) -> list[TableEntry]: ...
    def __getitem__(self, index: int | slice) -> TableEntry | list[TableEntry]:
        """Returns a table, or a list of them."""
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(len(self)))]
        position = range(len(self))[index]
        kept = self._kept.get(position)
        if kept is None:
            kept = TableEntry.model_validate_json(self.lines[position])
            self._kept[position] = kept
            while len(self._kept) > self._KEPT:
                self._kept.popitem(last=False)
        return kept

    def position(self, name: str) -> int | None:
        """Returns where the table with this name stands, whatever its case, or None."""
        return self._positions.get(name.lower())

    def replaced(self, tables: Iterable[TableEntry]) -> "StoredTables":
        """Returns the tables with some replaced, by name; the others are not even read."""
        lines, sensitive = list(self.lines), set(self.sensitive)
        for table in tables:
            position = self._positions[table.name.lower()]
            lines[position] = table.as_line()
            (sensitive.add if table.is_sensitive else sensitive.discard)(position)
        return StoredTables(self.names, lines, sorted(sensitive))


def _whole(tables: Sequence[TableEntry], serialize: SerializerFunctionWrapHandler) -> object:
    return serialize(list(tables))


class Relationship(BaseModel):
    """A many-to-one join measured by value overlap: child rows refer to one parent row."""

    child_table: str
    child_columns: list[str]
    parent_table: str
    parent_columns: list[str]
    confidence: float = Field(ge=0, le=1)
    """Share of the child's non-null values that are found in the parent."""
    source: LineSource = LineSource.PROFILE


class VerifiedQuery(BaseModel):
    """A question and the SQL that a person approved for it."""

    question: str
    sql: str
    approved_by: str = ""
    approved_on: date | None = None
    proposed_by: str = ""
    """Who or what it was learned from; empty where it was written as verified."""
    proposed_on: date | None = None


class Dictionary(Sourced):
    """Everything known about one data source. Loaded once, replaced whole on change."""

    source_name: str
    version: str = ""
    """Hash of the content; stands in every run record."""
    built_on: date | None = None
    domain_context: str = ""
    """About 500 words of Markdown: what the data is, for what, rules and pitfalls."""
    tables: Annotated[Sequence[TableEntry], WrapSerializer(_whole)] = Field(default_factory=list)
    relationships: list[Relationship] = Field(default_factory=list)
    metrics: list[Metric] = Field(default_factory=list)
    business_rules: list[str] = Field(default_factory=list)
    verified_queries: list[VerifiedQuery] = Field(default_factory=list)
    quarantined_queries: list[VerifiedQuery] = Field(default_factory=list)
    """Learned queries that nobody has approved yet: neither examples nor answers."""
    example_questions: list[str] = Field(default_factory=list)

    @property
    def table_names(self) -> Sequence[str]:
        """Names of all tables, in order; costs nothing however large the dictionary is."""
        if isinstance(self.tables, StoredTables):
            return self.tables.names
        return [table.name for table in self.tables]

    def table(self, name: str) -> TableEntry | None:
        """Returns the table with this name, whatever its case, or None."""
        if isinstance(self.tables, StoredTables):
            position = self.tables.position(name)
            return None if position is None else self.tables[position]
        return next((t for t in self.tables if t.name.lower() == name.lower()), None)

    def tables_named(self, names: Iterable[str]) -> list[TableEntry]:
        """Returns the tables with these names, in the order of the dictionary."""
        wanted = {name.lower() for name in names}
        if isinstance(self.tables, StoredTables):
            found = (self.tables.position(name) for name in wanted)
            return [self.tables[place] for place in sorted(p for p in found if p is not None)]
        return [table for table in self.tables if table.name.lower() in wanted]

    def sensitive_tables(self) -> list[TableEntry]:
        """Returns the tables with a PII column or a person key."""
        if isinstance(self.tables, StoredTables):
            return [self.tables[position] for position in self.tables.sensitive]
        return [table for table in self.tables if table.is_sensitive]
