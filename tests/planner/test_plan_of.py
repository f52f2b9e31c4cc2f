"""SQL back to plans: our own, and SQL as chat models write it."""

from functools import cache

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from domain.catalog import Catalog, ColumnSchema, TableSchema
from domain.plan import Plan
from domain.policy import Policy
from planner.compiling.compiler import Compiler
from planner.compiling.layered_compiler import LayeredCompiler
from planner.compiling.plan_essence import essence
from planner.schema.join_path import JoinGraph
from planner.schema.schema import Schema
from planner.schema.select_scope import PlanError
from planner.sql_reading.plan_of import chips_of, plan_of, same_question
from sql_guard.guard import Guard
from tests.planner.layered_plans import layered_plans
from tests.planner.plans import plans
from tests.planner.small_data import small_database

_SCHEMAS = ("school", "shop", "planes")


@pytest.mark.parametrize("name", _SCHEMAS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_every_plan_is_read_back_from_its_own_sql(name: str, data: st.DataObject) -> None:
    dictionary = small_database(name).dictionary
    schema = Schema(dictionary)
    plan = data.draw(plans(dictionary))
    sql = Compiler(schema, JoinGraph(dictionary)).sql(plan)
    reading = plan_of(sql, dictionary)
    assert reading.unread == (), sql
    assert reading.plan is not None, sql
    assert essence(reading.plan, schema) == essence(plan, schema), sql


@pytest.mark.parametrize("name", _SCHEMAS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_every_plan_compiles_to_sql_that_passes_the_guard_and_runs(
    name: str, data: st.DataObject
) -> None:
    database = small_database(name)
    plan = data.draw(plans(database.dictionary))
    sql = Compiler(Schema(database.dictionary), JoinGraph(database.dictionary)).sql(plan)
    verdict = _guard(name).check(sql)
    assert verdict.allowed, (sql, verdict)
    rows = database.rows_of_athena(sql)
    assert all(len(row) == len(plan.outputs) for row in rows)


@pytest.mark.parametrize("name", _SCHEMAS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_every_plan_of_layers_is_read_back_and_passes_the_guard_and_runs(
    name: str, data: st.DataObject
) -> None:
    database = small_database(name)
    schema = Schema(database.dictionary)
    plan = data.draw(layered_plans(database.dictionary))
    try:
        sql = LayeredCompiler(schema, JoinGraph(database.dictionary)).sql(plan)
    except PlanError:
        event("refused")
        return
    reading = plan_of(sql, database.dictionary)
    assert reading.unread == (), sql
    assert reading.plan is not None, sql
    assert essence(reading.plan, schema) == essence(plan, schema), sql
    assert _guard(name).check(sql).allowed, sql
    assert all(len(row) == len(plan.outputs) for row in database.rows_of_athena(sql))


@cache
def _guard(name: str) -> Guard:
    dictionary = small_database(name).dictionary
    tables = tuple(
        TableSchema(
            name=table.name,
            columns=tuple(ColumnSchema(name=c.name, type=c.type) for c in table.columns),
        )
        for table in dictionary.tables
    )
    return Guard(Catalog(tables=tables), Policy(), relationships=dictionary.relationships)


def _read(name: str, sql: str) -> Plan:
    reading = plan_of(sql, small_database(name).dictionary)
    assert reading.unread == ()
    assert reading.plan is not None
    return reading.plan


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        (
            "shop",
            "SELECT c.country, SUM(o.total_amount) AS revenue FROM orders o JOIN customers c ON "
            "o.customer_id = c.customer_id GROUP BY 1 ORDER BY revenue DESC LIMIT 5",
            "WITH o AS (SELECT customer_id, total_amount FROM orders) SELECT SUM(total_amount), "
            "country FROM customers JOIN o ON o.customer_id = customers.customer_id "
            "GROUP BY country ORDER BY SUM(total_amount) DESC LIMIT 5",
        ),
        (
            "shop",
            "SELECT COUNT(*) FROM orders WHERE order_date BETWEEN DATE '2024-01-01' AND "
            "DATE '2024-12-31'",
            "SELECT COUNT(order_id) FROM orders WHERE year(order_date) = 2024",
        ),
        (
            "shop",
            "SELECT COUNT_IF(status = 'paid') FROM orders",
            "SELECT SUM(CASE WHEN status = 'paid' THEN 1 ELSE 0 END) FROM orders",
        ),
        (
            "shop",
            "SELECT status, COUNT(*) * 100.0 / SUM(COUNT(*)) OVER () FROM orders GROUP BY status",
            "SELECT status, ROUND(CAST(COUNT(*) AS DOUBLE) / (SELECT COUNT(*) FROM orders), 4) "
            "FROM orders GROUP BY status",
        ),
        (
            "shop",
            "SELECT customer_name FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o "
            "WHERE o.customer_id = c.customer_id)",
            "SELECT customer_name FROM customers LEFT JOIN orders ON "
            "orders.customer_id = customers.customer_id WHERE orders.customer_id IS NULL",
        ),
        (
            "shop",
            "SELECT * FROM (SELECT country, COUNT(*) AS n FROM customers GROUP BY country) x "
            "WHERE n > 1",
            "SELECT country, COUNT(*) FROM customers GROUP BY country HAVING COUNT(*) > 1",
        ),
        (
            "planes",
            "SELECT carrier, AVG(dep_delay) FROM flights WHERE origin = 'JFK' OR origin = 'EWR' "
            "GROUP BY carrier",
            "SELECT AVG(dep_delay) AS d, carrier FROM planes.flights WHERE origin IN "
            "('EWR', 'JFK') GROUP BY 2",
        ),
    ],
)
def test_two_ways_to_write_one_question_have_one_essence(name: str, one: str, other: str) -> None:
    dictionary = small_database(name).dictionary
    assert same_question(_read(name, one), _read(name, other), dictionary)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("shop", "SELECT COUNT(*) FROM orders", "SELECT COUNT(*) FROM customers"),
        ("shop", "SELECT SUM(total_amount) FROM orders", "SELECT AVG(total_amount) FROM orders"),
        (
            "shop",
            "SELECT COUNT(*) FROM orders WHERE status = 'paid'",
            "SELECT COUNT(*) FROM orders WHERE status <> 'paid'",
        ),
        (
            "shop",
            "SELECT COUNT(*) FROM orders WHERE order_date < DATE '2024-02-01'",
            "SELECT COUNT(*) FROM orders WHERE order_date <= DATE '2024-02-01'",
        ),
    ],
)
def test_other_questions_have_another_essence(name: str, one: str, other: str) -> None:
    dictionary = small_database(name).dictionary
    assert not same_question(_read(name, one), _read(name, other), dictionary)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT SUM(total_amount * 1.18) FROM orders",
        "SELECT a.order_id FROM orders a JOIN orders b ON a.customer_id = b.customer_id",
        "SELECT LAG(total_amount) OVER (ORDER BY order_date) FROM orders",
        "SELECT COUNT(*) FROM unknown_table",
        "SELECT COUNT(*) FROM orders WHERE order_date > current_date - interval '7' day",
        "SELECT 1",
        "VALUES (1)",
        "not sql at all (",
        "DROP TABLE orders",
    ],
)
def test_what_a_plan_cannot_say_is_named(sql: str) -> None:
    reading = plan_of(sql, small_database("shop").dictionary)
    assert not reading.is_whole
    assert reading.unread


def test_chips_of_a_models_sql_tell_what_was_read_and_what_was_not() -> None:
    dictionary = small_database("shop").dictionary
    sql = (
        "SELECT country, SUM(total_amount) AS revenue, STDDEV(total_amount) FROM orders JOIN "
        "customers USING (customer_id) WHERE status = 'paid' AND order_date >= DATE '2024-01-01' "
        "GROUP BY country ORDER BY revenue DESC LIMIT 3"
    )
    chips = {(chip.kind, chip.text) for chip in chips_of(plan_of(sql, dictionary), dictionary)}
    assert ("measure", "total amount") in chips
    assert ("dimension", "by country") in chips
    assert ("filter", "status is paid") in chips
    assert ("limit", "the first 3") in chips
    assert any(kind == "period" and "2024" in text for kind, text in chips)
    assert any(kind == "note" and "STDDEV" in text for kind, text in chips)
