"""Chips say in plain words how a question was read."""

from datetime import date

import pytest

from domain.draft import DraftRequest, SqlDraft
from domain.evidence import Evidence
from domain.plan import ColumnReference, Period
from planner.drafter import EmbeddedDrafter
from planner.language.period_words import dates_of, period_phrase
from tests.planner.small_data import small_database


async def chips(question: str) -> list[str]:
    request = DraftRequest(
        question=question,
        dictionary=small_database("shop").dictionary,
        evidence=Evidence(),
        today=date(2024, 3, 15),
    )
    outcome = await EmbeddedDrafter().draft(request)
    assert isinstance(outcome, SqlDraft)
    return [chip.text for chip in outcome.assumptions]


async def test_a_period_comes_with_its_dates() -> None:
    assert await chips("How many orders were there last month?") == [
        "number of orders",
        "last month: 1 to 29 February 2024 (order date)",
    ]


async def test_the_order_of_the_calendar_goes_without_saying() -> None:
    assert await chips("Number of orders per month") == ["number of orders", "by month"]


async def test_a_ranking_says_what_it_ranks_by() -> None:
    told = await chips("Top 2 countries by number of orders")
    assert "highest number of orders first" in told
    assert "the first 2" in told


@pytest.mark.parametrize(
    ("start", "end", "label", "phrase", "dates"),
    [
        ("2024-02-01", "2024-03-01", "last month", "last month", "1 to 29 February 2024"),
        ("2024-01-01", "2024-04-01", "Q1 2024", "in Q1 2024", "1 January to 31 March 2024"),
        ("2023-12-30", "2024-01-03", "x", "in x", "30 December 2023 to 2 January 2024"),
        ("2024-02-05", "2024-02-06", "5 February 2024", "on 5 February 2024", "5 February 2024"),
        ("2024-02-05", None, "since 5 February", "since 5 February", "from 5 February 2024"),
        (None, "2024-02-05", "before 2024", "before 2024", "until 4 February 2024"),
    ],
)
def test_periods_in_words(
    start: str | None, end: str | None, label: str, phrase: str, dates: str
) -> None:
    first, last = (date.fromisoformat(day) if day else None for day in (start, end))
    column = ColumnReference(table="orders", column="order_date")
    period = Period(column=column, start=first, end=last, label=label)
    assert period_phrase(period) == phrase
    assert dates_of(period) == dates
