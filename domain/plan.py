"""The typed plan between a question and its SQL: what is measured, by what, of which rows."""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.dictionary import Cell


class TimeGrain(StrEnum):
    """Calendar units that a time column is grouped by, finest first."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class CalendarPart(StrEnum):
    """Recurring parts of a calendar that a time column is grouped by."""

    HOUR_OF_DAY = "hour_of_day"
    DAY_OF_WEEK = "day_of_week"
    MONTH_OF_YEAR = "month_of_year"


class MeasureFunction(StrEnum):
    """How rows become one number."""

    COUNT = "count"
    COUNT_DISTINCT = "count_distinct"
    SUM = "sum"
    AVERAGE = "average"
    MEDIAN = "median"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    METRIC = "metric"
    """A metric of the dictionary, by name."""


class ColumnReference(BaseModel):
    """A column of the dictionary."""

    model_config = ConfigDict(frozen=True)

    table: str
    column: str


class Measure(BaseModel):
    """One number of the answer. `column` is None for COUNT and METRIC."""

    model_config = ConfigDict(frozen=True)

    function: MeasureFunction
    column: ColumnReference | None = None
    metric: str | None = None
    is_share: bool = False
    """Shown as a share of the total over all groups."""
    label: str


class Dimension(BaseModel):
    """What the answer is split by."""

    model_config = ConfigDict(frozen=True)

    column: ColumnReference
    grain: TimeGrain | None = None
    part: CalendarPart | None = None
    label: str


class Operator(StrEnum):
    """Comparisons of a filter."""

    EQUAL = "="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    IN = "in"
    NOT_IN = "not in"
    BETWEEN = "between"
    CONTAINS = "contains"
    IS_NULL = "is null"
    IS_NOT_NULL = "is not null"


class Filter(BaseModel):
    """Keeps rows whose column compares as said."""

    model_config = ConfigDict(frozen=True)

    column: ColumnReference
    operator: Operator
    values: tuple[Cell, ...] = ()


class Period(BaseModel):
    """Keeps rows from `start` up to, not including, `end`."""

    model_config = ConfigDict(frozen=True)

    column: ColumnReference
    start: date | None
    end: date | None
    label: str
    """In the asker's words, such as `last month`."""


class Having(BaseModel):
    """Keeps groups whose measure compares as said."""

    model_config = ConfigDict(frozen=True)

    measure_index: int
    operator: Operator
    values: tuple[Cell, ...]


class Order(BaseModel):
    """Sorts by a measure, or by a dimension or selected column."""

    model_config = ConfigDict(frozen=True)

    by: Literal["measure", "dimension", "column"]
    index: int = 0
    descending: bool = False


class Plan(BaseModel):
    """A question as data. With no measure, `columns` are listed."""

    model_config = ConfigDict(frozen=True)

    table: str
    """The table whose rows are measured or listed."""
    measures: tuple[Measure, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    columns: tuple[ColumnReference, ...] = ()
    distinct: bool = False
    filters: tuple[Filter, ...] = ()
    period: Period | None = None
    having: tuple[Having, ...] = ()
    order: tuple[Order, ...] = Field(default_factory=tuple)
    limit: int | None = None
