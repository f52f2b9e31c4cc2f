"""The shortest way from one table to another over the dictionary's relationships."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property

from domain.dictionary import Dictionary, Relationship
from planner.language.lexicon import stem
from planner.language.names import name_words

_COMMON_NAMES = ("id", "no", "number", "num", "name", "code", "key", "year", "date", "type")
_HINT = 0.5
"""What a word of the question takes off the cost of the join it names."""
_SAME_COST = 0.01
_OVER_ONE = 2
"""Joins of a way over one table between."""
_ALIKE = 0.3
"""Joins that differ less are told apart by the question alone."""


@dataclass(frozen=True, slots=True)
class Step:
    """One join. `to_parent`: each row of `start` meets at most one row of `end`."""

    start: str
    start_columns: tuple[str, ...]
    end: str
    end_columns: tuple[str, ...]
    to_parent: bool
    cost: float


class JoinGraph:
    """Tables linked by measured relationships."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._steps: dict[str, list[Step]] = defaultdict(list)
        self._unique = {t.name: {tuple(t.primary_key)} for t in dictionary.tables}
        self._paths: dict[tuple[str, str], tuple[Step, ...] | None] = {}
        self.spoken_of: frozenset[str] = frozenset()
        """Tables that are taken where ways are alike."""
        for relationship in dictionary.relationships:
            self._add(relationship)
        for guess in _same_names(dictionary):
            if self.path(guess.child_table, guess.parent_table) is None:
                self._add(guess)
                self._paths.clear()

    def _add(self, link: Relationship) -> None:
        child, parent = tuple(link.child_columns), tuple(link.parent_columns)
        cost = 1.0 + (1.0 - link.confidence)
        if link.child_table == link.parent_table:
            return
        self._steps[link.child_table].append(
            Step(link.child_table, child, link.parent_table, parent, True, cost)
        )
        one_to_one = child in self._unique.get(link.child_table, ())
        self._steps[link.parent_table].append(
            Step(link.parent_table, parent, link.child_table, child, one_to_one, cost)
        )

    @cached_property
    def _roles(self) -> frozenset[Step]:
        """Joins with a second one between the same two tables, such as start and end station."""
        counted = Counter((s.start, s.end) for steps in self._steps.values() for s in steps)
        return frozenset(
            s for steps in self._steps.values() for s in steps if counted[s.start, s.end] > 1
        )

    def hinted(
        self,
        stems: frozenset[str],
        choices: frozenset[str] = frozenset(),
        tables: frozenset[str] = frozenset(),
    ) -> "JoinGraph":
        """Returns a graph that prefers joins over columns that the question names, or chose.

        Of ways that are alike it takes the one over `tables`, which the question speaks of.
        """
        chosen = frozenset(name for name in self._steps if table_identity(name) in choices)
        spoken_of = chosen or (tables & self.tables if self._has_rivals else frozenset())
        if not self._roles and not spoken_of:
            return self
        graph = copy(self)
        graph._paths = {}
        graph.spoken_of = spoken_of
        if self._roles:
            graph._steps = defaultdict(list)
            for table, steps in self._steps.items():
                graph._steps[table] = [self._weighed(step, stems, choices) for step in steps]
        return graph

    def _weighed(self, step: Step, stems: frozenset[str], choices: frozenset[str]) -> Step:
        if step not in self._roles:
            return step
        names = step.start_columns if step.to_parent else step.end_columns
        words = {stem(word) for name in names for word in name_words(name)}
        hints = bool(words & stems) + (way_identity(step) in choices)
        return replace(step, cost=step.cost - _HINT * hints) if hints else step

    def rivals(self, step: Step) -> list[Step]:
        """Returns joins between the same tables over other columns that cost the same."""
        return [
            s
            for s in self._steps[step.start]
            if s.end == step.end and s != step and abs(s.cost - step.cost) < _ALIKE
        ]

    @cached_property
    def _has_rivals(self) -> bool:
        """True where two tables are linked over one table and over another."""
        tables = list(self._steps)
        counted: Counter[tuple[str, str]] = Counter()
        for start in tables:
            over = {(s.end, t.end) for s in self._steps[start] for t in self._steps[s.end]}
            counted.update((start, end) for _, end in over if end != start)
        return any(count > 1 for count in counted.values())

    def rival_ways(self, way: tuple[Step, ...]) -> list[tuple[Step, ...]]:
        """Returns the ways of two joins that cost the same and go over another table."""
        if len(way) != _OVER_ONE:
            return []
        cost = sum(step.cost for step in way)
        found = {
            first.end: (first, second)
            for first in self._steps[way[0].start]
            for second in self._steps[first.end]
            if second.end == way[1].end and first.cost + second.cost < cost + _SAME_COST
        }
        return [other for table, other in sorted(found.items()) if table != way[0].end]

    @cached_property
    def tables(self) -> frozenset[str]:
        """Tables that take part in a relationship."""
        return frozenset(self._steps)

    def path(self, start: str, end: str) -> tuple[Step, ...] | None:
        """Returns the cheapest steps from one table to another, None where there are none."""
        if (start, end) not in self._paths:
            self._paths[start, end] = self._search(start, end)
        return self._paths[start, end]

    def _search(self, start: str, end: str) -> tuple[Step, ...] | None:
        queue: list[tuple[float, int, int, str, tuple[Step, ...]]] = [(0.0, 0, 0, start, ())]
        seen: set[str] = set()
        number = 0
        while queue:
            cost, strange, _, table, steps = heapq.heappop(queue)
            if table == end:
                return steps
            if table in seen:
                continue
            seen.add(table)
            for step in self._steps[table]:
                number += 1
                unsaid = strange + (step.end not in self.spoken_of)
                heapq.heappush(queue, (cost + step.cost, unsaid, number, step.end, (*steps, step)))
        return None

    def distance(self, start: str, end: str) -> float:
        """Returns the number of joins between two tables, weighted by doubt; 99 without a way."""
        steps = self.path(start, end)
        return 99.0 if steps is None else sum(step.cost for step in steps)

    def keeps_rows(self, start: str, end: str) -> bool:
        """True where joining `end` never repeats a row of `start`."""
        steps = self.path(start, end)
        return steps is not None and all(step.to_parent for step in steps)

    def crosses(self, start: str, end: str) -> bool:
        """True where rows of both only share a parent: nothing ties one to the other."""
        steps = self.path(start, end) or ()
        ups = [place for place, step in enumerate(steps) if step.to_parent]
        return bool(ups) and any(not step.to_parent for step in steps[ups[0] :])

    def tree(self, base: str, tables: list[str]) -> list[Step]:
        """Returns joins that reach every table from the base, each table once.

        Raises LookupError where a table cannot be reached.
        """
        reached = {base}
        steps: list[Step] = []
        for table in tables:
            if table in reached:
                continue
            starts = [base, *sorted(reached - {base})]
            paths = [p for r in starts if (p := self.path(r, table)) is not None]
            if not paths:
                raise LookupError(table)
            for step in min(paths, key=_cost_of_path):
                if step.end not in reached:
                    steps.append(step)
                    reached.add(step.end)
        return steps


def table_identity(table: str) -> str:
    """What the choice of a table to go over is told by."""
    return f"over:{table}"


def way_identity(step: Step) -> str:
    """What a join is told by, whichever way it is gone."""
    child, columns = (
        (step.start, step.start_columns) if step.to_parent else (step.end, step.end_columns)
    )
    return f"way:{child}.{'+'.join(columns)}"


def _cost_of_path(steps: tuple[Step, ...]) -> tuple[float, int]:
    """The dearer, and then the more often a step may repeat rows."""
    return sum(s.cost for s in steps), sum(not s.to_parent for s in steps)


def _same_names(dictionary: Dictionary) -> Iterator[Relationship]:
    """Columns of one name and family in two tables, unique in one: a join nobody measured."""
    for parent in dictionary.tables:
        for column in parent.columns:
            if column.name.lower() in _COMMON_NAMES:
                continue
            if column.distinct_count < max(parent.row_count, 1) or not column.distinct_count:
                continue
            for child in dictionary.tables:
                other = child.column(column.name) if child is not parent else None
                if other is not None and other.family is column.family:
                    yield Relationship(
                        child_table=child.name,
                        child_columns=[other.name],
                        parent_table=parent.name,
                        parent_columns=[column.name],
                        confidence=0.0,
                    )
