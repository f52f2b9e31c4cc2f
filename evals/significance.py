"""Whether a difference between two runs of the same samples is more than chance."""

import random
from collections.abc import Sequence
from math import comb

_DRAWS = 2_000
_SEED = 20_261_126


def mcnemar_p(lost: int, won: int) -> float:
    """Returns the exact two-sided p of McNemar's test over the samples that flipped."""
    flips = lost + won
    if flips == 0:
        return 1.0
    tail = sum(comb(flips, k) for k in range(min(lost, won) + 1))
    return float(min(1.0, 2 * tail / 2**flips))


def bootstrap_interval(
    differences: Sequence[float], confidence: float = 0.95
) -> tuple[float, float]:
    """Returns the interval of the mean paired difference, by resampling; (0, 0) for none.

    The draws are seeded, so that the same two runs always give the same interval.
    """
    if not differences:
        return 0.0, 0.0
    chance = random.Random(_SEED)  # noqa: S311 statistics, no secret
    count = len(differences)
    means = sorted(sum(chance.choices(differences, k=count)) / count for _ in range(_DRAWS))
    edge = (1 - confidence) / 2
    return means[int(edge * _DRAWS)], means[int((1 - edge) * _DRAWS) - 1]
