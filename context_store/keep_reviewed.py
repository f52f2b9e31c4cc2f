"""Carries what people and models wrote from one version over to the next build."""

from collections.abc import Sequence

from context_store.lines import Line, LineError, line, with_lines, written_lines
from domain.dictionary import Dictionary, PiiKind
from domain.provenance import LineSource


def keep_reviewed(old: Dictionary, new: Dictionary) -> tuple[Dictionary, list[Line]]:
    """Returns the new dictionary with every line that a person stands for, and the lost ones.

    A line is lost where its table or column is gone from the data. A model's line stays where the
    new build has only what was read from the profile.
    """
    kept, lost = _sorted_by_place(written_lines(old), new)
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
            present = line(new, one.key).provenance.source
        except LineError:
            lost.append(one)
            continue
        if one.provenance.is_reviewed or present is LineSource.PROFILE:
            kept.append(one)
    return kept, [one for one in lost if one.provenance.is_reviewed]
