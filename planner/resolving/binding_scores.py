"""How well names fit tables and columns: what the binder weighs."""

from collections.abc import Iterator

from domain.column_type import TypeFamily
from domain.dictionary import ColumnEntry
from planner.language.lexicon import Adjective, load_lexicon, stem
from planner.language.names import name_words
from planner.linking.mention import Mention
from planner.reading.reading import Reading, Reference


def adjective_score(adjective: Adjective, column: ColumnEntry) -> tuple[float, bool] | None:
    """Returns how well a column is what an adjective measures, and True where more is higher."""
    short = load_lexicon().abbreviations
    written = [w for name in name_words(column.name) for w in short.get(name, name).split()]
    words = {stem(word) for word in written}
    if column.family is TypeFamily.BOOLEAN:
        return None
    for is_high, hints in ((True, adjective.high), (False, adjective.low)):
        for place, hint in enumerate(hints):
            if all(stem(word) in words for word in hint.split()):
                exact = 0.5 if len(words) == len(hint.split()) else 0.0
                numeric = 0.6 if column.family.is_numeric or column.family.is_temporal else 0.0
                return 3.0 - 0.2 * place + exact + numeric, is_high
    return None


def weighted_mentions(reading: Reading) -> Iterator[tuple[Mention, float]]:
    """Yields the names of a reading with how much they say of what it is about."""
    for item in reading.items:
        if item.reference is not None:
            yield item.reference.mention, 2.0
    split_or_ranked = [g.reference for g in reading.groups] + [r.reference for r in reading.ranks]
    for named in split_or_ranked:
        if named is not None:
            yield named.mention, 1.0
    for predicate in reading.predicates:
        if predicate.reference is not None:
            yield predicate.reference.mention, 1.0
        if predicate.mention is not None:
            yield predicate.mention, 1.0
    for reference in (*(p.reference for p in reading.presences), *reading.context):
        yield reference.mention, 0.9


def add_points(
    points: dict[str, float],
    mention: Mention,
    weight: float,
    foreign_keys: frozenset[tuple[str, str]],
) -> None:
    """Adds a mention to the tables that it may name."""
    best: dict[str, float] = {}
    for target in mention.targets:
        if target.table in points:
            score = target.score * (1.1 if target.kind == "table" else 1.0)
            if (target.table, target.column) in foreign_keys:
                score *= 0.95
            best[target.table] = max(best.get(target.table, 0.0), score)
    for table, score in best.items():
        points[table] += weight * score**2


def references_of(reading: Reading) -> list[Reference]:
    """Returns every name of a reading."""
    found = [i.reference for i in reading.items]
    found += [g.reference for g in reading.groups]
    found += [c.item.reference for c in reading.counts]
    found += [p.reference for p in reading.presences]
    found += [r.reference for r in reading.ranks]
    found += [r.item.reference for r in reading.ranks if r.item is not None]
    found += [p.reference for p in reading.predicates]
    found += list(reading.context)
    return [r for r in found if r is not None]
