"""Questions for figures within an entity, and for groups against other groups."""

import pytest

from domain.draft import CannotAnswer, SqlDraft
from tests.planner.small_data import small_database
from tests.planner.test_drafter import draft

_ANSWERS = [
    ("shop", "What is the average number of orders per customer?", [(2.0,)]),
    ("shop", "How many orders does the average customer have?", [(2.0,)]),
    ("shop", "How many orders per customer on average?", [(2.0,)]),
    ("shop", "median number of orders per customer", [(2.0,)]),
    (
        "shop",
        "average number of orders per customer by country",
        [("India", 3.0), ("Kenya", 2.0), ("Nigeria", 1.0)],
    ),
    ("school", "average number of courses per student", [(1.75,)]),
    ("school", "How many courses does the average student take?", [(1.75,)]),
    ("shop", "How many customers have at least 2 orders?", [(2,)]),
    ("shop", "How many customers have more than 2 orders?", [(1,)]),
    ("shop", "How many customers have fewer than 2 orders?", [(2,)]),
    ("shop", "customers with more orders than the average customer", [("Asha",)]),
    ("shop", "customers with more orders than Ben", [("Asha",)]),
    ("shop", "customers with fewer orders than Ben", [("Chika",)]),
    ("shop", "customers who have more than the average number of orders", [("Asha",)]),
    ("shop", "countries with more customers than Kenya", [("India",)]),
    ("shop", "products with more order items than the average", [("lamp",)]),
    (
        "shop",
        "total amount of orders by product",
        [("chair", 115.0), ("desk", 430.5), ("lamp", 215.5)],
    ),
]


@pytest.mark.parametrize(("schema", "question", "rows"), _ANSWERS, ids=[a[1] for a in _ANSWERS])
async def test_a_figure_is_taken_on_its_own_grain(
    schema: str, question: str, rows: list[tuple[object, ...]]
) -> None:
    outcome = await draft(schema, question)
    assert isinstance(outcome, SqlDraft), outcome
    found = small_database(schema).rows_of_athena(outcome.sql)
    assert sorted(tuple(sorted(map(str, row))) for row in found) == sorted(
        tuple(sorted(map(str, row))) for row in rows
    ), outcome.sql


@pytest.mark.parametrize(
    ("schema", "question"),
    [
        ("shop", "what is the average number of customers"),
        ("shop", "average number of orders by status"),
        ("school", "total credits by home city of the student"),
        ("shop", "customers with more orders than Nobody"),
    ],
)
async def test_a_figure_of_no_clear_grain_is_refused(schema: str, question: str) -> None:
    assert isinstance(await draft(schema, question), CannotAnswer)


async def test_a_figure_within_an_entity_says_who_is_left_out() -> None:
    outcome = await draft("shop", "average number of orders per customer")
    assert isinstance(outcome, SqlDraft)
    assert "that has any" in outcome.assumptions[0].text
