import math

from aggregation.merging import exact_sum, mean

HUGE = 1.7e308


def test_a_sum_beyond_every_float_is_left_out_and_not_raised() -> None:
    assert exact_sum([HUGE, HUGE]) is None


def test_a_mean_is_told_where_the_sum_is_beyond_every_float() -> None:
    found = mean([HUGE, HUGE])
    assert found is not None
    assert math.isclose(found, HUGE)
