"""A context ready to be searched: built once when a version is loaded."""

from dataclasses import dataclass

from context_store.retriever import Retriever
from context_store.value_index import ColumnValues
from domain.dictionary import Dictionary


@dataclass(frozen=True, slots=True)
class LoadedContext:
    """One version of a context: what it says, its values, and the index over both."""

    dictionary: Dictionary
    value_index: ColumnValues
    retriever: Retriever


def load_context(dictionary: Dictionary, values: ColumnValues) -> LoadedContext:
    """Returns a context with its search index built."""
    return LoadedContext(dictionary, values, Retriever(dictionary, values))
