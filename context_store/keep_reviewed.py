"""Carries what people wrote from one version over to the next build."""

from collections.abc import Sequence

from context_store.lines import Line, LineError, line, reviewed_lines, with_lines
from domain.dictionary import Dictionary, PiiKind


def keep_reviewed(old: Dictionary, new: Dictionary) -> tuple[Dictionary, list[Line]]:
    """Returns the new dictionary with every line that a person stands for, and the lost ones.

    A line is lost where its table or column is gone from the data.
    """
    kept, lost = _sorted_by_place(reviewed_lines(old), new)
    queries = {query.question.casefold(): query for query in new.verified_queries}
    queries |= {query.question.casefold(): query for query in old.verified_queries}
    merged = with_lines(new, kept)
    return merged.model_copy(
        update={
            "verified_queries": list(queries.values()),
            "quarantined_queries": old.quarantined_queries,
        }
    ), lost


def reviewed_pii(dictionary: Dictionary) -> dict[tuple[str, str], PiiKind | None]:
    """Returns what people decided on personal data: (table, column) in lower case -> kind."""
    return {
        (table.name.lower(), column.name.lower()): column.pii
        for table in dictionary.tables
        for column in table.columns
        if column.provenance("pii").is_reviewed
    }


def _sorted_by_place(lines: Sequence[Line], new: Dictionary) -> tuple[list[Line], list[Line]]:
    kept, lost = [], []
    for one in lines:
        try:
            line(new, one.key)
        except LineError:
            lost.append(one)
        else:
            kept.append(one)
    return kept, lost
