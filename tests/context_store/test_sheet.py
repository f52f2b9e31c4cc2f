"""A dictionary comes back from a spreadsheet as it was, however the spreadsheet saved it."""

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from context_store.build_context import BuiltContext
from context_store.lines import LineError
from context_store.review import ContextReview, read_export
from context_store.sheet import export_sheet, import_sheet
from context_store.store import ContextStore
from domain.dictionary import ColumnEntry, Dictionary, TableEntry

DAY = date(2026, 11, 26)
_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=20)
_WORDS = _TEXT.map(str.strip).filter(bool)


@given(
    description=_TEXT,
    synonyms=st.lists(_WORDS, max_size=4),
    labels=st.dictionaries(_WORDS, _WORDS, max_size=4),
)
@settings(max_examples=150, deadline=None)
def test_whatever_a_line_says_comes_back(
    description: str, synonyms: list[str], labels: dict[str, str]
) -> None:
    column = ColumnEntry(
        name="state",
        type="varchar",
        description=description,
        synonyms=synonyms,
        value_labels=labels,
    )
    table = TableEntry(name="people", synonyms=synonyms, columns=[column])
    dictionary = Dictionary(source_name="s", tables=[table])
    sheet = export_sheet(dictionary)
    assert import_sheet(sheet, dictionary, "Asha", DAY) == []
    blank = column.model_copy(update={"description": "?", "synonyms": ["?"], "value_labels": {}})
    other = Dictionary(
        source_name="s", tables=[TableEntry(name="people", synonyms=["?"], columns=[blank])]
    )
    taken = {str(one.key): one.value for one in import_sheet(sheet, other, "Asha", DAY)}
    assert taken["people.state.description"] == description.strip()
    assert taken["people.state.synonyms"] == synonyms
    assert taken.get("people.state.value_labels", {}) == labels
    for cell in (cell for row in csv.reader(io.StringIO(sheet)) for cell in row):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def _written(rows: list[list[str]], **form: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, **form).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


def _reordered(text: str) -> str:
    rows = [[*reversed(row)] for row in _rows(text)]
    return _written([[name.upper() + " " for name in rows[0]], *rows[1:]])


def _with_blanks(text: str) -> str:
    rows = _rows(text)
    blank = [""] * len(rows[0])
    return _written([*rows[:2], blank, [], *rows[2:], blank, blank])


_SAVED: dict[str, Callable[[str], bytes]] = {
    "with a byte order mark": lambda text: text.encode("utf-8-sig"),
    "with semicolons": lambda text: _written(_rows(text), delimiter=";").encode(),
    "as Unicode text": lambda text: _written(_rows(text), delimiter="\t").encode("utf-16"),
    "with other line ends": lambda text: _written(_rows(text), lineterminator="\n").encode(),
    "with columns in another order": lambda text: _reordered(text).encode(),
    "with blank rows": lambda text: _with_blanks(text).encode(),
    "with line breaks of Windows in cells": lambda text: text.replace("\n", "\r\n").encode(),
    "with columns of one's own": lambda text: _written(
        [[*row, "note" if n == 0 else "mine"] for n, row in enumerate(_rows(text))]
    ).encode(),
}


@pytest.mark.parametrize("saved", _SAVED)
def test_a_sheet_comes_back_as_a_spreadsheet_saved_it(
    saved: str, built: BuiltContext, tmp_path: Path
) -> None:
    store = ContextStore(tmp_path / "context")
    store.save(built.dictionary, built.values)
    review = ContextReview(store, lambda: DAY)
    says = "First line, ₹;\nsecond “line”"
    rows = _rows(export_sheet(store.current().dictionary))
    place = rows[0].index("description")
    mine = next(row for row in rows if row[:2] == ["orders", "amount_inr"])
    mine[place] = says
    file = tmp_path / "lines.csv"
    file.write_bytes(_SAVED[saved](_written(rows)))
    _, taken = review.import_file(file.name, read_export(file.read_bytes()), "Asha")
    assert [(str(one.key), one.value) for one in taken] == [("orders.amount_inr.description", says)]


def test_a_row_that_names_nothing_is_said_with_its_number(built: BuiltContext) -> None:
    with pytest.raises(LineError, match="Row 3"):
        import_sheet("table,column,unit\norders,,\n,amount_inr,INR\n", built.dictionary, "A", DAY)
    with pytest.raises(LineError, match="the columns `table` and `column`"):
        import_sheet("name;unit\nx;INR\n", built.dictionary, "A", DAY)
