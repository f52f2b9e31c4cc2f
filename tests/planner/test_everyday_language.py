"""Words that people ask with: sizes, lateness, clocks, quarters, shares and courses of time."""

import pytest

from domain.draft import CannotAnswer, DraftRequest, SqlDraft
from domain.evidence import Evidence
from planner.drafter import EmbeddedDrafter
from tests.planner.small_data import small_database
from tests.planner.test_drafter import TODAY, draft

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
    ("shop", "Top 2 products", "SELECT unnest(['lamp', 'chair'])"),
    ("school", "Which home city has the most students?", "SELECT 'Delhi'"),
    (
        "school",
        "Who is the second oldest student?",
        "SELECT fname, lname FROM student ORDER BY age DESC LIMIT 1 OFFSET 1",
    ),
    ("school", "What is the second highest salary of advisors?", "SELECT 75000.0"),
    ("planes", "Second largest origin by number of flights", "SELECT 'EWR'"),
    ("planes", "Pie chart of the number of dest", "SELECT dest, count(*) FROM flights GROUP BY 1"),
    (
        "school",
        "Show a bar chart of the name and salary of advisors",
        "SELECT name, salary FROM advisor",
    ),
    (
        "shop",
        "How many orders were placed after January 2024 and before March 2024?",
        "SELECT count(*) FROM orders WHERE date_trunc('month', order_date) = DATE '2024-02-01'",
    ),
    (
        "shop",
        "How many orders are paid and how many are returned?",
        "SELECT status, count(*) FROM orders GROUP BY 1",
    ),
    (
        "shop",
        "Which customers have paid orders or live in India?",
        "SELECT customer_name FROM customers WHERE customer_name <> 'Nobody'",
    ),
    (
        "shop",
        "How many customers are from India or bought a chair?",
        "SELECT 3",
    ),
    (
        "school",
        "students who are female or enrolled in Chemistry",
        "SELECT fname, lname FROM student WHERE sex = 'F' OR stu_id = 4",
    ),
    (
        "shop",
        "customers who bought a lamp and a desk",
        "SELECT 'Asha'",
    ),
    (
        "school",
        "Find the advisors whose name contains the letter k",
        "SELECT name FROM advisor WHERE name ILIKE '%k%'",
    ),
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


@pytest.mark.parametrize(
    ("rules", "start", "end"),
    [
        (["Our fiscal year begins in April."], "2023-04-01", "2024-04-01"),
        (["Fiscal years run from 1 October to 30 September."], "2023-10-01", "2024-10-01"),
    ],
)
async def test_a_rule_says_when_a_fiscal_year_begins(
    rules: list[str], start: str, end: str
) -> None:
    database = small_database("shop")
    ruled = database.dictionary.model_copy(update={"business_rules": rules})
    request = DraftRequest(
        question="How many orders were there in fiscal year 2024?",
        dictionary=ruled,
        evidence=Evidence(),
        today=TODAY,
    )
    outcome = await EmbeddedDrafter().draft(request)
    assert isinstance(outcome, SqlDraft), outcome
    expected = f"SELECT count(*) FROM orders WHERE order_date >= '{start}' AND order_date < '{end}'"
    assert database.rows_of_athena(outcome.sql) == database.rows(expected)


async def test_without_a_rule_a_fiscal_year_is_not_guessed() -> None:
    outcome = await draft("shop", "How many orders were there in fiscal year 2024?")
    assert isinstance(outcome, CannotAnswer)
    assert "fiscal" in outcome.unplaced
