"""Values as Trino prints them: text, and None for NULL."""

import math
import struct
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

from domain.result_table import Value

_PLAIN_DOUBLES = (1e-3, 1e7)
"""Java prints doubles from the first up to the second without an exponent."""


def trino_text(value: Value, athena_type: str) -> str | None:
    """Returns the text of one cell of a result column of this type."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _double_text(value, single=athena_type == "real")
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bytes):
        return value.hex(" ")
    if isinstance(value, list):
        return _nested_text(value, athena_type)
    if isinstance(value, datetime | date | time):
        return _temporal_text(value, athena_type)
    return str(value)


def _double_text(value: float, *, single: bool) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    digits = _shortest_single(value) if single else repr(value)
    low, high = _PLAIN_DOUBLES
    if value == 0 or low <= abs(value) < high:
        plain = f"{Decimal(digits):f}"
        return plain if "." in plain else f"{plain}.0"
    sign, numbers, exponent = Decimal(digits).normalize().as_tuple()
    first, rest = numbers[0], "".join(map(str, numbers[1:])) or "0"
    return f"{'-' if sign else ''}{first}.{rest}E{int(exponent) + len(numbers) - 1}"


def _shortest_single(value: float) -> str:
    """Returns the fewest digits that read back as the same 32-bit number."""
    wanted = struct.pack("f", value)
    texts = (f"{value:.{digits}g}" for digits in range(1, 10))
    return next(text for text in texts if struct.pack("f", float(text)) == wanted)


def _temporal_text(value: datetime | date | time, athena_type: str) -> str:
    if not isinstance(value, datetime | time):
        return value.isoformat()
    digits = _fraction_digits(athena_type)
    pattern = "%Y-%m-%d %H:%M:%S" if isinstance(value, datetime) else "%H:%M:%S"
    text = value.strftime(pattern)
    if digits:
        text += f".{value.microsecond:06d}".ljust(digits + 1, "0")[: digits + 1]
    return f"{text} UTC" if value.tzinfo is not None else text


def _fraction_digits(athena_type: str) -> int:
    _, opened, rest = athena_type.partition("(")
    return int(rest.partition(")")[0]) if opened else 3


def _nested_text(value: list[Value], athena_type: str) -> str:
    name, arguments = athena_type.partition("(")[0], list(type_arguments(athena_type))
    if name == "map":
        key_type, value_type = arguments
        pairs = (pair for pair in value if isinstance(pair, list))
        entries = (f"{_part(pair[0], key_type)}={_part(pair[1], value_type)}" for pair in pairs)
        return "{" + ", ".join(entries) + "}"
    if name == "row":
        fields = (argument.split(" ", 1) for argument in arguments)
        named = zip(fields, value, strict=True)
        return "{" + ", ".join(f"{n}={_part(part, t)}" for (n, t), part in named) + "}"
    element_type = arguments[0] if arguments else "varchar"
    return "[" + ", ".join(_part(part, element_type) for part in value) + "]"


def _part(value: Value, athena_type: str) -> str:
    text = trino_text(value, athena_type)
    return "null" if text is None else text


def type_arguments(athena_type: str) -> Iterator[str]:
    """Yields what stands between the outermost brackets, split at the commas of that level."""
    depth, start = 0, 0
    for position, letter in enumerate(athena_type):
        if letter == "(":
            depth += 1
            start = position + 1 if depth == 1 else start
        elif letter in ",)" and depth == 1:
            yield athena_type[start:position].strip()
            start = position + 1
        if letter == ")":
            depth -= 1
