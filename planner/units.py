"""Time said in one unit and stored in another: `longer than 1 hour` of seconds."""

from domain.dictionary import Cell

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_SHORT = {"sec": "second", "min": "minute", "hr": "hour", "s": "second", "h": "hour"}


def time_unit(word: str) -> str:
    """Returns the unit of time that a word names, or an empty text."""
    plain = word.lower().removesuffix("s") or word.lower()
    unit = _SHORT.get(plain, plain)
    return unit if unit in _SECONDS else ""


def converted(value: Cell, said: str, stored: str) -> Cell:
    """Returns a number in the unit of the column; others, and unknown units, as they are."""
    if not said or stored not in _SECONDS or isinstance(value, bool):
        return value
    if not isinstance(value, int | float):
        return value
    amount = value * _SECONDS[said] / _SECONDS[stored]
    return int(amount) if float(amount).is_integer() else amount
