"""Says what a roll-up did, so that no merged figure passes for an exact one."""

from collections.abc import Collection

from aggregation.bucketing import Bucketing
from aggregation.typed_rows import Row, TypedRows
from domain.column_type import TypeFamily
from domain.plan import TimeGrain
from domain.summary import Additivity, SummaryColumn

_GRAIN_WORDS = {
    TimeGrain.HOUR: "hourly",
    TimeGrain.DAY: "daily",
    TimeGrain.WEEK: "weekly",
    TimeGrain.MONTH: "monthly",
    TimeGrain.QUARTER: "quarterly",
    TimeGrain.YEAR: "yearly",
}


def averaged_measures(result: TypedRows, groups: Collection[list[Row]]) -> list[int]:
    """Returns the measures whose merged values are means: none where nothing was merged."""
    if all(len(rows) == 1 for rows in groups):
        return []
    return [i for i in result.having("measure") if result.columns[i].additivity is Additivity.NONE]


def merges_categories(result: TypedRows) -> bool:
    """True where some measure can be merged over categories."""
    return any(
        result.columns[i].additivity is not Additivity.NONE for i in result.having("measure")
    )


def shown_column(
    result: TypedRows, index: int, bucketings: dict[int, Bucketing], averaged: list[int]
) -> SummaryColumn:
    """Returns the column as it is after the roll-up; means say so in their label."""
    if index in bucketings:
        return bucketings[index].column
    column = result.columns[index]
    if index not in averaged:
        return column
    label = f"{column.label} (average of {_merged_values(result, bucketings)})"
    family = TypeFamily.FLOAT if column.family.is_numeric else column.family
    return column.model_copy(update={"label": label, "family": family})


def _merged_values(result: TypedRows, bucketings: dict[int, Bucketing]) -> str:
    """Names what a mean is taken of, such as `daily values`."""
    coarsened = [i for i, b in bucketings.items() if b.by_time]
    grain = result.columns[coarsened[0]].grain if coarsened else None
    return f"{_GRAIN_WORDS[grain]} values" if grain else "the merged rows"


def roll_up_sentence(
    result: TypedRows,
    bucketings: dict[int, Bucketing],
    dropped: list[int],
    averaged: list[int],
    true_row_count: int,
) -> str:
    """Returns one or two sentences on what was merged."""
    done = [f"{result.columns[i].label} {b.words}" for i, b in bucketings.items() if b.words]
    done += [f"over all values of {result.columns[i].label}" for i in dropped]
    parts = [f"{true_row_count:,} rows were rolled up: {', '.join(done)}."]
    if averaged:
        labels = " and ".join(result.columns[i].label for i in averaged)
        source = _merged_values(result, bucketings)
        parts.append(f"For {labels} each figure is the average of {source}, not an exact value.")
    has_rest = any(b.other is not None for b in bucketings.values())
    if has_rest and not merges_categories(result):
        parts.append("The remaining values are not shown, since their figures cannot be merged.")
    return " ".join(parts)
