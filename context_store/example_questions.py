"""Questions that the data can answer, written from the dictionary by templates."""

from collections.abc import Iterator

from context_store.names import expanded_words_of, phrase_of, plural_of, word_set
from domain.column_type import TypeFamily
from domain.dictionary import ColumnEntry, ColumnRole, Dictionary, Relationship, TableEntry

MAXIMUM_EXAMPLES = 8
_FEWEST_GROUPS, _MOST_GROUPS = 3, 2_000
_MOST_SHARES = 12
_MOST_KEY_GROUPS = 50
_MOSTLY_EMPTY = 0.5
_UNTOLD_GROUPS = word_set(
    "date time zip zipcode postcode pincode year month day minute address details"
)
"""Words of columns that group rows, but that few would ask for first."""


def write_example_questions(dictionary: Dictionary) -> list[str]:
    """Returns at most eight questions, on the tables that hold the most first."""
    tables = sorted(dictionary.tables, key=lambda table: -_interest(table, dictionary))
    queues = [list(_questions_on(table, dictionary)) for table in tables if table.row_count]
    questions: list[str] = []
    for take in (5, 2, 1, 1):
        if queues and len(questions) < MAXIMUM_EXAMPLES:
            questions.extend(queues.pop(0)[:take])
    return list(dict.fromkeys(questions))[:MAXIMUM_EXAMPLES]


def _interest(table: TableEntry, dictionary: Dictionary) -> float:
    joins = sum(join.child_table == table.name for join in dictionary.relationships)
    measures = sum(column.role is ColumnRole.MEASURE for column in table.columns)
    return table.row_count * (1 + joins) * (1 + min(measures, 3))


def _questions_on(table: TableEntry, dictionary: Dictionary) -> Iterator[str]:
    rows = plural_phrase(table.row_meaning or phrase_of(table.name))
    group = _group_of(table)
    entity = _entity_of(table, dictionary)
    measure = _measure_of(table, additive=True)
    average = measure or _measure_of(table, additive=False)
    yield f"How many {rows} are there?"
    if entity is not None:
        yield f"Top 5 {entity} by number of {rows}"
    elif group is not None:
        yield f"Top 5 {spoken(group)} by number of {rows}"
    if table.time_column is not None:
        yield f"Number of {rows} per month"
    if average is not None and group is not None:
        yield f"What is the average {spoken(average)} by {spoken(group)}?"
    share = _group_of(table, _MOST_SHARES)
    if share is not None:
        yield f"Share of {rows} by {spoken(share)}"
    if measure is not None and group is not None:
        yield f"Total {spoken(measure)} by {spoken(group)}"


def spoken(column: ColumnEntry) -> str:
    """Returns a column's name as people say it, without its unit."""
    words = phrase_of(column.name)
    shorter = [name for name in column.synonyms if words.startswith(name) and name != words]
    return shorter[0] if column.unit and shorter else words


def plural_phrase(phrase: str) -> str:
    """Returns a phrase with its last word in the plural."""
    first, _, last = phrase.rpartition(" ")
    return f"{first} {plural_of(last)}".strip()


def _group_of(table: TableEntry, most: int = _MOST_GROUPS) -> ColumnEntry | None:
    """Returns the column that groups rows best: few groups, few nulls, text before numbers."""
    candidates = [
        column
        for column in table.columns
        if column.pii is None
        and _groups_rows(column)
        and _FEWEST_GROUPS <= column.distinct_count <= most
        and column.null_share < _MOSTLY_EMPTY
    ]
    return min(
        candidates,
        key=lambda column: (column.family is not TypeFamily.TEXT, abs(column.distinct_count - 8)),
        default=None,
    )


def _groups_rows(column: ColumnEntry) -> bool:
    if _UNTOLD_GROUPS & set(expanded_words_of(column.name)):
        return False
    is_text_key = column.role is ColumnRole.KEY and column.family is TypeFamily.TEXT
    return column.role is ColumnRole.DIMENSION or (
        is_text_key and column.distinct_count <= _MOST_KEY_GROUPS
    )


def _measure_of(table: TableEntry, additive: bool) -> ColumnEntry | None:
    """Returns the first quantity with a unit, else the first that is no time of day."""
    candidates = [
        column
        for column in table.columns
        if column.role is ColumnRole.MEASURE
        and column.additive is additive
        and column.pii is None
        and column.null_share < _MOSTLY_EMPTY
        and column.distinct_count > 1
        and (additive or not column.name.lower().endswith("time"))
    ]
    return max(candidates, key=lambda column: bool(column.unit), default=None)


def _entity_of(table: TableEntry, dictionary: Dictionary) -> str | None:
    """Returns, in the plural, the other entity that rows refer to and that has a name to show."""
    joins = [join for join in dictionary.relationships if join.child_table == table.name]
    for join in sorted(joins, key=lambda join: -join.confidence):
        parent = _labelled_parent(join, dictionary)
        if parent is not None:
            return plural_phrase(parent.row_meaning or phrase_of(parent.name))
    return None


def _labelled_parent(join: Relationship, dictionary: Dictionary) -> TableEntry | None:
    parent = dictionary.table(join.parent_table)
    if parent is None or parent.person_key is not None or parent.name == join.child_table:
        return None
    has_label = any(c.role is ColumnRole.LABEL and c.pii is None for c in parent.columns)
    return parent if has_label else None
