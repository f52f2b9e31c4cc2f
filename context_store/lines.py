"""The lines of a dictionary: every field that people may read, approve or correct."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, TypeVar

from pydantic import ValidationError

from domain.dictionary import ColumnEntry, Dictionary, StoredTables, TableEntry
from domain.errors import QuestionError, UserError
from domain.provenance import LineSource, Provenance

TABLE_FIELDS = ("description", "synonyms", "row_meaning", "time_column")
COLUMN_FIELDS = ("description", "synonyms", "unit", "additive", "value_labels", "pii")
WHOLE_FIELDS = ("domain_context", "business_rules", "example_questions")

Entry = TypeVar("Entry", Dictionary, TableEntry, ColumnEntry)
LineValue: TypeAlias = str | bool | list[str] | dict[str, str] | None


class LineError(UserError):
    """A line that is not there, or a value that does not fit it."""

    status = QuestionError.status
    code = "unusable_line"
    title = "The line cannot be used"


@dataclass(frozen=True, slots=True, order=True)
class LineKey:
    """Names a line. `table` is empty for the dictionary's own, `column` for a table's."""

    table: str
    column: str
    field: str

    def __str__(self) -> str:
        return ".".join(part for part in (self.table, self.column, self.field) if part)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it says, and who says so."""

    key: LineKey
    value: LineValue
    provenance: Provenance


def lines_of(dictionary: Dictionary) -> Iterator[Line]:
    """Yields every line, the dictionary's own first."""
    for field in WHOLE_FIELDS:
        yield _line(LineKey("", "", field), dictionary)
    for table in dictionary.tables:
        yield from lines_of_table(table)


def lines_of_table(table: TableEntry) -> Iterator[Line]:
    """Yields the lines of a table, then those of its columns."""
    for field in TABLE_FIELDS:
        yield _line(LineKey(table.name, "", field), table)
    for column in table.columns:
        for field in COLUMN_FIELDS:
            yield _line(LineKey(table.name, column.name, field), column)


def _line(key: LineKey, holder: Dictionary | TableEntry | ColumnEntry) -> Line:
    return Line(key, getattr(holder, key.field), holder.provenance(key.field))


def line(dictionary: Dictionary, key: LineKey) -> Line:
    """Returns a line. Raises LineError where there is none."""
    return _line(key, _holder(dictionary, key))


def written_by(reviewer: str, on: date, source: LineSource = LineSource.PERSON) -> Provenance:
    """Returns where a line comes from that a person stands for."""
    return Provenance(source=source, confidence=1.0, reviewer=reviewer, on=on)


def with_lines(dictionary: Dictionary, lines: Sequence[Line]) -> Dictionary:
    """Returns the dictionary with lines replaced. Raises LineError for one that does not fit."""
    by_table: dict[str, list[Line]] = defaultdict(list)
    for one in lines:
        _holder(dictionary, one.key)
        by_table[one.key.table.lower()].append(one)
    own = by_table.pop("", [])
    if by_table:
        changed = [
            _table_with_lines(table, by_table[table.name.lower()])
            for table in dictionary.tables_named(by_table)
        ]
        tables = _with_tables(dictionary.tables, changed)
        dictionary = dictionary.model_copy(update={"tables": tables})
    return _replaced(dictionary, own)


def _with_tables(
    tables: Sequence[TableEntry], changed: Sequence[TableEntry]
) -> Sequence[TableEntry]:
    if isinstance(tables, StoredTables):
        return tables.replaced(changed)
    by_name = {table.name: table for table in changed}
    return [by_name.get(table.name, table) for table in tables]


def _table_with_lines(table: TableEntry, lines: Sequence[Line]) -> TableEntry:
    by_column: dict[str, list[Line]] = defaultdict(list)
    for one in lines:
        by_column[one.key.column.lower()].append(one)
    table = _replaced(table, by_column.pop("", []))
    if table.time_column is not None and table.column(table.time_column) is None:
        raise LineError(f"Table {table.name} has no column {table.time_column}.")
    columns = [
        closed_where_personal(_replaced(column, by_column.get(column.name.lower(), [])))
        for column in table.columns
    ]
    return table.model_copy(update={"columns": columns})


def closed_where_personal(column: ColumnEntry) -> ColumnEntry:
    """Returns the column without any value of it where it holds personal data."""
    if column.pii is None:
        return column
    return column.model_copy(
        update={
            "top_values": [],
            "minimum": None,
            "maximum": None,
            "quantiles": [],
            "value_labels": {},
        }
    )


def _replaced(holder: Entry, lines: Sequence[Line]) -> Entry:
    if not lines:
        return holder
    values = {one.key.field: one.value for one in lines}
    provenance = holder.lines | {one.key.field: one.provenance for one in lines}
    strongest = max(provenance.values(), key=lambda p: (p.is_reviewed, p.confidence))
    content = holder.model_dump(exclude={"tables", "columns"}) | values
    content |= {
        "lines": {field: one.model_dump() for field, one in provenance.items()},
        "source": strongest.source,
        "confidence": strongest.confidence,
    }
    try:
        checked = type(holder).model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise LineError(f"{lines[0].key}: {first['msg']}") from error
    kept = {name: getattr(holder, name) for name in ("tables", "columns") if hasattr(holder, name)}
    return checked.model_copy(update=kept)


def _holder(dictionary: Dictionary, key: LineKey) -> Dictionary | TableEntry | ColumnEntry:
    if not key.table:
        return _with_field(dictionary, key, WHOLE_FIELDS)
    table = dictionary.table(key.table)
    if table is None:
        raise LineError(f"There is no table {key.table}.")
    if not key.column:
        return _with_field(table, key, TABLE_FIELDS)
    column = table.column(key.column)
    if column is None:
        raise LineError(f"Table {table.name} has no column {key.column}.")
    return _with_field(column, key, COLUMN_FIELDS)


def _with_field(
    holder: Dictionary | TableEntry | ColumnEntry, key: LineKey, fields: Sequence[str]
) -> Dictionary | TableEntry | ColumnEntry:
    if key.field not in fields:
        raise LineError(f"{key} is no line; there are: {', '.join(fields)}.")
    return holder


def written_lines(dictionary: Dictionary) -> list[Line]:
    """Returns the lines that came from a person, a file or a model."""
    found = [one for one in _own_lines(dictionary) if _is_written(one)]
    for table in dictionary.tables:
        if table.lines or any(column.lines for column in table.columns):
            found += [one for one in lines_of_table(table) if _is_written(one)]
    return found


def _is_written(one: Line) -> bool:
    return one.provenance.is_reviewed or one.provenance.source is not LineSource.PROFILE


def _own_lines(dictionary: Dictionary) -> list[Line]:
    return [_line(LineKey("", "", field), dictionary) for field in WHOLE_FIELDS]


def lines_under(dictionary: Dictionary, target: str) -> list[LineKey]:
    """Returns the filled lines that `table`, `table.column` or `table.column.field` names."""
    wanted = target.casefold()
    name = next((n for n in dictionary.table_names if _begins(wanted, n.casefold())), None)
    table = dictionary.table(name) if name is not None else None
    lines = lines_of_table(table) if table is not None else _own_lines(dictionary)
    return [
        one.key
        for one in lines
        if _begins(str(one.key).casefold(), wanted)
        and (one.value or str(one.key).casefold() == wanted)
    ]


def _begins(text: str, beginning: str) -> bool:
    return text == beginning or text.startswith(f"{beginning}.")
