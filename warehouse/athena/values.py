"""Columns of a PyAthena result in the product's terms."""

import json
from collections.abc import Sequence
from typing import Any

from pyathena.converter import DefaultTypeConverter

from domain.result_table import ResultColumn

_NESTED = ("map", "row", "struct", "json")


def nested_as_text() -> DefaultTypeConverter:
    """Returns a converter that leaves nested values as Athena prints them, lists of numbers apart.

    The service does not say what is inside, so whatever was made of `{a=1, b=x, y}` is a guess.
    """
    converter = DefaultTypeConverter()
    for kind in _NESTED:
        converter.set(kind, _text)
    converter.set("array", _numbers)
    return converter


def _text(printed: str | None) -> str | None:
    return printed


def _numbers(printed: str | None) -> list[float] | str | None:
    """Returns a flat list of numbers; anything else stays text."""
    try:
        found = json.loads(printed or "")
    except json.JSONDecodeError:
        return printed
    is_flat = isinstance(found, list) and all(type(item) in (int, float) for item in found)
    return found if is_flat else printed


def columns_of(description: Sequence[Sequence[Any]] | None) -> tuple[ResultColumn, ...]:
    """Returns names and Athena types of a cursor's description."""
    return tuple(
        ResultColumn(str(name), _type(str(kind), precision, scale))
        for name, kind, _, _, precision, scale, *_ in description or ()
    )


def _type(kind: str, precision: int | None, scale: int | None) -> str:
    if kind == "decimal":
        return f"decimal({precision},{scale})"
    return {"float": "real", "timestamp": "timestamp(3)"}.get(kind, kind)
