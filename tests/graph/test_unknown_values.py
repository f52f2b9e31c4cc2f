"""A condition on a value that a column of few values does not have is noticed."""

import pytest

from domain.dictionary import ColumnEntry, Dictionary, TableEntry, ValueShare
from nodes.unknown_values import find_unknown_values


def _column(name: str, values: list[str], distinct: int) -> ColumnEntry:
    top = [ValueShare(value=value, share=0.1) for value in values]
    return ColumnEntry(name=name, type="varchar", distinct_count=distinct, top_values=top)


_DICTIONARY = Dictionary(
    source_name="library",
    tables=[
        TableEntry(
            name="loans",
            columns=[
                _column("month", ["2026-08", "2026-09"], 2),
                _column("town", ["Pune", "Delhi"], 900),
                _column("reader", [], 50),
            ],
        )
    ],
)


@pytest.mark.parametrize(
    ("condition", "hint"),
    [
        ("month = 'September'", "month holds '2026-08', '2026-09'."),
        ("l.month IN ('2026-09', '2025-09')", "month holds '2026-08', '2026-09'."),
    ],
)
def test_a_value_that_no_row_has_is_named_with_those_there_are(condition: str, hint: str) -> None:
    sql = f"SELECT n FROM (SELECT COUNT(*) AS n FROM loans AS l WHERE {condition}) AS t"
    (warning,) = find_unknown_values(sql, _DICTIONARY)
    assert (warning.rule, warning.hint) == ("unknown_value", hint)


@pytest.mark.parametrize(
    "condition",
    [
        "month = '2026-09'",
        "month > 'September'",
        "town = 'Chennai'",
        "reader = 'R1'",
        "lower(month) = 'september'",
        "month = town",
    ],
)
def test_what_may_be_there_is_not_doubted(condition: str) -> None:
    sql = f"SELECT COUNT(*) FROM loans WHERE {condition}"
    assert find_unknown_values(sql, _DICTIONARY) == ()
