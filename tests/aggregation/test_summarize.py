"""From a statement and its rows to named, ordered values."""

from aggregation.summarize import summarize
from domain.dictionary import (
    ColumnEntry,
    ColumnRole,
    Dictionary,
    TableEntry,
)
from domain.metric import Metric, WeightedReachFormula
from domain.plan import ColumnReference, Dimension, Measure, MeasureFunction, Output, Plan
from domain.result_table import ResultColumn
from domain.summary import Additivity, Summary

DICTIONARY = Dictionary(
    source_name="library",
    tables=[
        TableEntry(
            name="loans",
            columns=[
                ColumnEntry(
                    name="month", type="bigint", role=ColumnRole.DIMENSION, minimum=1, maximum=12
                ),
                ColumnEntry(
                    name="batch_hour",
                    type="bigint",
                    role=ColumnRole.DIMENSION,
                    minimum=1,
                    maximum=99,
                ),
                ColumnEntry(name="part", type="varchar", role=ColumnRole.DIMENSION),
                ColumnEntry(
                    name="desk",
                    type="varchar",
                    role=ColumnRole.DIMENSION,
                    value_labels={"M": "Main hall"},
                ),
            ],
        )
    ],
    metrics=[
        Metric(
            name="reach",
            formula=WeightedReachFormula(
                table="loans",
                entity_column="reader",
                weight_table="readers",
                weight_entity_column="reader",
                weight_column="weight",
            ),
        )
    ],
)


def summary(column: str, kind: str, rows: list[tuple[object, int]], tail: str = "") -> Summary:
    sql = f"SELECT {column}, COUNT(*) AS loans FROM loans GROUP BY {column} {tail}"
    columns = [ResultColumn(column, kind), ResultColumn("loans", "bigint")]
    return summarize(sql, columns, rows, dictionary=DICTIONARY)  # type: ignore[arg-type]


def values(found: Summary) -> list[object]:
    return [row[0] for row in found.rows]


def test_stored_months_are_named_and_in_order() -> None:
    assert values(summary("month", "bigint", [(7, 5), (2, 9)])) == ["February", "July"]


def test_numbers_that_fit_no_calendar_stay_numbers() -> None:
    assert values(summary("batch_hour", "bigint", [(50, 5), (2, 9)])) == [2, 50]


def test_months_of_a_partition_run_from_early_to_late() -> None:
    rows: list[tuple[object, int]] = [("2026-06", 5), (None, 1), ("2026-04", 9)]
    assert values(summary("part", "varchar", rows)) == ["2026-04", "2026-06", None]


def test_a_statement_that_sorts_keeps_its_order() -> None:
    rows: list[tuple[object, int]] = [("2026-06", 9), ("2026-04", 5)]
    assert values(summary("part", "varchar", rows, "ORDER BY loans DESC")) == ["2026-06", "2026-04"]


def test_codes_are_named() -> None:
    assert values(summary("desk", "varchar", [("M", 5), ("X", 1)])) == ["Main hall", "X"]


def test_reach_of_overlapping_groups_does_not_add_up() -> None:
    plan = Plan(
        table="loans",
        measures=(Measure(function=MeasureFunction.METRIC, metric="reach", label="reach"),),
        dimensions=(Dimension(column=ColumnReference(table="loans", column="desk"), label="desk"),),
        outputs=(
            Output(kind="dimension", index=0, name="desk"),
            Output(kind="measure", index=0, name="reach"),
        ),
    )
    found = summarize(
        "SELECT desk, SUM(weight) AS reach FROM loans GROUP BY desk",
        [ResultColumn("desk", "varchar"), ResultColumn("reach", "double")],
        [("M", 5.0), ("X", 4.0)],
        dictionary=DICTIONARY,
        plan=plan,
    )
    assert found.columns[1].additivity is Additivity.NONE
    assert found.columns[1].total is None


def test_ties_and_unsorted_rows_come_in_one_order_however_the_engine_returns_them() -> None:
    rows: list[tuple[object, int]] = [("x", 5), ("c", 1), ("a", 1), (None, 1), ("b", 1)]
    tied = [rows[0], *reversed(rows[1:])]
    by_count = summary("part", "varchar", rows, "ORDER BY loans DESC")
    assert by_count.rows == summary("part", "varchar", tied, "ORDER BY COUNT(*) DESC").rows
    assert [row[0] for row in by_count.rows] == ["x", "a", "b", "c", None]
    unsorted = summary("part", "varchar", rows)
    assert unsorted.rows == summary("part", "varchar", list(reversed(rows))).rows


def test_rows_sorted_by_what_is_not_shown_stay_as_they_came() -> None:
    rows: list[tuple[object, int]] = [("c", 1), ("a", 1), ("b", 1)]
    shown = summary("part", "varchar", rows, "ORDER BY MAX(month)")
    assert [row[0] for row in shown.rows] == ["c", "a", "b"]
