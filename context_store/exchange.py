"""A dictionary as files that people edit: YAML, and a spreadsheet. Both come back unchanged."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import yaml

from context_store.lines import (
    COLUMN_FIELDS,
    TABLE_FIELDS,
    WHOLE_FIELDS,
    Line,
    LineError,
    LineKey,
    LineValue,
    line,
    written_by,
)
from domain.dictionary import ColumnEntry, Dictionary, TableEntry
from domain.provenance import LineSource

_LISTS, _MAPS, _FLAGS = (
    ("synonyms", "business_rules", "example_questions"),
    ("value_labels",),
    ("additive",),
)
_SHEET_FIELDS = (
    "description",
    "synonyms",
    "row_meaning",
    "time_column",
    "unit",
    "additive",
    "value_labels",
    "pii",
)
_SHEET_NOTES = ("type", "source", "confidence", "reviewer", "date")
_SHEET = ("table", "column", *_SHEET_FIELDS, *_SHEET_NOTES)
_BETWEEN = "; "
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so would be computed by a spreadsheet."""


def export_yaml(dictionary: Dictionary) -> str:
    """Returns every line as YAML, in the form that a business file has."""
    content: dict[str, Any] = {field: getattr(dictionary, field) for field in WHOLE_FIELDS}
    content["tables"] = {
        table.name: {
            **_plain(table, TABLE_FIELDS),
            "columns": {column.name: _plain(column, COLUMN_FIELDS) for column in table.columns},
        }
        for table in dictionary.tables
    }
    return yaml.dump(
        content, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=100
    )


def _plain(entry: TableEntry | ColumnEntry, fields: Sequence[str]) -> dict[str, Any]:
    dumped = entry.model_dump(mode="json", include=set(fields))
    found = {field: dumped[field] for field in fields}
    if "pii" in found:
        found["pii"] = found["pii"] or "none"
    return found


def import_yaml(text: str, dictionary: Dictionary, reviewer: str, on: date) -> list[Line]:
    """Returns the lines that differ from the dictionary's. Raises LineError for what is unknown."""
    try:
        content = yaml.load(text, Loader=yaml.CSafeLoader) or {}
    except yaml.YAMLError as error:
        raise LineError(f"The file is no YAML: {error}") from error
    if not isinstance(content, dict):
        raise LineError("The file holds no lines of a dictionary.")
    return _changed(list(_yaml_lines(content)), dictionary, reviewer, on)


def _yaml_lines(content: Mapping[str, Any]) -> Iterator[tuple[LineKey, Any]]:
    for field, value in content.items():
        if field != "tables":
            yield LineKey("", "", str(field)), value
    for table, entry in (content.get("tables") or {}).items():
        for field, value in (entry or {}).items():
            if field != "columns":
                yield LineKey(str(table), "", str(field)), value
        for column, fields in ((entry or {}).get("columns") or {}).items():
            for field, value in (fields or {}).items():
                yield LineKey(str(table), str(column), str(field)), value


def export_sheet(dictionary: Dictionary) -> str:
    """Returns a row a table and a row a column, as CSV that spreadsheets open."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_SHEET)
    for table in dictionary.tables:
        writer.writerow(_row(table.name, "", table, TABLE_FIELDS))
        for column in table.columns:
            writer.writerow(_row(table.name, column.name, column, COLUMN_FIELDS))
    return out.getvalue()


def _row(
    table: str, column: str, entry: TableEntry | ColumnEntry, fields: Sequence[str]
) -> list[str]:
    plain = _plain(entry, fields)
    last = max(entry.lines.values(), key=lambda p: (p.on or date.min, p.reviewer), default=None)
    notes = {
        "type": entry.type if isinstance(entry, ColumnEntry) else "",
        "source": str(entry.source),
        "confidence": f"{entry.confidence:.2f}",
        "reviewer": last.reviewer if last else "",
        "date": str(last.on or "") if last else "",
    }
    cells = [_text(plain[field]) if field in plain else "" for field in _SHEET_FIELDS]
    return [_harmless(cell) for cell in (table, column, *cells, *notes.values())]


def _text(value: Any) -> str:  # noqa: ANN401 - a value of any line
    if isinstance(value, dict):
        return _BETWEEN.join(f"{code} = {words}" for code, words in value.items())
    if isinstance(value, list):
        return _BETWEEN.join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value or ""


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith((*_FORMULA, "'")) else cell


def import_sheet(text: str, dictionary: Dictionary, reviewer: str, on: date) -> list[Line]:
    """Returns the lines that differ from the dictionary's. Raises LineError for what is unknown."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    header = rows.fieldnames or ()
    if "table" not in header or "column" not in header:
        raise LineError("The sheet needs the columns `table` and `column`.")
    return _changed(list(_sheet_lines(rows, header)), dictionary, reviewer, on)


def _sheet_lines(
    rows: Iterable[Mapping[str, str | None]], header: Sequence[str]
) -> Iterator[tuple[LineKey, LineValue]]:
    for number, raw in enumerate(rows, start=2):
        row = {name: _unquoted(raw.get(name) or "") for name in header}
        if not row["table"]:
            raise LineError(f"Row {number} of the sheet names no table.")
        fields = COLUMN_FIELDS if row["column"] else TABLE_FIELDS
        for field in fields:
            if field in row:
                yield LineKey(row["table"], row["column"], field), _from_cell(field, row[field])


def _unquoted(cell: str) -> str:
    return cell[1:] if cell.startswith("'") else cell


def _from_cell(field: str, cell: str) -> LineValue:
    cell = cell.strip()
    if field in _LISTS:
        return [part.strip() for part in cell.split(";") if part.strip()]
    if field in _MAPS:
        return _labels(cell)
    if field in _FLAGS:
        return cell.lower() in ("yes", "true", "1")
    return cell


def _labels(cell: str) -> dict[str, str]:
    labels = {}
    for part in (part for part in cell.split(";") if part.strip()):
        code, sign, words = part.partition("=")
        if not sign:
            raise LineError(f"{part.strip()!r} is no meaning of a code: write `code = words`.")
        labels[code.strip()] = words.strip()
    return labels


def _changed(
    lines: Sequence[tuple[LineKey, Any]], dictionary: Dictionary, reviewer: str, on: date
) -> list[Line]:
    provenance = written_by(reviewer, on, LineSource.IMPORT)
    found = []
    for key, value in lines:
        present = line(dictionary, key).value
        wanted = _as_line(key.field, value)
        if wanted != (present or ("" if isinstance(wanted, str) else present)):
            found.append(Line(key, wanted, provenance))
    return found


def _as_line(field: str, value: Any) -> LineValue:  # noqa: ANN401 - whatever the file holds
    if field == "pii":
        return None if value in (None, "", "none") else str(value)
    if field == "time_column":
        return str(value) if value else None
    if field in _LISTS:
        return [str(part) for part in value or ()]
    if field in _MAPS:
        return {str(code): str(words) for code, words in (value or {}).items()}
    if field in _FLAGS:
        return bool(value)
    return str(value) if value is not None else ""
