"""Metrics compile to SQL that gives the numbers that hand-written SQL gives."""

from datetime import date
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
from planner.join_path import JoinGraph
from planner.metric_compiler import MetricCompiler
from planner.schema_index import SchemaIndex

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


@pytest.fixture(scope="module")
def compiler() -> MetricCompiler:
    def table(name: str, key: str, **types: str) -> TableEntry:
        columns = [ColumnEntry(name=column, type=kind) for column, kind in types.items()]
        return TableEntry(name=name, columns=columns, primary_key=[key] if key else [])

    dictionary = Dictionary(
        source_name="club",
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
    metrics = {name: Metric(name=name, formula=formula) for name, formula in _METRICS.items()}
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
