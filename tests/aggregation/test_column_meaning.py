"""Columns are read from the statement, whoever wrote it."""

import pytest

from aggregation.column_meaning import describe_columns
from aggregation.statement_scope import read_scope
from domain.dictionary import ColumnEntry, ColumnRole, Dictionary, TableEntry
from domain.plan import (
    CalendarPart,
    ColumnReference,
    Dimension,
    Measure,
    MeasureFunction,
    Output,
    Plan,
    TimeGrain,
)
from domain.result_table import ResultColumn
from domain.summary import Additivity, SummaryColumn


def entry(name: str, kind: str, role: ColumnRole, unit: str = "") -> ColumnEntry:
    return ColumnEntry(name=name, type=kind, role=role, unit=unit)


DICTIONARY = Dictionary(
    source_name="library",
    tables=[
        TableEntry(
            name="loans",
            primary_key=["loan_id"],
            columns=[
                entry("loan_id", "bigint", ColumnRole.KEY),
                entry("book_id", "bigint", ColumnRole.KEY),
                entry("branch", "varchar", ColumnRole.DIMENSION),
                entry("seconds", "bigint", ColumnRole.MEASURE, "second"),
                entry("fee", "decimal(10,2)", ColumnRole.MEASURE, "INR"),
                entry("lent_at", "timestamp", ColumnRole.TIME),
            ],
        ),
        TableEntry(
            name="books",
            row_meaning="book",
            primary_key=["book_id"],
            columns=[
                entry("book_id", "bigint", ColumnRole.KEY),
                entry("title", "varchar", ColumnRole.LABEL),
            ],
        ),
    ],
)


def _described(
    sql: str, columns: list[ResultColumn], plan: Plan | None = None
) -> tuple[SummaryColumn, ...]:
    return describe_columns(read_scope(sql, DICTIONARY), columns, DICTIONARY, plan)


def describe(projection: str, rest: str = "FROM loans", kind: str = "double") -> SummaryColumn:
    return _described(f"SELECT {projection} AS x {rest}", [ResultColumn("x", kind)])[0]


@pytest.mark.parametrize(
    ("projection", "additivity", "unit"),
    [
        ("COUNT(*)", Additivity.SUM, ""),
        ("COUNT(branch)", Additivity.SUM, ""),
        ("COUNT(DISTINCT branch)", Additivity.NONE, ""),
        ("APPROX_DISTINCT(branch)", Additivity.NONE, ""),
        ("COUNT_IF(fee > 1)", Additivity.SUM, ""),
        ("COUNT(*) FILTER (WHERE fee > 1)", Additivity.SUM, ""),
        ("SUM(fee)", Additivity.SUM, "INR"),
        ("SUM(DISTINCT fee)", Additivity.NONE, ""),
        ("ROUND(COALESCE(SUM(fee), 0), 2)", Additivity.SUM, "INR"),
        ("SUM(CASE WHEN branch = 'x' THEN fee END)", Additivity.SUM, "INR"),
        ("SUM(seconds) / 3600.0", Additivity.SUM, "hour"),
        ("SUM(seconds) + SUM(fee)", Additivity.SUM, ""),
        ("SUM(fee) + 1", Additivity.NONE, ""),
        ("SUM(fee) - SUM(fee)", Additivity.SUM, "INR"),
        ("AVG(seconds)", Additivity.NONE, "second"),
        ("SUM(seconds) / COUNT(DISTINCT branch)", Additivity.NONE, "second"),
        ("SUM(fee) / SUM(seconds)", Additivity.NONE, ""),
        ("MIN(fee)", Additivity.MINIMUM, "INR"),
        ("MAX(fee)", Additivity.MAXIMUM, "INR"),
        ("APPROX_PERCENTILE(fee, 0.5)", Additivity.NONE, ""),
        ("STDDEV(fee)", Additivity.NONE, ""),
        ("100.0 * COUNT(*) / SUM(COUNT(*)) OVER ()", Additivity.SUM, "%"),
        ("100.0 * COUNT(*) / (SELECT COUNT(*) FROM loans)", Additivity.SUM, "%"),
        ("100.0 * COUNT_IF(fee > 1) / COUNT(*)", Additivity.NONE, "%"),
        ("CAST(COUNT(*) AS DOUBLE) / SUM(COUNT(*)) OVER ()", Additivity.SUM, "share"),
        ("COUNT_IF(fee > 1) * 1.0 / NULLIF(COUNT(*), 0)", Additivity.NONE, "share"),
        ("SUM(CASE WHEN fee > 1 THEN 1 ELSE 0 END) / COUNT(*)", Additivity.NONE, "share"),
        ("AVG(CASE WHEN fee > 1 THEN 1.0 ELSE 0.0 END)", Additivity.NONE, "share"),
        ("AVG(CASE WHEN fee > 1 THEN fee ELSE 0.0 END)", Additivity.NONE, "INR"),
        ("COUNT(*) / COUNT(DISTINCT branch)", Additivity.NONE, ""),
        ("SUM(SUM(fee)) OVER (ORDER BY branch)", Additivity.NONE, "INR"),
        ("GREATEST(SUM(fee), 1)", Additivity.NONE, ""),
    ],
)
def test_measures(projection: str, additivity: Additivity, unit: str) -> None:
    described = describe(projection, "FROM loans GROUP BY branch")
    assert (described.role, described.additivity, described.unit) == ("measure", additivity, unit)


@pytest.mark.parametrize(
    ("projection", "grain", "part"),
    [
        ("branch", None, None),
        ("fee", None, None),
        ("UPPER(branch)", None, None),
        ("CASE WHEN fee > 1 THEN 'dear' ELSE 'cheap' END", None, None),
        ("DATE_TRUNC('month', lent_at)", TimeGrain.MONTH, None),
        ("CAST(lent_at AS DATE)", TimeGrain.DAY, None),
        ("CAST(DATE_TRUNC('week', lent_at) AS DATE)", TimeGrain.WEEK, None),
        ("HOUR(lent_at)", None, CalendarPart.HOUR_OF_DAY),
        ("EXTRACT(MONTH FROM lent_at)", None, CalendarPart.MONTH_OF_YEAR),
        ("DAY_OF_WEEK(lent_at)", None, CalendarPart.DAY_OF_WEEK),
    ],
)
def test_dimensions(projection: str, grain: TimeGrain | None, part: CalendarPart | None) -> None:
    described = describe(projection, "FROM loans GROUP BY 1")
    assert (described.role, described.grain, described.part) == ("dimension", grain, part)


@pytest.mark.parametrize(
    ("statement", "additivity"),
    [
        ("WITH g AS (SELECT branch, COUNT(*) AS n FROM loans GROUP BY 1) {}", Additivity.SUM),
        ("WITH g AS (SELECT branch, AVG(fee) AS n FROM loans GROUP BY 1) {}", Additivity.NONE),
        ("WITH g AS (SELECT COUNT(*) AS n FROM loans GROUP BY ROLLUP(branch)) {}", Additivity.NONE),
        ("WITH g AS (SELECT 1 AS n UNION ALL SELECT 2) {}", Additivity.NONE),
    ],
)
def test_meaning_passes_through_common_table_expressions(
    statement: str, additivity: Additivity
) -> None:
    sql = statement.format("SELECT n FROM g")
    described = describe_columns(
        read_scope(sql, DICTIONARY), [ResultColumn("n", "bigint")], DICTIONARY, None
    )
    assert described[0].additivity is additivity


def test_a_total_repeated_by_a_join_no_longer_adds_up() -> None:
    sql = """
        SELECT g.branch, g.n, t.total, 1.0 * g.n / t.total AS part
        FROM (SELECT branch, COUNT(*) AS n FROM loans GROUP BY branch) g
        CROSS JOIN (SELECT COUNT(*) AS total FROM loans) t"""
    columns = [ResultColumn(name, "bigint") for name in ("branch", "n", "total", "part")]
    described = _described(sql, columns)
    assert [c.additivity for c in described[1:]] == [
        Additivity.SUM,
        Additivity.NONE,
        Additivity.SUM,
    ]


def test_a_sum_of_different_rows_no_longer_adds_up() -> None:
    sql = (
        "SELECT branch, SUM(seconds) AS total FROM (SELECT DISTINCT branch, visit_id, seconds"
        " FROM visits) GROUP BY branch"
    )
    columns = [ResultColumn(name="branch", type="varchar"), ResultColumn(name="total", type="int")]
    total = describe_columns(read_scope(sql, DICTIONARY), columns, DICTIONARY, None)[1]
    assert total.additivity is Additivity.NONE


def test_a_look_up_join_keeps_sums() -> None:
    sql = """
        SELECT b.title, g.n
        FROM (SELECT book_id, COUNT(*) AS n FROM loans GROUP BY book_id) g
        JOIN books b ON b.book_id = g.book_id"""
    columns = [ResultColumn("title", "varchar"), ResultColumn("n", "bigint")]
    assert _described(sql, columns)[1].additivity is Additivity.SUM


def test_keys_are_text_even_where_stored_as_numbers() -> None:
    described = describe("book_id", "FROM loans GROUP BY 1", "bigint")
    assert not described.family.is_numeric


def test_labels_come_from_aliases_or_expressions() -> None:
    sql = "SELECT branch, AVG(fee) AS avg_fee, COUNT(*) FROM loans GROUP BY branch"
    columns = [
        ResultColumn("branch", "varchar"),
        ResultColumn("avg_fee", "double"),
        ResultColumn("_col2", "bigint"),
    ]
    described = _described(sql, columns)
    assert [c.label for c in described] == ["branch", "average fee", "count"]


def test_names_say_whose_name_they_are() -> None:
    columns = [ResultColumn("title", "varchar")]
    described = describe_columns(
        read_scope("SELECT DISTINCT title FROM books", DICTIONARY), columns, DICTIONARY, None
    )
    assert described[0].label == "book title"


def test_a_measure_that_only_ranks_is_not_taken_for_a_shown_one() -> None:
    plan = Plan(
        table="loans",
        measures=(
            Measure(function=MeasureFunction.COUNT, label="number of loans"),
            Measure(function=MeasureFunction.SUM, label="fees", unit="INR"),
        ),
        outputs=(Output(kind="measure", index=1, name="b"),),
    )
    columns = [ResultColumn("b", "double")]
    described = describe_columns(
        read_scope("SELECT SUM(fee) AS b FROM loans", DICTIONARY), columns, DICTIONARY, plan
    )
    assert [c.label for c in described] == ["fees"]


def test_labels_come_from_the_plan_where_it_fits() -> None:
    plan = Plan(
        table="loans",
        measures=(Measure(function=MeasureFunction.COUNT, label="number of loans"),),
        dimensions=(
            Dimension(
                column=ColumnReference(table="loans", column="lent_at"),
                grain=TimeGrain.MONTH,
                label="month lent",
            ),
        ),
    )
    sql = "SELECT CAST(lent_at AS DATE) AS a, COUNT(*) AS b FROM loans GROUP BY 1"
    columns = [ResultColumn("a", "date"), ResultColumn("b", "bigint")]
    described = _described(sql, columns, plan)
    assert [c.label for c in described] == ["month lent", "number of loans"]
    assert described[0].grain is TimeGrain.MONTH


def test_a_statement_that_cannot_be_read_is_never_additive() -> None:
    described = describe_columns(
        read_scope("SELEC", DICTIONARY), [ResultColumn("n", "bigint")], DICTIONARY, None
    )
    assert described[0].additivity is Additivity.NONE
