"""Relationships between chosen tables, and the tables needed to connect them."""

from collections import Counter
from collections.abc import Collection, Sequence

from domain.dictionary import Relationship


def joins_among(
    tables: Collection[str], relationships: Sequence[Relationship]
) -> tuple[Relationship, ...]:
    """Returns the joins whose both ends are among the tables."""
    return tuple(
        join for join in relationships if join.child_table in tables and join.parent_table in tables
    )


def with_connections(
    tables: Sequence[str], relationships: Sequence[Relationship], limit: int
) -> list[str]:
    """Returns the tables, then those that join with most of them, at most `limit` in all."""
    chosen = set(tables)
    links: Counter[str] = Counter()
    for join in relationships:
        for one, other in (
            (join.child_table, join.parent_table),
            (join.parent_table, join.child_table),
        ):
            if one in chosen and other not in chosen:
                links[other] += 1
    room = max(0, limit - len(tables))
    return [*tables, *(table for table, _ in links.most_common(room))]
