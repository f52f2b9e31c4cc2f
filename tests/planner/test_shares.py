"""Parts of a whole, and words that must not be dropped on the way to a plan."""

import pytest

from domain.draft import CannotAnswer, SqlDraft
from tests.planner.small_data import small_database
from tests.planner.test_drafter import draft

SHARES = [
    (
        "shop",
        "What share of India orders were returned?",
        "SELECT avg((status = 'returned')::INT) FROM orders JOIN customers USING (customer_id) "
        "WHERE country = 'India'",
    ),
    (
        "shop",
        "What percentage of customers in India have no orders?",
        "SELECT avg((customer_id NOT IN (SELECT customer_id FROM orders))::INT) "
        "FROM customers WHERE country = 'India'",
    ),
    (
        "shop",
        "Asha's share of orders in March 2024",
        "SELECT avg((customer_name = 'Asha')::INT) FROM orders JOIN customers USING (customer_id) "
        "WHERE order_date >= '2024-03-01'",
    ),
    (
        "shop",
        "What share of the total amount was returned?",
        "SELECT sum(total_amount) FILTER (WHERE status = 'returned') / sum(total_amount) "
        "FROM orders",
    ),
    (
        "shop",
        "Share of total amount by status",
        "SELECT status, sum(total_amount) / (SELECT sum(total_amount) FROM orders) "
        "FROM orders GROUP BY 1",
    ),
    (
        "school",
        "What proportion of students from Delhi are female?",
        "SELECT avg((sex = 'F')::INT) FROM student WHERE home_city = 'Delhi'",
    ),
]


def _numbers(rows: list[tuple[object, ...]]) -> list[list[str]]:
    return sorted(
        sorted(f"{v:.6g}" if isinstance(v, float | int) else str(v) for v in row) for row in rows
    )


@pytest.mark.parametrize(("schema", "question", "expected"), SHARES)
async def test_a_share_tells_the_part_from_the_whole(
    schema: str, question: str, expected: str
) -> None:
    outcome = await draft(schema, question)
    assert isinstance(outcome, SqlDraft), outcome
    database = small_database(schema)
    mine = _numbers(database.rows_of_athena(outcome.sql))
    assert mine == _numbers(database.rows(expected)), outcome.sql


@pytest.mark.parametrize(
    ("schema", "question"),
    [
        ("shop", "share of India"),
        ("shop", "What is the ratio of orders to customers?"),
        ("planes", "What is the average of the carriers?"),
        ("shop", "What share of orders?"),
    ],
)
async def test_a_share_a_ratio_or_an_average_is_read_or_refused(schema: str, question: str) -> None:
    assert isinstance(await draft(schema, question), CannotAnswer)


async def test_what_is_told_of_other_rows_is_no_condition_of_these() -> None:
    outcome = await draft("school", "How many students are there per grade of Algebra?")
    assert not isinstance(outcome, SqlDraft) or "Algebra" in outcome.sql
