"""A context ready to be searched: opened once when a version is loaded."""

from dataclasses import dataclass

from context_store.retriever import Retriever
from context_store.search_index import SearchIndex, build_index
from context_store.value_index import ColumnValues
from domain.dictionary import Dictionary


@dataclass(frozen=True, slots=True)
class LoadedContext:
    """One version of a context: what it says, and the index over it and its values."""

    dictionary: Dictionary
    retriever: Retriever

    def with_queries_of(self, dictionary: Dictionary) -> "LoadedContext":
        """Returns the context of a dictionary that differs in its queries alone."""
        return LoadedContext(dictionary, self.retriever.over(dictionary))


def load_context(dictionary: Dictionary, values: ColumnValues) -> LoadedContext:
    """Returns a context whose index is built now, for one that was never stored."""
    return open_context(dictionary, build_index(dictionary, values))


def open_context(dictionary: Dictionary, packed_index: bytes) -> LoadedContext:
    """Returns a context over the index that was stored with it."""
    return LoadedContext(dictionary, Retriever(dictionary, SearchIndex(packed_index)))
