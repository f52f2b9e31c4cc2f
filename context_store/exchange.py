"""A dictionary as YAML that people edit, and what an edited file changes."""

from collections.abc import Iterator, Mapping, Sequence
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

LISTS, MAPS, FLAGS = (
    ("synonyms", "business_rules", "example_questions"),
    ("value_labels",),
    ("additive",),
)


def export_yaml(dictionary: Dictionary) -> str:
    """Returns every line as YAML, in the form that a business file has."""
    content: dict[str, Any] = {field: getattr(dictionary, field) for field in WHOLE_FIELDS}
    content["tables"] = {
        table.name: {
            **plain_fields(table, TABLE_FIELDS),
            "columns": {
                column.name: plain_fields(column, COLUMN_FIELDS) for column in table.columns
            },
        }
        for table in dictionary.tables
    }
    return yaml.dump(
        content, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=100
    )


def plain_fields(entry: TableEntry | ColumnEntry, fields: Sequence[str]) -> dict[str, Any]:
    """Returns lines of an entry as JSON has them, `none` for no personal data."""
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
    return changed_lines(list(_yaml_lines(content)), dictionary, reviewer, on)


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


def changed_lines(
    lines: Sequence[tuple[LineKey, Any]], dictionary: Dictionary, reviewer: str, on: date
) -> list[Line]:
    """Returns those that say something else than the dictionary; white space at ends is nothing."""
    provenance = written_by(reviewer, on, LineSource.IMPORT)
    found = []
    for key, value in lines:
        wanted = _as_line(key.field, value)
        if _trimmed(wanted) != _trimmed(line(dictionary, key).value):
            found.append(Line(key, wanted, provenance))
    return found


def _trimmed(value: LineValue) -> LineValue:
    match value:
        case str():
            return value.replace("\r\n", "\n").strip()
        case list():
            return [part.strip() for part in value if part.strip()]
        case dict():
            return {code.strip(): words.strip() for code, words in value.items()}
        case None:
            return ""
        case _:
            return value


def _as_line(field: str, value: Any) -> LineValue:  # noqa: ANN401 - whatever the file holds
    if field == "pii":
        return None if value in (None, "", "none") else str(value)
    if field == "time_column":
        return str(value) if value else None
    if field in LISTS:
        return [str(part) for part in value or ()]
    if field in MAPS:
        return {str(code): str(words) for code, words in (value or {}).items()}
    if field in FLAGS:
        return bool(value)
    return str(value) if value is not None else ""
