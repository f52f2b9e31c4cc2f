"""Questions for change: between two periods, of plain sums and of what is lost or gained."""

import pytest

from domain.draft import CannotAnswer, SqlDraft
from tests.planner.small_data import small_database
from tests.planner.test_drafter import draft

_MONTHS = "from February to March 2024"


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        (f"By how much did orders increase {_MONTHS}?", [(2, 3, 0.5)]),
        ("difference in orders between February and March 2024", [(2, 3, 1)]),
        (
            f"Which country lost the most total amount {_MONTHS}?",
            [("India", 80.0, 15.0, -65.0)],
        ),
        (
            f"Which country gained the most total amount {_MONTHS}?",
            [("Kenya", 40.0, 75.0, 35.0)],
        ),
        (
            f"Which country grew the most in total amount {_MONTHS}?",
            [("Kenya", 40.0, 75.0, 0.875)],
        ),
        (f"Did orders go up or down {_MONTHS}?", [(2, 3, 0.5)]),
        (
            "Are orders growing month over month?",
            [("2024-01-01", 1), ("2024-02-01", 2), ("2024-03-01", 3)],
        ),
    ],
)
async def test_change_is_told_in_the_unit_that_was_asked_for(
    question: str, rows: list[tuple[object, ...]]
) -> None:
    outcome = await draft("shop", question)
    assert isinstance(outcome, SqlDraft), outcome
    found = small_database("shop").rows_of_athena(outcome.sql)
    told = [{str(value).removesuffix(" 00:00:00") for value in row} for row in found]
    assert told == [{str(value) for value in row} for row in rows], outcome.sql


async def test_growth_of_no_period_is_refused() -> None:
    assert isinstance(await draft("shop", "Which country lost the most orders?"), CannotAnswer)
