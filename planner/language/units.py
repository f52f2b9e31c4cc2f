"""Time said in one unit and stored in another: `longer than 1 hour` of seconds."""

from domain.dictionary import Cell

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_SHORT = {"sec": "second", "min": "minute", "hr": "hour", "s": "second", "h": "hour"}


def time_unit(word: str) -> str:
    """Returns the unit of time that a word names, or an empty text."""
    plain = word.lower().removesuffix("s") or word.lower()
    unit = _SHORT.get(plain, plain)
    return unit if unit in _SECONDS else ""


_IRREGULAR = {
    "feet": "foot",
    "inches": "inch",
    "°f": "fahrenheit",
    "°c": "celsius",
    "rupee": "inr",
    "dollar": "usd",
    "euro": "eur",
    "km": "kilometer",
    "kilometre": "kilometer",
    "metre": "meter",
    "kg": "kilogram",
    "lb": "pound",
}


def unit_name(word: str) -> str:
    """Returns the name that the forms of a unit share: `feet` and `foot`, `rupees` and `INR`."""
    plain = word.lower()
    plain = plain if plain in _IRREGULAR else plain.removesuffix("s")
    return _IRREGULAR.get(plain, time_unit(plain) or plain)


def converted(value: Cell, said: str, stored: str) -> Cell:
    """Returns a number in the unit of the column; others, and unknown units, as they are."""
    if not said or isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if {unit_name(said), unit_name(stored)} == {"celsius", "fahrenheit"}:
        return value * 9 / 5 + 32 if unit_name(said) == "celsius" else (value - 32) * 5 / 9
    said = time_unit(said)
    if said not in _SECONDS or stored not in _SECONDS:
        return value
    amount = value * _SECONDS[said] / _SECONDS[stored]
    return int(amount) if float(amount).is_integer() else amount
