"""Relationships between chosen tables, and the tables needed to connect them."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from domain.dictionary import Relationship


class JoinGraph:
    """All joins, by the tables at their ends."""

    def __init__(self, tables: Sequence[str], relationships: Sequence[Relationship]) -> None:
        self._joins = relationships
        self._by_table: dict[str, list[int]] = defaultdict(list)
        for number, join in enumerate(relationships):
            for table in {join.child_table, join.parent_table}:
                self._by_table[table].append(number)
        self._neighbours = self._numbered(tables)

    def _numbered(self, tables: Sequence[str]) -> dict[int, list[int]]:
        numbers = {name: number for number, name in enumerate(tables)}
        found: dict[int, dict[int, None]] = defaultdict(dict)
        for join in self._joins:
            child, parent = numbers[join.child_table], numbers[join.parent_table]
            if child != parent:
                found[child][parent] = None
                found[parent][child] = None
        return {table: list(others) for table, others in found.items()}

    def neighbours(self, table: int) -> list[int]:
        """Returns the numbers of the tables that join with a table."""
        return self._neighbours.get(table, [])

    def joins_among(self, tables: Sequence[str]) -> tuple[Relationship, ...]:
        """Returns the joins whose both ends are among the tables, in their first order."""
        ends = Counter(number for table in set(tables) for number in self._by_table.get(table, ()))
        return tuple(
            self._joins[number]
            for number in sorted(ends)
            if ends[number] == 2 or self._refers_to_itself(number)
        )

    def with_connections(self, tables: Sequence[str], limit: int) -> list[str]:
        """Returns the tables, then those that join with most of them, at most `limit` in all."""
        chosen = set(tables)
        links: Counter[str] = Counter()
        for table in tables:
            for number in self._by_table.get(table, ()):
                join = self._joins[number]
                other = join.parent_table if join.child_table == table else join.child_table
                if other not in chosen:
                    links[other] += 1
        room = max(0, limit - len(tables))
        return [*tables, *(table for table, _ in links.most_common(room))]

    def _refers_to_itself(self, number: int) -> bool:
        return self._joins[number].child_table == self._joins[number].parent_table
