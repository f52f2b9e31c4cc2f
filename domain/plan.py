"""The typed plan between a question and its SQL: what is measured, by what, of which rows."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

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
    """Recurring parts of a calendar that a time column is grouped or filtered by."""

    HOUR_OF_DAY = "hour_of_day"
    DAY_OF_WEEK = "day_of_week"
    """Monday is 1, Sunday is 7."""
    MONTH_OF_YEAR = "month_of_year"
    YEAR = "year"


class MeasureFunction(StrEnum):
    """How rows become one number."""

    COUNT = "count"
    COUNT_DISTINCT = "count_distinct"
    SUM = "sum"
    AVERAGE = "average"
    MEDIAN = "median"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    RATIO = "ratio"
    """One measure divided by another: `numerator` and `denominator`."""
    DIFFERENCE = "difference"
    """How far `numerator` lies above `denominator`, in their own unit."""
    CHANGE = "change"
    """How far `numerator` lies above `denominator`, as a part of the latter: 0.1 is +10 %."""
    METRIC = "metric"
    """A metric of the dictionary, by name."""


class ColumnReference(BaseModel):
    """A column of the dictionary."""

    model_config = ConfigDict(frozen=True)

    table: str
    column: str


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
    NOT_BETWEEN = "not between"
    CONTAINS = "contains"
    NOT_CONTAINS = "not contains"
    STARTS_WITH = "starts with"
    ENDS_WITH = "ends with"
    IS_NULL = "is null"
    IS_NOT_NULL = "is not null"


class Benchmark(BaseModel):
    """One number, computed from data, that a column is compared with: `above the average`."""

    model_config = ConfigDict(frozen=True)

    function: MeasureFunction
    column: ColumnReference
    conditions: tuple["Condition", ...] = ()


class Filter(BaseModel):
    """Keeps rows whose column compares as said, with values, a benchmark or a second column."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["filter"] = "filter"
    column: ColumnReference
    operator: Operator
    values: tuple[Cell, ...] = ()
    part: CalendarPart | None = None
    """Compares this part of a time column, such as its weekday."""
    benchmark: Benchmark | None = None
    other: ColumnReference | None = None


class AnyOf(BaseModel):
    """Keeps rows that pass at least one of the conditions."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["any_of"] = "any_of"
    conditions: tuple["Condition", ...] = Field(min_length=2)


class AllOf(BaseModel):
    """Keeps rows that pass every one of the conditions."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["all_of"] = "all_of"
    conditions: tuple["Condition", ...] = Field(min_length=2)


class Membership(BaseModel):
    """Keeps rows of the plan's table that have (or never have) rows in another table.

    `columns` are compared with `other_columns` of `table`; `conditions` hold for the rows there.
    With `operator`, the number of those rows is compared with `count`; with `counted`, the number
    of different values that this column of `table` has in them.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["membership"] = "membership"
    columns: tuple[ColumnReference, ...] = Field(min_length=1)
    table: str
    other_columns: tuple[ColumnReference, ...] = Field(min_length=1)
    conditions: tuple["Condition", ...] = ()
    negated: bool = False
    operator: Operator | None = None
    count: int | float = 0
    counted: ColumnReference | None = None


Condition: TypeAlias = Annotated[Filter | AnyOf | AllOf | Membership, Field(discriminator="kind")]


class Measure(BaseModel):
    """One number of the answer. `column` is None for COUNT of rows, RATIO, CHANGE and METRIC."""

    model_config = ConfigDict(frozen=True)

    function: MeasureFunction
    column: ColumnReference | None = None
    table: str | None = None
    """Whose rows are counted; None: the plan's table."""
    metric: str | None = None
    is_share: bool = False
    """Shown as a share of the total over all groups, 0 to 1."""
    condition: Condition | None = None
    """Only rows that pass are measured."""
    numerator: "Measure | None" = None
    denominator: "Measure | None" = None
    of: "Measure | None" = None
    """What is computed first for each of `per` with such rows: `function` is taken over it."""
    per: tuple["Dimension", ...] = ()
    label: str
    unit: str = ""


class Dimension(BaseModel):
    """What the answer is split by."""

    model_config = ConfigDict(frozen=True)

    column: ColumnReference
    grain: TimeGrain | None = None
    part: CalendarPart | None = None
    keys: tuple[ColumnReference, ...] = ()
    """Grouped by as well and not shown: rows of an entity may share one name."""
    label: str


class Period(BaseModel):
    """Keeps rows from `start` up to, not including, `end`."""

    model_config = ConfigDict(frozen=True)

    column: ColumnReference
    start: date | None
    end: date | None
    label: str
    """In the asker's words, such as `last month`."""


class GroupBenchmark(BaseModel):
    """What a group's measure is compared with: the same measure, of other groups.

    `function` is taken over the values of all groups that there are; without one, the measure is
    that of the rows that pass `conditions`.
    """

    model_config = ConfigDict(frozen=True)

    function: MeasureFunction | None = None
    conditions: tuple[Condition, ...] = ()


class Having(BaseModel):
    """Keeps groups whose measure compares as said, with values or a benchmark."""

    model_config = ConfigDict(frozen=True)

    measure_index: int
    operator: Operator
    values: tuple[Cell, ...] = ()
    benchmark: GroupBenchmark | None = None


class Order(BaseModel):
    """Sorts by a measure, a dimension, or a column of the listing or of its table."""

    model_config = ConfigDict(frozen=True)

    by: Literal["measure", "dimension", "column"]
    index: int = 0
    column: ColumnReference | None = None
    """Set where a listing is sorted by a column, shown or not."""
    descending: bool = False


class Output(BaseModel):
    """One column of the result, left to right, under `name`."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["measure", "dimension", "column"]
    index: int
    name: str


class Combination(BaseModel):
    """A set operation with the result of a second plan of the same shape."""

    model_config = ConfigDict(frozen=True)

    operation: Literal["intersect", "union", "except"]
    plan: "Plan"


class Plan(BaseModel):
    """A question as data. With no measure shown, `columns` or dimensions are listed."""

    model_config = ConfigDict(frozen=True)

    table: str
    """The table whose rows are measured or listed."""
    measures: tuple[Measure, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    columns: tuple[ColumnReference, ...] = ()
    distinct: bool = False
    conditions: tuple[Condition, ...] = ()
    period: Period | None = None
    having: tuple[Having, ...] = ()
    order: tuple[Order, ...] = Field(default_factory=tuple)
    limit: int | None = None
    skip: int = 0
    """Rows left out before the first one shown: 1 for `the second largest`."""
    limit_per_group: bool = False
    """`limit` counts rows within each value of the first dimension."""
    outputs: tuple[Output, ...] = ()
    """What is shown. A measure may rank or restrict without being shown."""
    combination: Combination | None = None
    joined: tuple[str, ...] = ()
    """Tables whose rows must exist though no column of theirs is named."""

    @property
    def is_listing(self) -> bool:
        """True where rows are listed as they are and nothing is measured."""
        return not self.measures and not self.dimensions


for _model in (
    Benchmark,
    Filter,
    AnyOf,
    AllOf,
    Membership,
    Measure,
    GroupBenchmark,
    Having,
    Combination,
    Plan,
):
    _model.model_rebuild()
