"""About 500 words on what the data is, written from statistics alone."""

from context_store.example_questions import plural_phrase
from context_store.names import phrase_of
from domain.dictionary import ColumnEntry, ColumnRole, Dictionary, TableEntry

_TABLES_DESCRIBED = 8
_COLUMNS_NAMED = 4
_VALUES_NAMED = 4
_JOINS_NAMED = 12
_NULLS_WORTH_A_WORD = 0.05


def write_domain_context(dictionary: Dictionary) -> str:
    """Returns Markdown: what a person wrote, then what was measured.

    That is contents, period, tables, joins, measures, groups, personal data and pitfalls. Rules
    and definitions of metrics have their own place in the dictionary and are not repeated.
    No value of a PII column is in it: the dictionary holds none.
    """
    tables = sorted(dictionary.tables, key=lambda table: -table.row_count)
    sections = [
        dictionary.domain_context.strip(),
        _opening(dictionary, tables),
        _section("Tables", [_table_line(table) for table in tables[:_TABLES_DESCRIBED]]),
        _section("How tables join", _join_lines(dictionary)),
        _section("What can be measured", _measure_lines(dictionary, tables)),
        _section("What can be grouped or filtered by", _group_lines(tables)),
        _section("Personal data", _personal_lines(tables)),
        _section("Pitfalls", _pitfall_lines(dictionary, tables)),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _section(title: str, lines: list[str]) -> str:
    return "\n".join([f"## {title}", *(f"- {line}" for line in lines)]) if lines else ""


def _opening(dictionary: Dictionary, tables: list[TableEntry]) -> str:
    rows = sum(table.row_count for table in tables)
    text = (
        f"# {dictionary.source_name}\n\n{len(tables)} "
        f"{'table' if len(tables) == 1 else 'tables'} with {rows:,} rows in all."
    )
    if tables:
        largest = tables[0]
        meaning = plural_phrase(largest.row_meaning or phrase_of(largest.name))
        text += f" The largest is {largest.name}: {largest.row_count:,} {meaning}."
    period = _period(tables)
    return f"{text} {period}".strip()


def _period(tables: list[TableEntry]) -> str:
    timed = [(table, column) for table in tables if (column := _time_column(table)) is not None]
    if not timed:
        return "No table has a date, so periods cannot be asked for."
    table, column = timed[0]
    return (
        f"{table.name} runs from {_day(column.minimum)} to {_day(column.maximum)} "
        f"(by {column.name})."
    )


def _time_column(table: TableEntry) -> ColumnEntry | None:
    column = table.column(table.time_column) if table.time_column else None
    return column if column is not None and column.minimum is not None else None


def _day(value: object) -> str:
    return str(value)[:10]


def _table_line(table: TableEntry) -> str:
    parts = [f"**{table.name}** ({table.row_count:,} rows)"]
    if table.description:
        parts.append(table.description.rstrip(".") + ".")
    if table.primary_key:
        parts.append(f"Identified by {' and '.join(table.primary_key)}.")
    column = _time_column(table)
    if column is not None:
        parts.append(f"{_day(column.minimum)} to {_day(column.maximum)}.")
    return " ".join(parts)


def _join_lines(dictionary: Dictionary) -> list[str]:
    lines = []
    for join in dictionary.relationships[:_JOINS_NAMED]:
        child = ", ".join(f"{join.child_table}.{column}" for column in join.child_columns)
        parent = ", ".join(f"{join.parent_table}.{column}" for column in join.parent_columns)
        share = "" if join.confidence >= 1 else f" ({join.confidence:.0%} of values found)"
        lines.append(f"{child} refers to {parent}{share}.")
    return lines


def _measure_lines(dictionary: Dictionary, tables: list[TableEntry]) -> list[str]:
    names = ", ".join(metric.name for metric in dictionary.metrics)
    lines = [f"Agreed metrics: {names}."] if names else []
    for table in tables[:_TABLES_DESCRIBED]:
        measures = [column for column in table.columns if column.role is ColumnRole.MEASURE]
        if measures:
            names = ", ".join(_measure(column) for column in measures[:_COLUMNS_NAMED])
            lines.append(f"{table.name}: {names}.")
    return lines


def _measure(column: ColumnEntry) -> str:
    notes = [note for note in (column.unit, "" if column.additive else "not to be summed") if note]
    if column.minimum is not None and column.maximum is not None:
        notes.append(f"{_short(column.minimum)} to {_short(column.maximum)}")
    return f"{column.name} ({', '.join(notes)})" if notes else column.name


def _short(value: object) -> str:
    return f"{value:,.6g}" if isinstance(value, float) else str(value)


def _group_lines(tables: list[TableEntry]) -> list[str]:
    lines = []
    for table in tables[:_TABLES_DESCRIBED]:
        groups = [
            column
            for column in table.columns
            if column.role in (ColumnRole.DIMENSION, ColumnRole.LABEL) and column.top_values
        ]
        groups.sort(key=lambda column: abs(column.distinct_count - 8))
        if groups:
            lines.append(
                f"{table.name}: " + "; ".join(_group(column) for column in groups[:_COLUMNS_NAMED])
            )
    return lines


def _group(column: ColumnEntry) -> str:
    values = ", ".join(str(entry.value)[:40] for entry in column.top_values[:_VALUES_NAMED])
    more = column.distinct_count - min(_VALUES_NAMED, len(column.top_values))
    return f"{column.name} ({values}{f' and {more:,} more' if more > 0 else ''})"


def _personal_lines(tables: list[TableEntry]) -> list[str]:
    lines = []
    for table in tables:
        names = [column.name for column in table.columns if column.pii is not None]
        if names:
            lines.append(f"{table.name}: {', '.join(names)} may not be read or shown.")
    persons = [table.name for table in tables if table.person_key is not None]
    if persons:
        lines.append(
            f"{', '.join(persons)} hold rows of individuals: ask for counts and averages, "
            "not for lists of people."
        )
    return lines


def _pitfall_lines(dictionary: Dictionary, tables: list[TableEntry]) -> list[str]:
    lines = []
    for table in tables[:_TABLES_DESCRIBED]:
        missing = [c for c in table.columns if c.null_share >= _NULLS_WORTH_A_WORD]
        missing.sort(key=lambda column: -column.null_share)
        if missing:
            names = ", ".join(f"{c.name} ({c.null_share:.0%})" for c in missing[:_COLUMNS_NAMED])
            lines.append(f"{table.name} has empty values in {names}: averages leave them out.")
        if not table.row_count:
            lines.append(f"{table.name} is empty.")
    partial = [join for join in dictionary.relationships if join.confidence < 1]
    if partial:
        names = ", ".join(f"{j.child_table}.{j.child_columns[0]}" for j in partial[:_COLUMNS_NAMED])
        lines.append(f"Some values of {names} are not in the table they refer to.")
    if any(_time_column(table) is not None for table in tables):
        lines.append("The first and last week or month may be partial: compare whole periods.")
    lines.append("A number that is not to be summed (a rate, an age, a code) is averaged instead.")
    return lines
