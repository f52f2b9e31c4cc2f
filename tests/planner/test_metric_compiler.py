"""Metrics compile to SQL that gives the numbers that hand-written SQL gives."""

from datetime import date
from functools import cache
from typing import Any

import duckdb
import pytest
import sqlglot

from domain.dictionary import (
    ColumnEntry,
    Dictionary,
    Relationship,
    TableEntry,
)
from domain.metric import (
    ActiveEntitiesFormula,
    AggregateFormula,
    Metric,
    MetricFormula,
    RatioFormula,
    WeightedReachFormula,
)
from domain.plan import (
    AllOf,
    ColumnReference,
    Dimension,
    Filter,
    Measure,
    MeasureFunction,
    Operator,
    Order,
    Output,
    Period,
    Plan,
    TimeGrain,
)
from planner.compiling.metric_compiler import MetricCompiler
from planner.compiling.plan_essence import essence
from planner.schema.join_path import JoinGraph
from planner.schema.schema import Schema
from planner.schema.schema_index import SchemaIndex
from planner.sql_reading.plan_of import plan_of, same_question

_METRICS: dict[str, MetricFormula] = {
    "reach": WeightedReachFormula(
        table="visits",
        entity_column="member",
        weight_table="weights",
        weight_entity_column="member",
        weight_column="weight",
        weight_period_column="week",
    ),
    "daily members": ActiveEntitiesFormula(
        table="visits", entity_column="member", time_column="day", grain="day"
    ),
    "monthly members": ActiveEntitiesFormula(
        table="visits", entity_column="member", time_column="day", grain="month"
    ),
    "loyalty": RatioFormula(numerator="daily members", denominator="monthly members"),
    "minutes per member": AggregateFormula(
        table="visits", expression="SUM(seconds) / 60.0 / COUNT(DISTINCT member)"
    ),
}


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("""
        CREATE TABLE visits AS SELECT i % 17 AS member, i % 3 AS branch,
          DATE '2026-01-01' + CAST(i * 7 % 90 AS INTEGER) AS day, i % 50 AS seconds
        FROM range(600) t(i);
        CREATE TABLE branches AS SELECT i AS branch, ['North', 'South', 'North'][1 + i] AS region
        FROM range(3) t(i);
        CREATE TABLE weights AS SELECT m AS member,
          DATE '2025-12-29' + CAST(7 * w AS INTEGER) AS week, 1.5 + m + w AS weight
        FROM range(15) a(m), range(14) b(w)""")
    return connection


@cache
def _club() -> Dictionary:
    def table(name: str, key: str, **types: str) -> TableEntry:
        columns = [ColumnEntry(name=column, type=kind) for column, kind in types.items()]
        return TableEntry(name=name, columns=columns, primary_key=[key] if key else [])

    return Dictionary(
        source_name="club",
        metrics=[Metric(name=name, formula=formula) for name, formula in _METRICS.items()],
        tables=[
            table("visits", "", member="bigint", branch="bigint", day="date", seconds="bigint"),
            table("branches", "branch", branch="bigint", region="varchar"),
            table("weights", "", member="bigint", week="date", weight="double"),
        ],
        relationships=[
            Relationship(
                child_table="visits",
                child_columns=["branch"],
                parent_table="branches",
                parent_columns=["branch"],
                confidence=1,
            )
        ],
    )


@pytest.fixture(scope="module")
def compiler() -> MetricCompiler:
    dictionary = _club()
    metrics = {metric.name: metric for metric in dictionary.metrics}
    return MetricCompiler(SchemaIndex(dictionary), JoinGraph(dictionary), metrics)


_REGION = Dimension(column=ColumnReference(table="branches", column="region"), label="region")
_MONTH = Dimension(
    column=ColumnReference(table="visits", column="day"), grain=TimeGrain.MONTH, label="month"
)
_FEBRUARY = Period(
    column=ColumnReference(table="visits", column="day"),
    start=date(2026, 2, 1),
    end=date(2026, 3, 1),
    label="February",
)
_NORTH = Filter(
    column=ColumnReference(table="branches", column="region"),
    operator=Operator.EQUAL,
    values=("North",),
)


def _plan(metric: str, *dimensions: Dimension, **rest: Any) -> Plan:  # noqa: ANN401 any field
    measure = Measure(function=MeasureFunction.METRIC, metric=metric, table="visits", label=metric)
    outputs = [
        *(Output(kind="dimension", index=n, name=d.label) for n, d in enumerate(dimensions)),
        Output(kind="measure", index=0, name="result"),
    ]
    return Plan(
        table="visits", measures=(measure,), dimensions=dimensions, outputs=tuple(outputs), **rest
    )


_FEBRUARY_WEEKS = "week >= DATE '2026-01-26' AND week < DATE '2026-03-01'"
_IN_FEBRUARY = "day >= DATE '2026-02-01' AND day < DATE '2026-03-01'"

_CASES = {
    "reach in a month, members without a weight left out": (
        _plan("reach", period=_FEBRUARY),
        f"""SELECT sum(w) FROM (SELECT DISTINCT member FROM visits WHERE {_IN_FEBRUARY})
        JOIN (SELECT member, avg(weight) AS w FROM weights WHERE {_FEBRUARY_WEEKS} GROUP BY member)
        USING (member)""",
    ),
    "reach by a dimension of another table": (
        _plan("reach", _REGION, period=_FEBRUARY),
        f"""SELECT region, sum(w) FROM (SELECT DISTINCT region, member
          FROM visits JOIN branches USING (branch) WHERE {_IN_FEBRUARY})
        JOIN (SELECT member, avg(weight) AS w FROM weights WHERE {_FEBRUARY_WEEKS} GROUP BY member)
        USING (member) GROUP BY region""",
    ),
    "reach a month: each month has its own weeks": (
        _plan("reach", _MONTH),
        """SELECT m, sum(w) FROM (
          SELECT m, v.member, avg(weight) AS w
          FROM (SELECT DISTINCT date_trunc('month', day) AS m, member FROM visits) v
          JOIN weights w ON w.member = v.member AND week >= date_trunc('week', m)
            AND week < m + INTERVAL 1 MONTH GROUP BY m, v.member) GROUP BY m""",
    ),
    "daily members of a region": (
        _plan("daily members", conditions=(_NORTH,)),
        """SELECT avg(n) FROM (SELECT day, count(DISTINCT member) AS n
        FROM visits JOIN branches USING (branch) WHERE region = 'North' GROUP BY day)""",
    ),
    "loyalty by region": (
        _plan("loyalty", _REGION, period=_FEBRUARY),
        f"""SELECT region, d / m FROM
        (SELECT region, avg(n) AS d FROM (SELECT region, day, count(DISTINCT member) AS n
          FROM visits JOIN branches USING (branch) WHERE {_IN_FEBRUARY} GROUP BY ALL)
          GROUP BY region)
        JOIN (SELECT region, count(DISTINCT member) AS m FROM visits JOIN branches USING (branch)
          WHERE {_IN_FEBRUARY} GROUP BY region) USING (region)""",
    ),
    "loyalty in all": (
        _plan("loyalty", period=_FEBRUARY),
        f"""SELECT (SELECT avg(n) FROM (SELECT count(DISTINCT member) AS n FROM visits
          WHERE {_IN_FEBRUARY} GROUP BY day)) / (SELECT count(DISTINCT member) FROM visits
          WHERE {_IN_FEBRUARY})""",
    ),
    "an aggregate is a measure like any other": (
        _plan("minutes per member", _REGION),
        """SELECT region, sum(seconds) / 60.0 / count(DISTINCT member)
        FROM visits JOIN branches USING (branch) GROUP BY region""",
    ),
    "the best month alone": (
        _plan("reach", _MONTH, order=(Order(by="measure", descending=True),), limit=1),
        """SELECT m, sum(w) AS reach FROM (
          SELECT m, v.member, avg(weight) AS w
          FROM (SELECT DISTINCT date_trunc('month', day) AS m, member FROM visits) v
          JOIN weights w ON w.member = v.member AND week >= date_trunc('week', m)
            AND week < m + INTERVAL 1 MONTH GROUP BY m, v.member)
        GROUP BY m ORDER BY reach DESC LIMIT 1""",
    ),
}


@pytest.mark.parametrize(("plan", "gold"), _CASES.values(), ids=_CASES.keys())
def test_metric_gives_the_numbers_of_hand_written_sql(
    plan: Plan, gold: str, compiler: MetricCompiler, database: duckdb.DuckDBPyConnection
) -> None:
    sql = sqlglot.transpile(compiler.sql(plan), read="athena", write="duckdb")[0]
    actual = sorted(database.execute(sql).fetchall(), key=str)
    expected = sorted(database.execute(gold).fetchall(), key=str)
    assert len(actual) == len(expected) > 0
    for row, wanted in zip(actual, expected, strict=True):
        assert row[:-1] == wanted[:-1]
        assert row[-1] == pytest.approx(wanted[-1])


@pytest.mark.parametrize("plan", [case[0] for case in _CASES.values()], ids=_CASES.keys())
def test_a_metric_is_read_back_from_its_own_sql(plan: Plan, compiler: MetricCompiler) -> None:
    sql = compiler.sql(plan)
    reading = plan_of(sql, _club())
    assert reading.is_whole, (reading.unread, sql)
    assert reading.plan is not None
    schema = Schema(_club())
    assert essence(reading.plan, schema) == essence(plan, schema), sql


def _in(period: tuple[date, date], measure: Measure) -> Measure:
    column = ColumnReference(table="visits", column="day")
    bounds = [
        Filter(column=column, operator=operator, values=(str(day),))
        for operator, day in zip((Operator.GREATER_OR_EQUAL, Operator.LESS), period, strict=True)
    ]
    update = {"condition": AllOf(conditions=tuple(bounds)), "label": f"{measure.label} then"}
    return measure.model_copy(update=update)


@pytest.mark.parametrize("metric", ["reach", "daily members", "loyalty"])
def test_each_of_two_periods_has_its_own_figure(
    metric: str, compiler: MetricCompiler, database: duckdb.DuckDBPyConnection
) -> None:
    """Each figure is what it is when its month is asked for alone."""
    months = [(date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 2, 1), date(2026, 3, 1))]
    whole = Measure(function=MeasureFunction.METRIC, metric=metric, table="visits", label=metric)
    earlier, later = (_in(month, whole) for month in months)
    change = Measure(
        function=MeasureFunction.CHANGE, numerator=later, denominator=earlier, label="change"
    )
    period = _FEBRUARY.model_copy(update={"start": months[0][0], "end": months[1][1]})
    outputs = [Output(kind="dimension", index=0, name="region")]
    outputs += [Output(kind="measure", index=n, name=f"m{n}") for n in range(3)]
    plan = Plan(
        table="visits",
        measures=(earlier, later, change),
        dimensions=(_REGION,),
        period=period,
        outputs=tuple(outputs),
    )

    def rows(asked: Plan) -> dict[str, list[float]]:
        sql = sqlglot.transpile(compiler.sql(asked), read="athena", write="duckdb")[0]
        return {row[0]: list(row[1:]) for row in database.execute(sql).fetchall()}

    alone = [
        rows(_plan(metric, _REGION, period=period.model_copy(update={"start": a, "end": b})))
        for a, b in months
    ]
    for region, (before, after, moved) in rows(plan).items():
        assert [before, after] == pytest.approx([alone[0][region][0], alone[1][region][0]])
        assert moved == pytest.approx(after / before - 1)
    reading = plan_of(compiler.sql(plan), _club())
    assert reading.is_whole, reading.unread
    assert reading.plan is not None
    assert essence(reading.plan, Schema(_club())) == essence(plan, Schema(_club()))


def test_a_model_s_daily_count_is_the_agreed_one() -> None:
    sql = (
        "SELECT AVG(n) FROM (SELECT date_trunc('day', day) AS d, COUNT(DISTINCT member) AS n"
        " FROM visits GROUP BY 1)"
    )
    reading = plan_of(sql, _club())
    assert reading.plan is not None
    assert same_question(reading.plan, _plan("daily members"), _club())
