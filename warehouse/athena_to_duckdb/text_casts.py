"""Texts that are read as values: DuckDB reads more forms than Trino does."""

import re

from sqlglot import exp

from warehouse.athena_to_duckdb.macros import macro
from warehouse.athena_to_duckdb.value_types import FLOATS, INTEGERS, TYPE

_READERS: tuple[tuple[tuple[exp.DType, ...], str], ...] = (
    (tuple(INTEGERS), "digits_only"),
    (FLOATS, "double_digits_only"),
    ((TYPE.DECIMAL,), "decimal_digits_only"),
    ((TYPE.BOOLEAN,), "boolean_word"),
    ((TYPE.DATE,), "date_only"),
    ((TYPE.TIME, TYPE.TIMETZ), "time_only"),
    ((TYPE.TIMESTAMP,), "timestamp_only"),
)
_PLAIN = re.compile(
    r"\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d(\.\d{1,6})?)?)?|\d\d:\d\d(:\d\d(\.\d{1,6})?)?|-?\d+(\.\d+)?"
)
"""Literals that both engines read alike; they stay plain, so that the plan can use them."""


def read_text(node: exp.Cast) -> None:
    """Lets a text through to the cast only in the forms that Trino reads."""
    source = node.this
    if not source.is_type(*exp.DataType.TEXT_TYPES):
        return
    name = next((name for kinds, name in _READERS if node.to.is_type(*kinds)), "")
    if name and not (isinstance(source, exp.Literal) and _is_plain(node, source.name)):
        node.set("this", macro(name, source))


def _is_plain(node: exp.Cast, text: str) -> bool:
    if not _PLAIN.fullmatch(text):
        return False
    has_date, has_time = text[4:5] == "-", ":" in text
    if node.to.is_type(TYPE.DATE):
        return has_date and not has_time
    if node.to.is_type(TYPE.TIMESTAMP):
        return has_date
    if node.to.is_type(TYPE.TIME, TYPE.TIMETZ):
        return has_time and not has_date
    is_number = not has_date and not has_time
    return is_number and not (node.to.is_type(*INTEGERS) and "." in text)
