"""Carries what people and models wrote from one version over to the next build."""

from collections.abc import Sequence

from context_store.lines import Line, LineError, line, with_lines, written_lines
from domain.dictionary import Dictionary, PiiKind
from domain.provenance import LineSource, Provenance


def keep_reviewed(
    old: Dictionary, new: Dictionary, *, with_imports: bool = False
) -> tuple[Dictionary, list[Line]]:
    """Returns the new dictionary with every line that a person stands for, and the lost ones.

    A line is lost where its table or column is gone from the data. A model's line stays where the
    new build has only what was read from the profile; so do, for a build without a business file,
    `with_imports`, the lines and metrics that came from one.
    """
    written = [one for one in written_lines(old) if with_imports or not _is_of_a_file(one)]
    kept, lost = _sorted_by_place(written, new)
    metrics = old.metrics if with_imports and not new.metrics else new.metrics
    queries = {query.question.casefold(): query for query in new.verified_queries}
    queries |= {query.question.casefold(): query for query in old.verified_queries}
    merged = with_lines(new, kept)
    return merged.model_copy(
        update={
            "metrics": metrics,
            "verified_queries": list(queries.values()),
            "quarantined_queries": old.quarantined_queries,
        }
    ), lost


def _is_of_a_file(one: Line) -> bool:
    """True for a line of a business file: the file of the next build renews it."""
    return one.provenance.source is LineSource.IMPORT and not one.provenance.is_reviewed


def decided_pii(
    dictionary: Dictionary, *, with_imports: bool
) -> dict[tuple[str, str], PiiKind | None]:
    """Returns what people decided on personal data: (table, column) in lower case -> kind."""
    return {
        (table.name.lower(), column.name.lower()): column.pii
        for table in dictionary.tables
        for column in table.columns
        if _is_decided(column.provenance("pii"), with_imports)
    }


def _is_decided(by: Provenance, with_imports: bool) -> bool:
    return by.is_reviewed or (with_imports and by.source is LineSource.IMPORT)


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
