"""Execution match: what counts as the same result, and what does not."""

import datetime
import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.execution_match import Row, same_result

_CELLS = st.one_of(
    st.none(),
    st.integers(-3, 3),
    st.sampled_from(["a", "b"]),
    st.floats(-1e6, 1e6, allow_nan=False),
)


@st.composite
def _tables(draw: st.DrawFn) -> list[Row]:
    width = draw(st.integers(1, 4))
    return draw(st.lists(st.tuples(*[_CELLS] * width), min_size=1, max_size=8))


@settings(deadline=None)
@given(_tables(), st.randoms(use_true_random=False))
def test_rows_and_columns_may_be_permuted_and_floats_may_be_noisy(
    table: list[Row], chance: random.Random
) -> None:
    order = list(range(len(table[0])))
    chance.shuffle(order)
    turned = [[_noisy(row[index], chance) for index in order] for row in table]
    chance.shuffle(turned)
    assert same_result(table, turned)
    assert same_result(table, [[*row, "more"] for row in turned], extra_columns=True)
    assert not same_result(table, [[*row, "more"] for row in turned])


def _noisy(value: object, chance: random.Random) -> object:
    return value * (1 + chance.uniform(-2e-7, 2e-7)) if isinstance(value, float) else value


@settings(deadline=None)
@given(_tables(), st.data())
def test_one_changed_cell_is_seen(table: list[Row], data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(table) - 1))
    column = data.draw(st.integers(0, len(table[0]) - 1))
    changed = [list(cells) for cells in table]
    changed[row][column] = "changed"
    assert not same_result(table, changed)


@pytest.mark.parametrize(
    ("expected", "actual", "ordered", "is_same"),
    [
        ([(1,), (2,)], [(2,), (1,)], False, True),
        ([(1,), (2,)], [(2,), (1,)], True, False),
        ([(1, "a"), (2, "b")], [("a", 1), ("b", 2)], True, True),
        # Each column holds the same values, but they are paired otherwise.
        ([(1, "a"), (2, "b")], [(1, "b"), (2, "a")], False, False),
        ([(1, 1), (2, 2), (1, 2)], [(1, 1), (2, 2), (2, 1)], False, True),
        ([(1,), (1,), (2,)], [(1,), (2,), (2,)], False, False),
        ([(Decimal("1.50"),)], [(1.5,)], False, True),
        ([(1_000_000,)], [(1_000_002,)], False, False),
        ([(0.1 + 0.2,)], [(0.3,)], False, True),
        ([(None,)], [(0,)], False, False),
        ([("5",)], [(5,)], False, False),
        ([(datetime.date(2026, 1, 1),)], [(datetime.datetime(2026, 1, 1),)], False, True),  # noqa: DTZ001
        ([([1.0, 2],)], [([1, 2.0],)], False, True),
        ([(float("nan"),)], [(None,)], False, False),
        ([], [], False, True),
        ([], [(1,)], False, False),
    ],
)
def test_known_pairs(expected: list[Row], actual: list[Row], ordered: bool, is_same: bool) -> None:
    assert same_result(expected, actual, ordered=ordered) is is_same


def test_many_columns_with_the_same_values_are_told_apart_at_once() -> None:
    rows = [[index // (column + 1) % 2 for column in range(12)] for index in range(64)]
    turned = [row[::-1] for row in rows]
    assert same_result(rows, turned)
    turned[0][0] ^= 1
    turned[1][0] ^= 1
    assert not same_result(rows, turned)


def test_noise_around_a_boundary_does_not_part_equal_rows() -> None:
    expected = [(1.0000005, "x"), (1.0000004, "y")]
    assert same_result(expected, [(1.0000004, "x"), (1.0000005, "y")])
