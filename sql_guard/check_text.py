"""Size and characters, before anything reads the statement."""

import re

from sql_guard.rejection import Rejection, reject
from sql_guard.rules import Limits

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")


def check_text(sql: str, limits: Limits) -> None:
    """Refuses what is empty, too long, or holds characters that parsers read differently."""
    if not sql.strip():
        raise reject("empty_statement", "There is no SQL statement.", "Write one SELECT.")
    if len(sql) > limits.statement_bytes:
        raise _too_long(limits)
    if not sql.isascii():
        _check_characters(sql, limits)
    elif found := _CONTROL.search(sql):
        raise _forbidden_character(found.group())


def _check_characters(sql: str, limits: Limits) -> None:
    if found := _CONTROL.search(sql):
        raise _forbidden_character(found.group())
    if len(sql.encode()) > limits.statement_bytes:
        raise _too_long(limits)


def _too_long(limits: Limits) -> Rejection:
    return reject(
        "statement_too_long",
        f"The statement is longer than {limits.statement_bytes} bytes.",
        "Write a shorter statement; filter by a condition, not by a list of values.",
    )


def _forbidden_character(character: str) -> Rejection:
    return reject(
        "forbidden_character",
        f"The statement holds the control character U+{ord(character):04X}.",
        "Use printable characters only.",
    )
