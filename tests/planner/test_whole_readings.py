"""Verbs, nouns and values of a question say which table, date and rows are meant."""

import pytest

from domain.draft import CannotAnswer, Clarification, SqlDraft
from tests.planner.small_data import small_database
from tests.planner.test_drafter import draft

_MARCH = "BETWEEN DATE '2024-03-01' AND DATE '2024-03-31'"
_MEMBERS = "SELECT count(*) FROM members m WHERE"
ANSWERS = [
    (
        "How many members in Oslo streamed Norse titles in March 2024?",
        f"{_MEMBERS} town = 'Oslo' AND member_id IN (SELECT member_id FROM plays WHERE"
        f" language = 'Norse' AND played_on {_MARCH})",
    ),
    (
        "How many members played titles in Norse in March 2024?",
        f"{_MEMBERS} member_id IN (SELECT member_id FROM plays WHERE language = 'Norse'"
        f" AND played_on {_MARCH})",
    ),
    ("How many members joined in March 2024?", f"{_MEMBERS} joined {_MARCH}"),
    (
        "How many women ordered books in March 2024?",
        f"{_MEMBERS} gender = 'Female' AND member_id IN (SELECT member_id FROM orders"
        f" WHERE goods = 'Books' AND ordered_on {_MARCH})",
    ),
    (
        "How many members did not order anything in March 2024?",
        f"{_MEMBERS} member_id NOT IN (SELECT member_id FROM orders WHERE ordered_on {_MARCH})",
    ),
    (
        "How many titles did women play in March 2024?",
        "SELECT count(DISTINCT title) FROM plays JOIN members USING (member_id)"
        f" WHERE gender = 'Female' AND played_on {_MARCH}",
    ),
    (
        "How many members ordered on Basar?",
        f"{_MEMBERS} member_id IN (SELECT member_id FROM orders JOIN apps USING (app_id)"
        " WHERE app_name = 'Basar')",
    ),
    (
        "How many Norse speaking members are there in Oslo?",
        f"{_MEMBERS} tongue = 'Norse' AND town = 'Oslo'",
    ),
    (
        "How many members never played anything?",
        f"{_MEMBERS} member_id NOT IN (SELECT member_id FROM plays)",
    ),
    (
        "What share of women ordered books in March 2024?",
        "SELECT avg((member_id IN (SELECT member_id FROM orders WHERE goods = 'Books'"
        f" AND ordered_on {_MARCH}))::INT) FROM members WHERE gender = 'Female'",
    ),
    (
        "Average price of shoes and books",
        "SELECT avg(price), goods FROM orders GROUP BY goods",
    ),
    ("How many orders of shoes and books were there?", "SELECT count(*) FROM orders"),
    ("Orders by goods in 2024", "SELECT count(*), goods FROM orders GROUP BY goods"),
]


@pytest.mark.parametrize(("question", "expected"), ANSWERS)
async def test_no_word_is_left_out_of_the_plan(question: str, expected: str) -> None:
    outcome = await draft("panel", question)
    assert isinstance(outcome, SqlDraft), outcome
    data = small_database("panel")
    assert sorted(data.rows_of_athena(outcome.sql)) == sorted(data.rows(expected)), outcome.sql


async def test_days_of_the_week_are_named_on_the_receipt() -> None:
    outcome = await draft("panel", "Average price of orders on Sundays")
    assert isinstance(outcome, SqlDraft), outcome
    texts = [assumption.text for assumption in outcome.assumptions]
    assert "day of week of ordered on is Sunday" in texts


async def test_of_several_tables_that_link_two_things_none_is_chosen_silently() -> None:
    outcome = await draft("panel", "How many members are on Kino?")
    assert isinstance(outcome, Clarification), outcome
    assert [option.label for option in outcome.options] == ["plays", "orders"]


async def test_a_verb_that_the_plan_says_nothing_of_is_named() -> None:
    outcome = await draft("panel", "How many orders were streamed in March 2024?")
    assert isinstance(outcome, CannotAnswer), outcome
    assert outcome.unplaced == ("streamed",)


async def test_two_things_that_would_be_one_column_are_not_listed_as_one() -> None:
    outcome = await draft("planes", "List the dest code and the dest town of flights")
    assert isinstance(outcome, CannotAnswer | Clarification), outcome


@pytest.mark.parametrize(
    "question", ["Top 3 orders in each town", "What did women in Oslo order most?"]
)
async def test_rows_that_would_be_counted_once_each_are_not_ranked(question: str) -> None:
    assert isinstance(await draft("panel", question), CannotAnswer)
