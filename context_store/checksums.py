"""Check digits of payment cards and Aadhaar numbers, counted inside the warehouse.

One number of ten passes by chance, so a column of other long numbers is told from one of these.
"""

from collections.abc import Iterator
from enum import StrEnum

_PLACES = "0123456789"
_PERMUTATION = "1576283094"
_DOUBLED = "0246813579"
"""The sum of the digits of twice a digit."""


class Checksum(StrEnum):
    """How the digits of a number hold each other."""

    LUHN = "luhn"
    """Payment cards, 16 digits."""
    VERHOEFF = "verhoeff"
    """Aadhaar, 12 digits."""


_LENGTHS = {Checksum.LUHN: 16, Checksum.VERHOEFF: 12}
SURE = 0.5
"""From this share on, numbers are what they look like; mistyped ones may be among them."""


def read_digits(digits: str, checksum: Checksum, name: str) -> list[str]:
    """Returns what to select of `digits`, text of digits alone, so that `is_right` can be asked."""
    if checksum is Checksum.LUHN:
        return [f"{_luhn(digits)} AS {name}"]
    return [*_verhoeff(digits, name)]


def is_right(checksum: Checksum, name: str) -> str:
    """Returns SQL that is true where the check digit is right, over what `read_digits` selects."""
    if checksum is Checksum.LUHN:
        return f"mod({name}, 10) = 0"
    turns, flips = (
        [f"{name}{kind}{place}" for place in range(_LENGTHS[checksum])] for kind in "tf"
    )
    signed = [
        f"(1 - 2 * mod({' + '.join(['0', *flips[:place]])}, 2)) * {turn}"
        for place, turn in enumerate(turns)
    ]
    return f"(mod({' + '.join(signed)}, 5) = 0 AND mod({' + '.join(flips)}, 2) = 0)"


def has_length(digits: str, checksum: Checksum) -> str:
    """Returns SQL that is true where there are as many digits as there have to be."""
    return f"length({digits}) = {_LENGTHS[checksum]}"


def _luhn(digits: str) -> str:
    """Every second digit counts twice; all in all a multiple of ten."""
    terms = [
        _looked_up(_DOUBLED, digits, place) if place % 2 else _looked_up(_PLACES, digits, place)
        for place in range(1, _LENGTHS[Checksum.LUHN] + 1)
    ]
    return " + ".join(terms)


def _verhoeff(digits: str, name: str) -> Iterator[str]:
    """From the right, each digit is permuted by its place, then multiplied in.

    The product is that of turns and flips of a pentagon: after an odd number of flips turns go
    the other way. It is nothing where the flips are even and the turns a multiple of five.
    """
    length, permutation = _LENGTHS[Checksum.VERHOEFF], _PLACES
    for place in range(length):
        for kind, table in (
            ("t", "".join(str(int(one) % 5) for one in permutation)),
            ("f", "".join(str(int(one) // 5) for one in permutation)),
        ):
            yield f"{_looked_up(table, digits, length - place)} AS {name}{kind}{place}"
        permutation = "".join(_PERMUTATION[int(one)] for one in permutation)


def _looked_up(table: str, digits: str, place: int) -> str:
    """Returns what stands in a table of ten at the digit in a place."""
    digit = f"substr({digits}, {place}, 1)"
    return f"TRY_CAST(translate({digit}, '{_PLACES}', '{table}') AS integer)"
