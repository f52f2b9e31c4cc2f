"""The ready-made search index of one dictionary: built with a version, loaded without parsing."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from context_store.gender_words import gender_words
from context_store.lexical_index import Field, Hits, LexicalIndex, best_of_groups, lexical_arrays
from context_store.names import expanded_words_of, words_of
from context_store.packed_arrays import Array, pack, unpack
from context_store.question_words import folded_words, stem
from context_store.sorted_strings import Strings, string_arrays
from context_store.value_index import ColumnValues
from context_store.value_lookup import ValueLookup
from context_store.value_postings import VALUE_ARRAYS, Place, ValuePostings, value_arrays
from domain.column_type import TypeFamily
from domain.dictionary import Cell, ColumnEntry, Dictionary, TableEntry

LAYOUT = 1
"""Goes up with every change to what is packed or how it is weighed: older indexes are rebuilt."""


def build_index(dictionary: Dictionary, values: ColumnValues) -> bytes:
    """Returns the index, packed."""
    return _packed(dictionary, value_arrays(_value_texts(dictionary, values)))


def with_other_words(packed: bytes, dictionary: Dictionary) -> bytes:
    """Returns the index of a dictionary that differs from a packed one's in its words alone.

    What is found by value, two thirds of the work, is taken over.
    """
    arrays = unpack(packed, LAYOUT)
    return _packed(dictionary, {n: a for n, a in arrays.items() if n.startswith(VALUE_ARRAYS)})


def _packed(dictionary: Dictionary, by_value: Mapping[str, Array]) -> bytes:
    columns = [column for table in dictionary.tables for column in table.columns]
    counts = np.array([len(table.columns) for table in dictionary.tables], np.int64)
    table_of_column = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
    by_column = lexical_arrays("columns", (_column_fields(column) for column in columns))
    return pack(
        {
            "column_starts": np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32),
            **string_arrays("column_names", (column.name for column in columns)),
            **lexical_arrays("tables", (_table_fields(table) for table in dictionary.tables)),
            **by_column,
            **best_of_groups(by_column, "columns", "best_columns", table_of_column),
            **string_arrays("schema_words", sorted(_schema_words(dictionary))),
            **by_value,
        },
        LAYOUT,
    )


class SearchIndex:
    """Reads a packed index. Raises OperatorError where it is damaged or of another layout."""

    def __init__(self, packed: bytes) -> None:
        arrays = unpack(packed, LAYOUT)
        self.column_starts: Array = arrays["column_starts"]
        """Table -> its first column; one more at the end."""
        widths = self.column_starts[1:].astype(np.int64) - self.column_starts[:-1]
        self.table_of_column: Array = np.repeat(np.arange(len(widths), dtype=np.uint32), widths)
        self.tables = LexicalIndex(arrays, "tables")
        self.columns = LexicalIndex(arrays, "columns")
        self.best_columns = Hits(arrays, "best_columns")
        """Word of `columns` -> the tables with a column that holds it, and its best weight."""
        self.column_names = Strings(arrays, "column_names")
        self.value_postings = ValuePostings(arrays)
        self.values = ValueLookup(self.value_postings, Strings(arrays, "schema_words"))


def words_of_table(table: TableEntry) -> object:
    """Returns all that is found of a table by its words, to be compared."""
    return table.name, _table_fields(table), [(c.name, _column_fields(c)) for c in table.columns]


def values_of_table(table: TableEntry) -> object:
    """Returns all that decides which values are found in a table, to be compared."""
    return [(c.name, c.type, c.pii is None, c.value_labels) for c in table.columns]


def _table_fields(table: TableEntry) -> list[Field]:
    return [
        Field("name", 3.0, [*words_of(table.name), *expanded_words_of(table.name)]),
        Field("synonym", 2.0, _words([*table.synonyms, table.row_meaning])),
        Field("description", 0.7, _words([table.description])),
    ]


def _column_fields(column: ColumnEntry) -> list[Field]:
    return [
        Field("name", 3.0, [*words_of(column.name), *expanded_words_of(column.name)]),
        Field("synonym", 2.0, _words(column.synonyms)),
        Field("description", 0.7, _words([column.description, column.unit])),
        Field("value", 1.0, _words(column.value_labels.values())),
    ]


def _schema_words(dictionary: Dictionary) -> set[str]:
    """Returns the stems of all names and synonyms; descriptions may well mention values."""
    stems: set[str] = set()
    for table in dictionary.tables:
        texts = [*expanded_words_of(table.name), *table.synonyms]
        for column in table.columns:
            texts += [*expanded_words_of(column.name), *column.synonyms]
        stems.update(stem(word) for word in _words(texts))
    return stems


def _words(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for word in folded_words(text)]


def _value_texts(dictionary: Dictionary, values: ColumnValues) -> Iterator[tuple[str, Place]]:
    """Yields each value, and each meaning of a code, with where it is found."""
    number = -1
    for table in dictionary.tables:
        known = values.get(table.name, {})
        for column in table.columns:
            number += 1
            if column.pii is not None:
                continue
            for value in known.get(column.name, ()):
                place = Place(number, value)
                for text in (value, *gender_words(column.name, value)):
                    yield text, place
            for code, label in column.value_labels.items():
                yield label, Place(number, _stored(code, column.family))


def _stored(code: str, family: TypeFamily) -> Cell:
    return int(code) if family is TypeFamily.INTEGER and code.lstrip("-").isdigit() else code
