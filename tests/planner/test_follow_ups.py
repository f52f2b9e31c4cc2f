"""Every question that is offered can be answered, and means what it says."""

from datetime import date

import pytest

from domain.answer import WriteRequest
from domain.dictionary import ColumnRole, Dictionary
from domain.draft import DraftRequest, SqlDraft
from domain.evidence import Evidence
from domain.summary import Summary
from planner.drafter import EmbeddedDrafter
from planner.telling.follow_ups import FollowUps
from tests.planner.small_data import small_database

TODAY = date(2024, 3, 15)


def dictionary(name: str) -> Dictionary:
    """The small database with a role for columns that group rows."""
    found = small_database(name).dictionary.model_copy(deep=True)
    for table in found.tables:
        for column in table.columns:
            if column.role is ColumnRole.TEXT and column.distinct_count < table.row_count:
                column.role = ColumnRole.DIMENSION
    return found


async def draft(question: str, known: Dictionary) -> SqlDraft:
    request = DraftRequest(question=question, dictionary=known, evidence=Evidence(), today=TODAY)
    outcome = await EmbeddedDrafter().draft(request)
    assert isinstance(outcome, SqlDraft), question
    return outcome


async def follow_ups(question: str, known: Dictionary) -> tuple[str, ...]:
    drafted = await draft(question, known)
    nothing = Summary(columns=(), rows=(), true_row_count=0)
    request = WriteRequest(question=question, dictionary=known, summary=nothing, plan=drafted.plan)
    return await FollowUps(EmbeddedDrafter()).questions(request)


@pytest.mark.parametrize(
    ("schema", "question"),
    [
        ("shop", "How many orders are there?"),
        ("shop", "Total amount of orders by status"),
        ("shop", "Number of orders per month"),
        ("shop", "Number of orders for India in February 2024"),
        ("planes", "Average departure delay by carrier"),
        ("planes", "How many flights are there per origin?"),
    ],
)
async def test_every_follow_up_is_answered(schema: str, question: str) -> None:
    known = dictionary(schema)
    offered = await follow_ups(question, known)
    assert offered
    for each in offered:
        drafted = await draft(each, known)
        small_database(schema).rows_of_athena(drafted.sql)


async def test_splits_and_trend_follow_a_total() -> None:
    assert await follow_ups("How many orders are there?", dictionary("shop")) == (
        "Number of orders by status",
        "Number of orders per month",
    )


async def test_a_course_is_not_offered_again() -> None:
    offered = await follow_ups("Number of orders per month", dictionary("shop"))
    assert not any("per month" in question for question in offered)


async def test_conditions_and_period_are_kept() -> None:
    offered = await follow_ups("Number of orders for India in February 2024", dictionary("shop"))
    assert offered
    assert all("for India in February 2024" in question for question in offered)
