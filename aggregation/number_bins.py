"""Cuts a range of numbers into few bins with round bounds."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

MAXIMUM_BINS = 20

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Bins:
    """Bins of one width, the first starting at a multiple of it. The upper bound is excluded."""

    width: Decimal
    of_integers: bool

    def index(self, value: Number) -> int:
        """Returns the position of the value's bin; bins in order have rising positions."""
        return math.floor(_exact(value) / self.width)

    def label(self, index: int) -> str:
        """Returns the bounds in words: inclusive for integers, `from up to below` otherwise."""
        lower = index * self.width
        if self.of_integers:
            upper = lower + self.width - 1
            return f"{lower:,f}" if upper == lower else f"{lower:,f} to {upper:,f}"
        return f"{lower:,f} to below {lower + self.width:,f}"


def cut(values: Collection[Number], limit: int = MAXIMUM_BINS) -> Bins:
    """Returns bins of a round width (1, 2 or 5 times a power of ten), at most `limit` of them."""
    of_integers = all(isinstance(value, int) for value in values)
    lowest, highest = _exact(min(values)), _exact(max(values))
    exponent = math.floor(math.log10((highest - lowest) / limit)) if highest > lowest else 0
    if of_integers:
        exponent = max(exponent, 0)
    while True:
        for digit in (1, 2, 5):
            bins = Bins(_power(digit, exponent), of_integers)
            if bins.index(highest) - bins.index(lowest) < limit:
                return bins
        exponent += 1


def _exact(value: Number) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _power(digit: int, exponent: int) -> Decimal:
    return digit * (Decimal(10) ** exponent)
