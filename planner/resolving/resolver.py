"""A reading to a plan: tries each table that the question may be about."""

from dataclasses import replace

from domain.dictionary import Dictionary
from domain.plan import MeasureFunction, Plan
from planner.reading.grammar_words import SURE
from planner.reading.plan_parts import LATER_HOME, not_found
from planner.reading.plan_reach import plan_tables
from planner.reading.reading import Reading, Reference
from planner.resolving.binder import Binder
from planner.resolving.clarify import ambiguous_way
from planner.resolving.left_out import left_out
from planner.resolving.refusals import unclear, untold
from planner.resolving.resolution import Resolution
from planner.resolving.revision import Revision
from planner.resolving.senseless import senseless
from planner.resolving.traces import untraced
from planner.schema.binding_errors import AmbiguousError, UnreadableError
from planner.schema.join_path import JoinGraph
from planner.schema.schema_index import SchemaIndex
from planner.schema.select_scope import AmbiguousWayError, PlanError

_JOIN_DOUBT = 0.4
"""What each table after the second adds to the doubt."""
_NEAR_COST = 0.12
"""Readings that cost no more than the best one are as good."""
_MORE_COST = 0.5
"""What a reading that leaves out nothing may cost more than the cheapest one."""
_REPEATS = 0.5
"""What it costs to list a thing more than once."""
_MOST_DOUBT = 1.4
"""Beyond this, readings of public questions were wrong more often than right."""
_MOST_DOUBT_ALONE = 2.0
"""The same, where no other table can be meant."""


class Resolver:
    """Resolves readings over one dictionary."""

    def _tables(self, plan: Plan) -> set[str]:
        """Tables that a plan reads, those on the way between others too."""
        named = plan_tables(plan)
        try:
            steps = self._graph.tree(plan.table, named)
        except LookupError:
            steps = []
        return {*named, *(step.end for step in steps)}

    def __init__(self, dictionary: Dictionary, index: SchemaIndex, graph: JoinGraph) -> None:
        self._dictionary = dictionary
        self._index = index
        self._graph = graph

    def revise(self, plan: Plan, reading: Reading, *, keeps_groups: bool) -> Plan:
        """Returns an earlier plan changed as a follow-up says."""
        _check_placed(reading)
        revision = Revision(self._index, self._graph, reading.copy(), plan.table, decided=True)
        revised = revision.revise(plan, keeps_groups=keeps_groups)
        self._check_traced(reading, revised)
        return revised

    def resolve(self, reading: Reading, *, decided: bool = False) -> tuple[Plan, float]:
        """Returns the plan of the table that fits best, and how doubtful its names are.

        Raises UnreadableError where something finds no place, and AmbiguousError where a word
        means two things alike, unless the analyst has `decided` already.
        """
        _check_placed(reading)
        homes = Binder(self._index, self._graph, reading).homes
        if not homes:
            raise UnreadableError("No word of the question names anything in the data.")
        plan, resolution = self._best_of_senses(reading, homes)
        tables = self._tables(plan)
        doubt = resolution.doubt() + _JOIN_DOUBT * max(0, len(tables) - 2)
        most = _MOST_DOUBT if len(tables) > 1 else _MOST_DOUBT_ALONE
        if doubt > most and not decided:
            word = resolution.most_doubtful()
            raise UnreadableError(f"It is not sure enough what {word!r} means here.", (word,))
        return plan, doubt

    def _check_whole(self, reading: Reading, plan: Plan) -> None:
        """Raises UnreadableError where the plan answers another question."""
        lost = left_out(reading, plan, self._tables(plan), self._index)
        if lost:
            raise UnreadableError(f"What {lost[0]!r} has to do with it is not clear.", lost)
        problem = senseless(reading, plan, self._index, self._graph)
        if problem:
            raise UnreadableError(problem)
        self._check_traced(reading, plan)

    def _check_traced(self, reading: Reading, plan: Plan) -> None:
        """Raises UnreadableError where a word that steers, a value or a number changed nothing."""
        lost = untraced(reading.said, plan, self._index)
        if lost:
            raise UnreadableError(untold(lost[0]), lost)

    def _best_of_senses(self, reading: Reading, homes: list[str]) -> tuple[Plan, Resolution]:
        """`How many people ...`: where a column of persons leads nowhere, the persons are meant."""
        try:
            return self._best(reading, homes)
        except UnreadableError:
            other = _counting_rows(reading)
            if other is None:
                raise
            others = Binder(self._index, self._graph, other).homes
            return self._best(other, others)

    def _best(self, reading: Reading, homes: list[str]) -> tuple[Plan, Resolution]:
        """Tries each table that the question may be about."""
        found: list[tuple[float, Plan, Resolution]] = []
        problems: list[UnreadableError | AmbiguousError] = []
        is_first_unsettled = False
        for place, home in enumerate(homes):
            resolution = Resolution(self._index, self._graph, reading.copy(), home, decided=False)
            try:
                plan = resolution.plan()
            except (UnreadableError, AmbiguousError) as problem:
                is_first_unsettled |= place == 0 and isinstance(problem, AmbiguousError)
                problems.append(problem)
                continue
            except AmbiguousWayError as problem:
                problems.append(ambiguous_way(problem, self._index))
                continue
            except PlanError as problem:
                problems.append(UnreadableError(str(problem)))
                continue
            cost = resolution.cost(plan) + LATER_HOME * place
            if not plan.measures and self._repeats_asked(reading, homes[0], home):
                cost += _REPEATS
            found.append((cost, plan, resolution))
        unsettled = next((p for p in problems if isinstance(p, AmbiguousError)), None)
        if unsettled is not None and (not found or is_first_unsettled):
            raise unsettled
        if not found:
            raise problems[0]
        found.sort(key=lambda choice: choice[0])
        self._check_names(reading, found)
        return self._first_whole(reading, found)

    def _repeats_asked(self, reading: Reading, asked: str, home: str) -> bool:
        """True where things are listed once for each row of something that happened to them."""
        first = reading.items[0] if reading.items else None
        reference = first.reference if first is not None else None
        if first is None or first.function or reference is None or not reference.is_table:
            return False
        targets = {t.table for t in reference.mention.of_kind("table")}
        return home != asked and asked in targets and not self._graph.keeps_rows(asked, home)

    def _first_whole(
        self, reading: Reading, found: list[tuple[float, Plan, Resolution]]
    ) -> tuple[Plan, Resolution]:
        """Returns the cheapest choice that has a place for every word."""
        problems: list[UnreadableError] = []
        most = found[0][0] + _MORE_COST
        for _, plan, resolution in (choice for choice in found if choice[0] <= most):
            try:
                self._check_whole(reading, plan)
            except UnreadableError as problem:
                problems.append(problem)
                continue
            return plan, resolution
        raise problems[0]

    def _check_names(self, reading: Reading, found: list[tuple[float, Plan, Resolution]]) -> None:
        """Raises AmbiguousError for `the population of New York`, the city's or the state's."""
        near = [choice for choice in found if choice[0] <= found[0][0] + _NEAR_COST]
        homes = [plan.table for _, plan, resolution in near if not resolution.is_table_said()]
        for predicate in reading.predicates:
            values = predicate.mention.of_kind("value") if predicate.mention is not None else ()
            named = {
                t.table: t
                for t in reversed(values)
                if t.score >= SURE and t.column == self._index.label_of(t.table)
            }
            alike = [named[table] for table in homes if table in named]
            if predicate.mention is not None and predicate.noun is None and len(alike) > 1:
                raise AmbiguousError(predicate.mention.text, alike)


def _check_placed(reading: Reading) -> None:
    if reading.unplaced:
        raise UnreadableError(not_found(reading.unplaced), tuple(reading.unplaced))
    if reading.problems:
        raise UnreadableError(unclear(reading.problems[0]))


def _counting_rows(reading: Reading) -> Reading | None:
    """The reading with counted names taken for tables; None where no name is both."""
    other = reading.copy()
    changed = False
    for item in other.items:
        if item.function is not MeasureFunction.COUNT or item.reference is None:
            continue
        mention = item.reference.mention
        if mention.best("table") >= SURE and mention.best("column") >= SURE:
            item.reference = Reference(replace(mention, targets=mention.of_kind("table")))
            changed = True
    return other if changed else None
