"""Sums a listing up in words: how many rows, and what stands in them."""

from collections import defaultdict

from domain.dictionary import Cell
from domain.summary import Summary
from planner.language.number_text import plain_number
from planner.language.value_text import value_text

_COLUMNS_NAMED = 4
_VALUES_NAMED = 3
_VALUES_OF_ONE_COLUMN = 20
_COLUMNS_OF_ONE_ROW = 10

Entry = tuple[str, int]
"""A value in words, and the rows that hold it."""


def listing_sentences(summary: Summary) -> list[str]:
    """Returns sentences on a summary of `column, value -> rows`, or on a bare count of rows."""
    count = plain_number(summary.true_row_count)
    count = f"At least **{count}**" if summary.truncated else f"**{count}**"
    matching = f"{count} {'row matches' if summary.true_row_count == 1 else 'rows match'}"
    if len(summary.columns) == 1:
        return [
            f"{matching}.",
            "Ask for counts, shares or averages by group to learn more about them.",
        ]
    by_column = _entries_by_column(summary)
    if summary.true_row_count == 1:
        facts = [f"{name} **{entries[0][0]}**" for name, entries in by_column.items()]
        return [f"One row matches: {', '.join(facts[:_COLUMNS_OF_ONE_ROW])}."]
    shown = _VALUES_OF_ONE_COLUMN if len(by_column) == 1 else _VALUES_NAMED
    facts = [
        _column_sentence(name, entries, shown)
        for name, entries in list(by_column.items())[:_COLUMNS_NAMED]
    ]
    if not summary.roll_up:
        return [f"{matching}: {', '.join(value for value, _ in by_column.popitem()[1])}."]
    return [f"{matching}.", *facts]


def _entries_by_column(summary: Summary) -> dict[str, list[Entry]]:
    by_column: dict[str, list[Entry]] = defaultdict(list)
    for column, value, rows in summary.rows:
        by_column[str(column)].append((_value(value, summary), int(str(rows))))
    return by_column


def _value(value: Cell, summary: Summary) -> str:
    return value_text(value, summary.columns[1])


def _column_sentence(name: str, entries: list[Entry], shown: int) -> str:
    named = entries[:shown]
    if all(rows == 1 for _, rows in entries):
        values = ", ".join(value for value, _ in named)
        among = "Among the values of" if len(entries) > shown else "The values of"
        return f"{among} {name}: {values}."
    if len(entries) == 1:
        return f"{name[:1].upper()}{name[1:]}: {named[0][0]}."
    counted = ", ".join(
        f"{value} ({plain_number(rows)} {'row' if rows == 1 else 'rows'})" for value, rows in named
    )
    return f"Most frequent {name}: {counted}."
