"""Patterns that can take exponential time are told from those that cannot."""

import pytest

from sql_guard.regex_shape import may_backtrack


@pytest.mark.parametrize(
    "pattern", ["(a+)+", "(a*)*$", r"(\w+\s?)*$", "((a+)b)*", "(a{1,})+", r"(a)\1", "(?:x+y+)+"]
)
def test_repeated_repetitions_and_back_references_may(pattern: str) -> None:
    assert may_backtrack(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "^[a-z]+$",
        r"^[\w.+-]+@[\w-]+\.[a-z]{2,}$",
        r"(\d{1,3}\.){3}\d{1,3}",
        "(abc)+",
        "(a|b)*c+",
        r"\(a+\)+",
        "[(a+)]+",
        r"([a-z]+)://([^/]+)/.*",
        "(a+)?b",
        "",
        ")(",
    ],
)
def test_plain_patterns_do_not(pattern: str) -> None:
    assert not may_backtrack(pattern)
