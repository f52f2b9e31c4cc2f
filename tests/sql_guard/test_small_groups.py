"""Groups of few persons are left out of the result, by running."""

from collections import Counter

import pytest

from sql_guard.guard import Guard
from tests.sql_guard.shop import catalog, policy
from tests.sql_guard.shop_data import ShopDatabase

K = 4
GUARD = Guard(catalog(), policy(min_group_size=K))


@pytest.fixture(scope="module")
def database() -> ShopDatabase:
    return ShopDatabase()


def _people_by(database: ShopDatabase, expression: str, source: str) -> Counter[object]:
    rows = database.run(
        f"SELECT {expression}, count(DISTINCT customer_id) FROM {source} GROUP BY 1"
    )
    return Counter({label: count for label, count in rows if isinstance(count, int)})


@pytest.mark.parametrize(
    ("sql", "expression", "source"),
    [
        ("SELECT age, count(*) FROM customers GROUP BY age", "age", "customers"),
        ("SELECT DISTINCT age FROM customers", "age", "customers"),
        ("SELECT seconds, max(device) FROM sessions GROUP BY 1", "seconds", "sessions"),
        ("SELECT city FROM customers GROUP BY city HAVING count(*) > 1", "city", "customers"),
        (
            "WITH s AS (SELECT customer_id, seconds AS x FROM sessions) "
            "SELECT x, count(*) FROM s GROUP BY x",
            "seconds",
            "sessions",
        ),
        (
            "SELECT s.seconds, count(*) FROM sessions s JOIN customers c USING (customer_id) "
            "GROUP BY s.seconds",
            "seconds",
            "sessions",
        ),
    ],
)
def test_no_group_of_fewer_persons_is_shown(
    sql: str, expression: str, source: str, database: ShopDatabase
) -> None:
    verdict = GUARD.check(sql)
    assert verdict.notes == ("Groups that rest on fewer than 4 persons are left out.",)
    people = _people_by(database, expression, source)
    shown = {row[0] for row in database.run(verdict.sql)}
    assert shown == {label for label, count in people.items() if count >= K}
    assert GUARD.check(verdict.sql).sql == verdict.sql


def test_a_total_over_few_persons_is_empty(database: ShopDatabase) -> None:
    verdict = GUARD.check("SELECT avg(age) FROM customers WHERE customer_id < 3")
    assert database.run(verdict.sql) == []


def test_groups_of_rows_that_are_not_about_persons_stay(database: ShopDatabase) -> None:
    verdict = GUARD.check("SELECT order_id, sum(total) FROM orders GROUP BY order_id")
    assert verdict.notes == ()
    assert len(database.run(verdict.sql)) == 120


def test_what_a_person_did_may_be_averaged_over_persons(database: ShopDatabase) -> None:
    verdict = GUARD.check(
        "WITH per AS (SELECT customer_id, sum(seconds) AS s FROM sessions GROUP BY customer_id) "
        "SELECT avg(s), count(*) FROM per"
    )
    assert [row[1] for row in database.run(verdict.sql)] == [29]


def test_persons_that_cannot_be_counted_are_a_refusal() -> None:
    verdict = GUARD.check(
        "SELECT seconds, count(*) FROM (SELECT seconds FROM sessions) GROUP BY seconds"
    )
    assert [violation.rule for violation in verdict.violations] == ["small_groups_unverifiable"]
    assert "person key" in verdict.violations[0].hint
