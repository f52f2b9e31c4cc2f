"""A figure looks the same however the engine's threads added it up."""

import pytest

from aggregation.cell import cell_of


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        (290368898.87280476, 290368898.8728045, 290368898.873),
        (160842112.00000048, 160842112.00000072, 160842112.0),
        (0.1 + 0.2, 0.3, 0.3),
        (-54.10999999999999, -54.11000000000001, -54.11),
        (1.2345678901234567e-9, 1.2345678901234569e-9, 1.23456789012e-9),
    ],
)
def test_the_noise_of_addition_is_not_shown(one: float, other: float, shown: float) -> None:
    assert cell_of(one) == cell_of(other) == shown


@pytest.mark.parametrize("value", [1234567890123.25, 9007199254740993.0, 5e-324, -0.0, 1e300])
def test_no_digit_that_counts_is_lost(value: float) -> None:
    assert cell_of(value) == value
