"""A made-up dictionary of any size, and questions on it: names, synonyms, values, typos."""

import random
from dataclasses import dataclass

from context_store.names import word_set
from context_store.value_index import ColumnValues
from domain.dictionary import ColumnEntry, ColumnRole, Dictionary, Relationship, TableEntry

_SYLLABLES = sorted(
    word_set("ba co da fi ga ho ja ki la mo na pe ra si ta vu wa xe yo zu bri cha dro gle ple")
)
_TEMPLATES = (
    "What is the total {column} by {other} of {table}?",
    "How many {table} have {value}?",
    "Show the average {column} of {table} per month for {value}",
    "Top 10 {other} by {column} in {table} last year",
    "Which {table} with {value} had the highest {column} between January and March 2026?",
)


@dataclass(frozen=True, slots=True)
class Corpus:
    """A dictionary, its values, and questions with the table that each is about."""

    dictionary: Dictionary
    values: ColumnValues
    questions: list[tuple[str, str]]


def make_corpus(tables: int, columns: int, values: int, questions: int) -> Corpus:
    """Returns a corpus; a third of the columns are text with `values` values each."""
    chance = random.Random(7)  # noqa: S311 - no secret
    words = _vocabulary(chance, 4_000)
    entries, known = [], {}
    for number in range(tables):
        entry, held = _table(chance, words, number, columns // tables, values)
        entries.append(entry)
        known[entry.name] = held
    joins = [
        Relationship(
            child_table=entry.name,
            child_columns=[entry.columns[0].name],
            parent_table=entries[number // 7].name,
            parent_columns=[entries[number // 7].columns[0].name],
            confidence=1,
        )
        for number, entry in enumerate(entries[1:], start=1)
    ]
    asked = [_question(chance, chance.choice(entries), known) for _ in range(questions)]
    dictionary = Dictionary(source_name="bench", tables=entries, relationships=joins)
    return Corpus(dictionary, known, asked)


def _vocabulary(chance: random.Random, size: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < size:
        found["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))] = None
    return list(found)


def _word(chance: random.Random, words: list[str]) -> str:
    """Returns a word; some are far more frequent than others, as in real schemas."""
    return words[min(int(chance.paretovariate(0.35)) - 1, len(words) - 1)]


def _table(
    chance: random.Random, words: list[str], number: int, width: int, values: int
) -> tuple[TableEntry, dict[str, list[str]]]:
    own = [_word(chance, words) for _ in range(2)]
    columns, held = [], {}
    for place in range(width):
        parts = [_word(chance, words) for _ in range(chance.randint(1, 3))]
        name = "_".join([*parts, str(place)])
        is_text = place % 3 == 1
        if is_text:
            held[name] = [
                " ".join(chance.choices(words, k=chance.randint(1, 2))).title()
                for _ in range(values)
            ]
        columns.append(
            ColumnEntry(
                name=name,
                type="varchar" if is_text else "bigint",
                role=ColumnRole.DIMENSION if is_text else ColumnRole.MEASURE,
                description=f"The {' '.join(parts)} of the {' '.join(own)}.",
                synonyms=[f"{_word(chance, words)} {_word(chance, words)}"],
                distinct_count=values,
            )
        )
    table = TableEntry(
        name="_".join([*own, str(number)]),
        description=f"One row a {' '.join(own)}.",
        synonyms=[" ".join(own)],
        row_count=1_000_000,
        columns=columns,
    )
    return table, held


def _question(chance: random.Random, table: TableEntry, values: ColumnValues) -> tuple[str, str]:
    held = values[table.name]
    value = chance.choice(held[chance.choice(list(held))])
    if chance.random() < 0.3 and len(value) > 6:
        cut = chance.randrange(1, len(value) - 1)
        value = value[:cut] + value[cut + 1 :]
    one, other = chance.sample(table.columns, 2)
    text = chance.choice(_TEMPLATES).format(
        table=table.synonyms[0],
        column=" ".join(one.name.split("_")[:-1]),
        other=other.synonyms[0],
        value=value,
    )
    return text, table.name
