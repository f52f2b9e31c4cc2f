"""Comparisons with rows, sets without rows, either period: as hand-written SQL answers them."""

import pytest

from domain.draft import CannotAnswer, SqlDraft
from planner.sql_reading.plan_of import plan_of, same_question
from tests.planner.small_data import small_database
from tests.planner.test_drafter import _plain, draft

ANSWERS = [
    (
        "shop",
        "orders in March 2024 compared with the month before",
        "SELECT 2, 3, 0.5",
    ),
    (
        "school",
        "What is the ratio of female to male students?",
        "SELECT 3.0 / 2",
    ),
    (
        "school",
        "What is the ratio of women to men by home city of students?",
        "SELECT count(*) FILTER (sex = 'F') / nullif(count(*) FILTER (sex = 'M'), 0)::DOUBLE, "
        "home_city FROM student GROUP BY home_city",
    ),
    (
        "school",
        "Which home cities have more female than male students?",
        "SELECT 'Delhi'",
    ),
    (
        "school",
        "Which advisors have fewer female students than male students?",
        "SELECT name FROM advisor WHERE FALSE",
    ),
    (
        "planes",
        "Which origins have more flights on weekends than on weekdays?",
        "SELECT 'LGA'",
    ),
    (
        "school",
        "What is the first name of the youngest student of the advisor with the highest salary?",
        "SELECT 'Ann'",
    ),
    (
        "school",
        "Which advisors earn more than at least one advisor?",
        "SELECT name FROM advisor WHERE salary > (SELECT min(salary) FROM advisor)",
    ),
    (
        "school",
        "Show the first names of students older than the youngest student",
        "SELECT fname FROM student WHERE age > (SELECT min(age) FROM student)",
    ),
    (
        "school",
        "Which advisors have a salary lower than average?",
        "SELECT name FROM advisor WHERE salary < (SELECT avg(salary) FROM advisor)",
    ),
    (
        "school",
        "Which advisors earn more than average?",
        "SELECT name FROM advisor WHERE salary > (SELECT avg(salary) FROM advisor)",
    ),
    (
        "school",
        "Show the first names of students aged either 19 or 20",
        "SELECT fname FROM student WHERE age IN (19, 20)",
    ),
    (
        "school",
        "Which home cities have no student older than 21?",
        "SELECT home_city FROM student EXCEPT SELECT home_city FROM student WHERE age > 21",
    ),
    (
        "school",
        "List the forenames of students and their surnames",
        "SELECT fname, lname FROM student",
    ),
    (
        "school",
        "How many students does the advisor with the highest salary have?",
        "SELECT count(*) FROM student WHERE advisor_id = 1",
    ),
    (
        "school",
        "Show the home cities and the number of students in that home city",
        "SELECT home_city, count(*) FROM student GROUP BY home_city",
    ),
    (
        "shop",
        "How many orders were placed before February 2024 or after February 2024?",
        "SELECT count(*) FROM orders WHERE order_date < '2024-02-01' OR order_date >= '2024-03-01'",
    ),
    (
        "shop",
        "Which order ids contain at least two order items?",
        "SELECT order_id FROM order_items GROUP BY order_id HAVING count(*) >= 2",
    ),
    (
        "shop",
        "Which statuses have more than 2 records?",
        "SELECT status FROM orders GROUP BY status HAVING count(*) > 2",
    ),
]


@pytest.mark.parametrize(
    ("question", "lost"),
    [
        ("List the names and information of customers", "information"),
        ("List the customer names and values", "values"),
    ],
)
async def test_one_more_thing_in_a_list_is_not_dropped(question: str, lost: str) -> None:
    outcome = await draft("shop", question)
    assert isinstance(outcome, CannotAnswer), outcome
    assert lost in outcome.unplaced


@pytest.mark.parametrize(("schema", "question", "expected"), ANSWERS, ids=[a[1] for a in ANSWERS])
async def test_they_are_answered(schema: str, question: str, expected: str) -> None:
    outcome = await draft(schema, question)
    assert isinstance(outcome, SqlDraft), outcome
    database = small_database(schema)
    mine = _plain(database.rows_of_athena(outcome.sql))
    assert sorted(mine) == sorted(_plain(database.rows(expected))), outcome.sql
    plan = plan_of(outcome.sql, database.dictionary)
    assert outcome.plan is not None
    assert plan.plan is not None
    assert same_question(outcome.plan, plan.plan, database.dictionary)


@pytest.mark.parametrize(
    ("schema", "question"),
    [
        ("school", "Which course has the most students in the largest home city?"),
        ("school", "What is the ratio of students?"),
        ("school", "Which home cities have more female students than advisors?"),
    ],
)
async def test_two_sides_that_are_not_alike_are_no_figure(schema: str, question: str) -> None:
    assert not isinstance(await draft(schema, question), SqlDraft)


@pytest.mark.parametrize(
    ("schema", "question"),
    [
        ("shop", "Which is the best customer?"),
        ("school", "What is the largest home city of students?"),
        ("school", "What is the home city of students whose home city is Delhi?"),
    ],
)
async def test_no_number_of_rows_and_no_repetition_stands_for_an_answer(
    schema: str, question: str
) -> None:
    outcome = await draft(schema, question)
    assert not isinstance(outcome, SqlDraft), outcome.sql
