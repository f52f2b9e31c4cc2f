"""Warnings: the statement runs, the drafter may want to know."""

import pytest

from domain.dictionary import Relationship
from sql_guard.guard import Guard
from tests.sql_guard.shop import catalog, policy


def _many_to_one(child: str, parent: str, column: str) -> Relationship:
    return Relationship(
        child_table=child,
        child_columns=[column],
        parent_table=parent,
        parent_columns=[column],
        confidence=1.0,
    )


GUARD = Guard(
    catalog(),
    policy(),
    relationships=[
        _many_to_one("order_items", "orders", "order_id"),
        _many_to_one("orders", "stores", "store_id"),
        _many_to_one("orders", "customers", "customer_id"),
        _many_to_one("sessions", "customers", "customer_id"),
    ],
)


def _warnings(sql: str) -> list[str]:
    verdict = GUARD.check(sql)
    assert verdict.allowed, verdict.violations
    return [warning.rule for warning in verdict.warnings]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT sum(o.total) FROM orders o JOIN order_items i ON i.order_id = o.order_id",
        "SELECT avg(o.discount) FROM orders o, order_items i WHERE i.order_id = o.order_id",
        "SELECT sum(o.total) FROM orders o JOIN sessions s ON s.customer_id = o.customer_id "
        "JOIN customers c ON c.customer_id = o.customer_id WHERE s.day = date '2024-01-01'",
    ],
)
def test_a_sum_over_repeated_rows_is_warned_of(sql: str) -> None:
    assert _warnings(sql) == ["fan_out"]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT sum(i.quantity) FROM orders o JOIN order_items i ON i.order_id = o.order_id",
        "SELECT count(DISTINCT o.order_id) FROM orders o JOIN order_items i USING (order_id)",
        "SELECT max(o.total) FROM orders o JOIN order_items i ON i.order_id = o.order_id",
        "SELECT sum(o.total), s.city FROM orders o JOIN stores s USING (store_id) GROUP BY s.city",
        "SELECT sum(o.total) FROM orders o JOIN (SELECT order_id, count(*) AS n FROM order_items "
        "GROUP BY order_id) i ON i.order_id = o.order_id",
    ],
)
def test_a_sum_over_rows_that_stay_single_is_not(sql: str) -> None:
    assert _warnings(sql) == []


def test_a_scan_of_all_partitions_is_warned_of() -> None:
    verdict = GUARD.check("SELECT count(*) FROM sessions WHERE device = 'tv'")
    assert [warning.rule for warning in verdict.warnings] == ["partition_filter_missing"]
    assert "`day`" in verdict.warnings[0].hint


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM sessions WHERE day > date '2024-01-01'",
        "SELECT count(*) FROM stores t JOIN sessions s ON s.day = t.opened_on",
        "SELECT count(*) FROM (SELECT * FROM sessions WHERE day = date '2024-01-01')",
    ],
)
def test_a_scan_of_some_partitions_is_not(sql: str) -> None:
    assert _warnings(sql) == []


def test_grouping_by_a_partition_is_no_filter() -> None:
    assert _warnings("SELECT day, count(*) FROM sessions GROUP BY day") == [
        "partition_filter_missing"
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT store_id, count(*) / sum(count(*)) OVER () AS share FROM orders GROUP BY store_id",
        "SELECT sum(quantity) / count(*) FROM order_items",
        "SELECT 100 * count(DISTINCT customer_id) / (SELECT count(*) FROM orders) FROM orders",
        "WITH n AS (SELECT store_id, count(*) AS orders FROM orders GROUP BY store_id) "
        "SELECT orders / 7 FROM n",
    ],
)
def test_a_division_that_drops_the_fraction_of_a_count_is_warned_of(sql: str) -> None:
    assert "truncated_division" in _warnings(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT CAST(count(*) AS double) / sum(count(*)) OVER () AS share FROM orders "
        "GROUP BY store_id",
        "SELECT 100.0 * sum(quantity) / count(*) FROM order_items",
        "SELECT avg(quantity) / 2 FROM order_items",
        "SELECT quantity / 10 * 10 AS range, count(*) FROM order_items GROUP BY 1",
    ],
)
def test_a_division_that_keeps_or_wants_the_whole_number_is_not_warned_of(sql: str) -> None:
    assert "truncated_division" not in _warnings(sql)


def test_a_chain_of_queries_that_doubles_is_read_once_a_link() -> None:
    links = ["c0 AS (SELECT count(*) AS n FROM orders)"]
    links += [f"c{i} AS (SELECT n + n AS n FROM c{i - 1})" for i in range(1, 35)]
    assert _warnings(f"WITH {', '.join(links)} SELECT n / 3 FROM c34") == ["truncated_division"]
