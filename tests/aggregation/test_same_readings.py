"""Two readings gave the same where their rows do, whatever names and order."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from aggregation.same_readings import Rows, same_reading


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([], []),
        ([(1,)], [(Decimal("1.00"),)]),
        ([("a", 1), ("b", 2)], [(2, "b"), (1, "a")]),
        ([("a", 0.1 + 0.2)], [("a", 0.3)]),
        ([("a",), ("b",)], [("b", 7), ("a", 9)]),
        ([(date(2026, 1, 1), 3)], [(datetime(2026, 1, 1), 3)]),  # noqa: DTZ001 as engines give it
        ([(1, 1, "x")], [("x", 1, 1)]),
        ([(None, 1)], [(1, None)]),
    ],
)
def test_same(one: Rows, other: Rows) -> None:
    assert same_reading(one, other)
    assert same_reading(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([(1,)], [(2,)]),
        ([(1,)], [(1,), (1,)]),
        ([("a", 1), ("b", 2)], [("a", 2), ("b", 1)]),
        ([("a",), ("b",)], [("a", 1), ("c", 2)]),
        ([("1",)], [(1.5,)]),
        ([(1, 1)], [(1, 2)]),
    ],
)
def test_not_the_same(one: Rows, other: Rows) -> None:
    assert not same_reading(one, other)
    assert not same_reading(other, one)
