"""Retrieves the evidence for one question."""

from context_store.loaded_context import LoadedContext
from domain.evidence import Evidence


def retrieve(question: str, context: LoadedContext) -> Evidence:
    """Returns tables, values, joins, metrics and rules that matter for the question."""
    return context.retriever.retrieve(question)
