"""Words that people ask with: sizes, lateness, clocks, quarters, shares and courses of time."""

import pytest

from domain.draft import CannotAnswer, SqlDraft
from tests.planner.small_data import small_database
from tests.planner.test_drafter import draft

_LATE_SHARE = "avg((dep_delay > 0)::INT)"
_HOUR = "hour(departed)"
ANSWERS = [
    ("school", "How many students are measured?", "SELECT count(*) FROM student"),
    ("shop", "How many kinds of products are there?", "SELECT 3"),
    (
        "planes",
        "How many flights arrived late?",
        "SELECT count(*) FROM flights WHERE arr_delay > 0",
    ),
    (
        "planes",
        "How many flights departed more than 30 minutes late?",
        "SELECT count(*) FROM flights WHERE dep_delay > 30",
    ),
    ("planes", "How many flights departed early?", "SELECT 0"),
    ("planes", "What share of flights departed late?", f"SELECT {_LATE_SHARE} FROM flights"),
    (
        "planes",
        "Share of flights that departed late by origin",
        f"SELECT origin, {_LATE_SHARE} FROM flights GROUP BY 1",
    ),
    (
        "planes",
        "Average distance by origin, longest first",
        "SELECT origin, avg(distance_km) FROM flights GROUP BY 1 ORDER BY 2 DESC",
    ),
    (
        "planes",
        "Average distance per dest, lowest first",
        "SELECT dest, avg(distance_km) d FROM flights GROUP BY 1 ORDER BY d",
    ),
    (
        "planes",
        "How many flights departed between 9 am and noon?",
        f"SELECT count(*) FROM flights WHERE {_HOUR} IN (9, 10, 11)",
    ),
    (
        "planes",
        "Flights from 4 pm to 8am",
        f"SELECT count(*) FROM flights WHERE {_HOUR} >= 16 OR {_HOUR} < 8",
    ),
    (
        "planes",
        "Flights by hour",
        f"SELECT {_HOUR} h, count(*) FROM flights GROUP BY 1 ORDER BY h",
    ),
    ("planes", "What is the furthest dest?", "SELECT 'SFO'"),
    ("planes", "Longest flight", "SELECT max(distance_km) FROM flights"),
    (
        "shop",
        "Orders in the first quarter of 2024",
        "SELECT count(*) FROM orders WHERE order_date < '2024-04-01'",
    ),
    ("shop", "Orders in the second half of 2024", "SELECT 0"),
    (
        "shop",
        "How did orders change from January to March 2024?",
        "SELECT date_trunc('month', order_date) m, count(*) FROM orders GROUP BY 1 ORDER BY m",
    ),
    (
        "shop",
        "How many customers ordered lamp in February 2024?",
        "SELECT count(DISTINCT customer_id) FROM orders JOIN order_items USING (order_id)"
        " WHERE product = 'lamp' AND order_date BETWEEN '2024-02-01' AND '2024-02-29'",
    ),
    ("shop", "Top 2 products", "SELECT unnest(['lamp', 'desk'])"),
    ("school", "Which home city has the most students?", "SELECT 'Delhi'"),
]


@pytest.mark.parametrize(("schema", "question", "expected"), ANSWERS, ids=[a[1] for a in ANSWERS])
async def test_everyday_words_are_read(schema: str, question: str, expected: str) -> None:
    outcome = await draft(schema, question)
    assert isinstance(outcome, SqlDraft), outcome
    database = small_database(schema)
    mine = [frozenset(map(str, row)) for row in database.rows_of_athena(outcome.sql)]
    gold = [frozenset(map(str, row)) for row in database.rows(expected)]
    if "ORDER BY" not in expected:
        mine, gold = sorted(mine, key=sorted), sorted(gold, key=sorted)
    assert mine == gold, outcome.sql


async def test_half_a_name_is_no_value() -> None:
    outcome = await draft("planes", "How many flights left from each New York airport?")
    assert isinstance(outcome, CannotAnswer)


async def test_both_periods_are_not_read_as_one_long_period() -> None:
    outcome = await draft("shop", "How many customers ordered in both January and February 2024?")
    assert isinstance(outcome, CannotAnswer)
