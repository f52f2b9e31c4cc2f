"""A dictionary as CSV that every spreadsheet opens, and back again however it was saved."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from context_store.exchange import FLAGS, LISTS, MAPS, changed_lines, plain_fields
from context_store.lines import (
    COLUMN_FIELDS,
    TABLE_FIELDS,
    Line,
    LineError,
    LineKey,
    LineValue,
)
from domain.dictionary import ColumnEntry, Dictionary, TableEntry

_FIELDS = (
    "description",
    "synonyms",
    "row_meaning",
    "time_column",
    "unit",
    "additive",
    "value_labels",
    "pii",
)
_NOTES = ("type", "source", "confidence", "reviewer", "date")
_HEADER = ("table", "column", *_FIELDS, *_NOTES)
_SEPARATORS = ",;\t"
"""Where the comma is the decimal point, spreadsheets save with semicolons."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so would be computed by a spreadsheet."""
_SPECIAL = re.compile(r"[\\;=]")
_PART = re.compile(r"(?:\\[\\;=]|[^;])+")
_CODE = re.compile(r"((?:\\[\\;=]|[^=])*)=(.*)", re.DOTALL)
_YES = frozenset({"yes", "true", "1"})


def export_sheet(dictionary: Dictionary) -> str:
    """Returns a row a table and a row a column."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_HEADER)
    for table in dictionary.tables:
        writer.writerow(_row(table.name, "", table, TABLE_FIELDS))
        for column in table.columns:
            writer.writerow(_row(table.name, column.name, column, COLUMN_FIELDS))
    return out.getvalue()


def _row(
    table: str, column: str, entry: TableEntry | ColumnEntry, fields: Sequence[str]
) -> list[str]:
    plain = plain_fields(entry, fields)
    last = max(entry.lines.values(), key=lambda p: (p.on or date.min, p.reviewer), default=None)
    notes = {
        "type": entry.type if isinstance(entry, ColumnEntry) else "",
        "source": str(entry.source),
        "confidence": f"{entry.confidence:.2f}",
        "reviewer": last.reviewer if last else "",
        "date": str(last.on or "") if last else "",
    }
    cells = [_text(plain[field]) if field in plain else "" for field in _FIELDS]
    return [_harmless(cell) for cell in (table, column, *cells, *notes.values())]


def _text(value: Any) -> str:  # noqa: ANN401 - a value of any line
    if isinstance(value, dict):
        return "; ".join(f"{_escaped(c)} = {_escaped(words)}" for c, words in value.items())
    if isinstance(value, list):
        return "; ".join(map(_escaped, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value or ""


def _escaped(part: str) -> str:
    return _SPECIAL.sub(lambda found: f"\\{found.group()}", part)


def _unescaped(part: str) -> str:
    return re.sub(r"\\([\\;=])", r"\1", part).strip()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith((*_FORMULA, "'")) else cell


def import_sheet(text: str, dictionary: Dictionary, reviewer: str, on: date) -> list[Line]:
    """Returns the lines that differ from the dictionary's. Raises LineError for what is unknown.

    Commas, semicolons or tabs separate the cells; columns may stand in any order or be missing,
    and rows may be blank.
    """
    text = text.removeprefix("\ufeff")
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
        if not {"table", "column"} <= set(rows.fieldnames):
            raise LineError("The sheet needs the columns `table` and `column`.")
        return changed_lines(list(_lines(rows, rows.fieldnames)), dictionary, reviewer, on)
    except csv.Error as error:
        raise LineError(f"Row {rows.line_num} of the sheet cannot be read: {error}.") from error


def _separator(text: str) -> str:
    """Returns what stands most often in the header."""
    header = text.split("\n", 1)[0]
    return max(_SEPARATORS, key=header.count)


def _lines(
    rows: "csv.DictReader[str]", header: Sequence[str]
) -> Iterator[tuple[LineKey, LineValue]]:
    for raw in rows:
        row = {name: _cell(raw.get(name)) for name in header}
        if not any(row.values()):
            continue
        if not row["table"]:
            raise LineError(f"Row {rows.line_num} of the sheet names no table.")
        yield from _lines_of_row(row)


def _lines_of_row(row: Mapping[str, str]) -> Iterable[tuple[LineKey, LineValue]]:
    for field in COLUMN_FIELDS if row["column"] else TABLE_FIELDS:
        if field in row:
            key = LineKey(row["table"], row["column"], field)
            yield key, _value(key, row[field])


def _cell(cell: str | None) -> str:
    cell = (cell or "").replace("\r\n", "\n")
    return (cell[1:] if cell.startswith("'") else cell).strip()


def _value(key: LineKey, cell: str) -> LineValue:
    if key.field in LISTS:
        return [part for part in map(_unescaped, _PART.findall(cell)) if part]
    if key.field in MAPS:
        parts = (part for part in _PART.findall(cell) if part.strip())
        return dict(_label(key, part) for part in parts)
    if key.field in FLAGS:
        return cell.lower() in _YES
    return cell


def _label(key: LineKey, part: str) -> tuple[str, str]:
    found = _CODE.fullmatch(part)
    if found is None:
        raise LineError(f"{key}: {part.strip()!r} is no meaning of a code: write `code = words`.")
    return _unescaped(found.group(1)), _unescaped(found.group(2))
