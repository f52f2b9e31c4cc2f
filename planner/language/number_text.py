"""Writes numbers as people read them: separators, few digits, units in words."""

from domain.dictionary import Cell

_CURRENCIES = {"INR": "₹", "USD": "$", "EUR": "€", "GBP": "£", "₹": "₹", "$": "$"}
_PERCENT = ("%", "percent")
_SCALE_WORDS = ("thousand", "lakh", "million", "crore", "billion", "k", "mn", "bn", "cr")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_FEW = 120
"""Up to so many seconds or minutes are said as they are; more become the next larger unit."""
_LONGEST_SYMBOL = 2
_LARGE = 1000
"""From here on decimals say nothing."""
_SMALLEST_COIN = 0.01
_IRREGULAR = {"person": "people", "child": "children", "foot": "feet"}


def quantity(value: Cell, unit: str = "") -> str:
    """Returns a number with its unit, such as `₹1,200`, `12.5%` or `3.2 hours`.

    Seconds and minutes are told in the largest unit that keeps the number above two.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "no value" if value is None else str(value)
    number: float = value
    if unit in _CURRENCIES:
        return f"{'-' if number < 0 else ''}{_CURRENCIES[unit]}{_money(abs(number))}"
    if unit in _PERCENT:
        return f"{plain_number(round(float(number), 1))}%"
    if unit in _SECONDS:
        return _span(number, unit)
    return _with_noun(number, unit)


def plain_number(value: float) -> str:
    """Returns a number with thousands separators and no more digits than matter."""
    if isinstance(value, int) or float(value).is_integer():
        return f"{int(value):,}"
    size = abs(value)
    if size >= _LARGE:
        return f"{value:,.0f}"
    if size >= 100:
        return _trimmed(f"{value:,.1f}")
    if size >= 1:
        return _trimmed(f"{value:.2f}")
    return _trimmed(f"{value:.{_decimals_below_one(size)}f}")


def _money(amount: float) -> str:
    """Two decimals, or none where the amount is whole or large."""
    if amount >= _LARGE or float(amount).is_integer():
        return f"{amount:,.0f}"
    return f"{amount:.2f}" if amount >= _SMALLEST_COIN else plain_number(amount)


def percent(part: float) -> str:
    """Returns a percentage of one decimal, such as `17.4%`; `part` is in percent points."""
    return f"{_trimmed(f'{part:,.1f}')}%"


def _decimals_below_one(size: float) -> int:
    """Three digits that matter, at most nine places."""
    places = 3
    while places < 9 and size * 10 ** (places - 2) < 1:
        places += 1
    return places


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _span(number: float, unit: str) -> str:
    seconds = abs(number) * _SECONDS[unit]
    for larger in ("hour", "minute", "second"):
        enough = seconds >= 2 * _SECONDS[larger]
        if larger == unit or (enough and _SECONDS[larger] > _SECONDS[unit] and abs(number) > _FEW):
            return _with_noun(number * _SECONDS[unit] / _SECONDS[larger], larger)
    return _with_noun(number, unit)


def _with_noun(number: float, unit: str) -> str:
    text = plain_number(number)
    if not unit:
        return text
    if unit.split()[0].lower() in _SCALE_WORDS:
        return f"{text} (in {unit})"
    is_symbol = len(unit) <= _LONGEST_SYMBOL or not unit.replace(" ", "").isalpha()
    return f"{text} {unit if is_symbol or text == '1' else plural(unit)}"


def plural(noun: str) -> str:
    """Returns the plural of an English noun, by rule: `miles per hour`, `entries`."""
    for link in (" per ", " of "):
        head, found, rest = noun.partition(link)
        if found:
            return f"{plural(head)}{link}{rest}"
    for one, many in _IRREGULAR.items():
        if noun.endswith(one):
            return f"{noun.removesuffix(one)}{many}"
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun if noun.endswith("s") else f"{noun}es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}s"
