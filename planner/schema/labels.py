"""Names the parts of an answer in the dictionary's language: `average departure delay`."""

from domain.dictionary import (
    ColumnEntry,
    ColumnRole,
    TableEntry,
)
from domain.metric import Metric, RatioFormula
from domain.plan import CalendarPart, ColumnReference, MeasureFunction, TimeGrain
from planner.language.lexicon import load_lexicon
from planner.language.names import name_words
from planner.language.number_text import plural
from planner.schema.schema import Schema

_FUNCTION_WORDS = {
    MeasureFunction.SUM: "total",
    MeasureFunction.AVERAGE: "average",
    MeasureFunction.MEDIAN: "median",
    MeasureFunction.MINIMUM: "minimum",
    MeasureFunction.MAXIMUM: "maximum",
}
_NAMING = ("name", "title", "full")
_LONGEST_THING = 3
_NEEDS_OWNER = {"type", "kind", "status", "class", "category", "model", "size", "code", "level"}
"""Words that say nothing without the thing they are about: `plane type`."""
_CALENDAR = {"date", "time", "hour", "day", "timestamp"}
_SHARE = "share"


def column_label(column: ColumnReference, index: Schema) -> str:
    """Returns what people call a column: written out, without the unit that values carry."""
    table, entry = index.tables[column.table], index.column(column.table, column.column)
    if entry.role is ColumnRole.LABEL and entry.pii is None:
        kept = [word for word in name_words(entry.name) if word not in _NAMING]
        return " ".join(kept) or thing_label(table)
    needs_owner = entry.role is ColumnRole.DIMENSION and entry.name.lower() in _NEEDS_OWNER
    if needs_owner and thing_label(table) == table.row_meaning:
        return f"{table.row_meaning} {entry.name.lower()}"
    if set(name_words(entry.name)) <= _CALENDAR and entry.role is ColumnRole.TIME:
        return next((s for s in entry.synonyms if " " in s), "") or _expanded(entry.name)
    return _with_capitals(_without_unit(entry) or _written_out(entry), entry)


def thing_label(table: TableEntry) -> str:
    """Returns what one row of a table is, such as `airport`."""
    if table.row_meaning and len(table.row_meaning.split()) <= _LONGEST_THING:
        return table.row_meaning
    return _expanded(table.name)


def rows_label(table: TableEntry) -> str:
    """Returns what the rows of a table are, such as `airports`."""
    thing = thing_label(table)
    return plural(thing) if thing == table.row_meaning else thing


def count_label(table: TableEntry, *, is_share: bool = False) -> str:
    """Returns the name of a count of rows, or of their share of all rows."""
    return f"{'share' if is_share else 'number'} of {rows_label(table)}"


def measure_label(function: MeasureFunction, column: ColumnReference, index: Schema) -> str:
    """Returns the name of a figure worked out of a column."""
    label = column_label(column, index)
    if function is MeasureFunction.COUNT_DISTINCT:
        return f"number of {plural(label.removesuffix(' id'))}"
    word = _FUNCTION_WORDS[function]
    return label if label.startswith(f"{word} ") else f"{word} {label}"


def calendar_label(grain: TimeGrain | None, part: CalendarPart | None) -> str:
    """Returns what spans or parts of the calendar are called, such as `hour of day`."""
    return (grain or part or CalendarPart.YEAR).value.replace("_", " ")


def metric_unit(metric: Metric, metrics: dict[str, Metric]) -> str:
    """Returns a metric's unit; one count of things divided by another of them is a share."""
    formula = metric.formula
    if metric.unit or not isinstance(formula, RatioFormula):
        return metric.unit
    units = {metrics[name].unit for name in (formula.numerator, formula.denominator)}
    return _SHARE if len(units) == 1 and units != {""} else ""


def _without_unit(entry: ColumnEntry) -> str:
    """`amount_inr` is an amount; a participle, as in `watched_seconds`, cannot stand alone."""
    words = name_words(entry.name)
    shorter = " ".join(words[:-1])
    synonyms = [synonym.lower() for synonym in entry.synonyms]
    says_unit = bool(entry.unit) and entry.unit.lower().startswith(words[-1].rstrip("s"))
    if not says_unit or shorter not in synonyms:
        return ""
    return entry.synonyms[0] if len(words) == 2 and shorter.endswith("ed") else shorter


def _written_out(entry: ColumnEntry) -> str:
    """Takes the synonym that the name is short for, else writes known abbreviations out."""
    name = "".join(name_words(entry.name))
    longer = [s for s in entry.synonyms if len(s.replace(" ", "")) > len(name)]
    return next((s for s in longer if _is_short_for(name, s.lower().split())), "") or _expanded(
        entry.name
    )


def _is_short_for(name: str, words: list[str]) -> bool:
    """True where the name is made of beginnings of all the words: `tzone` of `time zone`."""
    if not words:
        return not name
    first, rest = words[0], words[1:]
    return any(
        _is_short_for(name[length:], rest)
        for length in range(1, len(first) + 1)
        if name[:length] == first[:length]
    )


def _expanded(name: str) -> str:
    short = load_lexicon().abbreviations
    return " ".join(short.get(word, word) for word in name_words(name)) or name


def _with_capitals(label: str, entry: ColumnEntry) -> str:
    """Writes acronyms as the dictionary does: `NCCS class`."""
    said = {word.lower(): word for synonym in entry.synonyms for word in synonym.split()}
    words = [said.get(word, word) for word in label.split()]
    return " ".join(w if w.isupper() else w.lower() for w in words) if label.islower() else label
