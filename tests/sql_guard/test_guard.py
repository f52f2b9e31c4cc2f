"""The guard through its public seam: what a verdict says."""

import pytest

from sql_guard.guard import Guard
from tests.sql_guard.shop import catalog, guard, policy


def test_allowed_statement_is_regenerated_with_every_name_quoted_and_a_limit() -> None:
    verdict = guard().check("select Status, count(*) as n from orders group by 1 -- by status")
    assert verdict.allowed
    assert " ".join(verdict.sql.split()) == (
        'SELECT "orders"."status" AS "status", COUNT(*) AS "n" FROM "orders" AS "orders" '
        'GROUP BY "orders"."status" LIMIT 100000'
    )


def test_a_name_that_select_gives_is_written_out_where_it_groups() -> None:
    named = guard().check("select status as s, count(*) as n from orders group by s")
    plain = guard().check("select status as s, count(*) as n from orders group by status")
    assert named.allowed
    assert named.sql == plain.sql


@pytest.mark.parametrize(
    ("sql", "rule", "hint"),
    [
        ("select totl from orders", "column_not_found", "`total`"),
        ("select o.totl from orders o", "column_not_found", "`total`"),
        ("select nope.total from orders o", "column_not_found", "`total`"),
        ("select count(*) from ordrs", "table_not_allowed", "`orders`"),
        ("select email from customers", "denied_column", "COUNT(DISTINCT email)"),
        ("select count(*) n from orders having n > 1", "alias_not_usable", "repeat"),
        ("select city from customers", "listing_of_individuals", "grouped"),
        ("select o.total from orders o, stores s", "untied_join", "ON"),
        ("delete from orders", "not_a_query", "SELECT"),
        ("select date_truncate('day', day) from orders", "function_not_allowed", "date_trunc"),
    ],
)  # fmt: skip
def test_a_rejection_names_rule_reason_and_remedy(sql: str, rule: str, hint: str) -> None:
    verdict = guard().check(sql)
    assert not verdict.allowed
    assert verdict.sql == ""
    assert rule in {violation.rule for violation in verdict.violations}
    violation = next(v for v in verdict.violations if v.rule == rule)
    assert violation.message.endswith(".")
    assert hint in violation.hint


def test_the_smaller_limit_wins() -> None:
    small = Guard(catalog(), policy(row_cap=10))
    assert small.check("select order_id from orders limit 5").sql.endswith("LIMIT 5")
    assert small.check("select order_id from orders limit 50").sql.endswith("LIMIT 10")
    assert small.check("select order_id from orders").sql.endswith("LIMIT 10")
