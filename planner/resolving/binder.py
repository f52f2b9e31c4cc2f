"""Binds each name of a reading to one table: the cheapest choice over scores and joins."""

from collections.abc import Sequence

from domain.dictionary import ColumnRole
from domain.plan import ColumnReference
from planner.language.names import name_words
from planner.linking.mention import Mention
from planner.reading.reading import Predicate, Reading, Reference
from planner.resolving.binding_scores import (
    add_points,
    references_of,
    weighted_mentions,
)
from planner.resolving.measured_columns import MeasuredColumns
from planner.schema.binding_errors import AmbiguousError, UnreadableError
from planner.schema.join_path import JoinGraph
from planner.schema.schema_index import SchemaIndex, Target

_NEAR_SCORE = 0.02
_NEAR_VALUE = 0.05
_CLEAR = 0.9
_NAMED_VALUE = 0.9
_MENTIONED = 0.9
_EXACT = 0.95
_DOUBT = 3.0
_RIVAL = 0.1
_UNRIVALLED = 0.7
"""What is left of the doubt about a part of a name that nothing else has."""
_LONE = 0.4
_MAXIMUM_HOMES = 5
_QUANTITY = 0.2
_ASIDE = 0.2
"""What a value costs where rows of another table are called so."""
_NEAR_TABLE = 0.5
"""Tables farther away than that are no rivals of the one chosen."""
_NAME = {"name", "title"}


class Binder(MeasuredColumns):
    """Binds names, given the tables that the question mentions."""

    def __init__(self, index: SchemaIndex, graph: JoinGraph, reading: Reading) -> None:
        super().__init__(index, graph, reading.roots, reading.choices)
        self.spent: dict[str, float] = {}
        """What each bound name cost: how far the choice is from what was said."""
        self.doubts: dict[str, float] = {}
        """How far the words of each bound name are from what was said."""
        self.ways: dict[str, tuple[str, float]] = {}
        """Where each name was found, and how doubtful the way is: less where no rival has it."""
        self._collect(reading)
        self.homes = self._homes(reading)
        self.home = self.homes[0] if self.homes else ""

    def _collect(self, reading: Reading) -> None:
        for reference in references_of(reading):
            for mention in (reference.mention, reference.owner):
                if mention is not None:
                    self.mentioned.update(
                        t.table for t in mention.of_kind("table") if t.score >= _MENTIONED
                    )
                    self.mentioned.update(t.table for t in mention.targets if t.names_table)

    # --- tables --------------------------------------------------------------------------

    def _homes(self, reading: Reading) -> list[str]:
        """Tables that the question may be about, most likely first."""
        said = self._home(reading)
        points = self._points(reading)
        others = sorted((t for t in points if points[t] > 0), key=lambda t: -points[t])
        return list(dict.fromkeys([*([said] if said else []), *others]))[:_MAXIMUM_HOMES]

    def is_table(self, reference: Reference) -> bool:
        """True where a table is meant: not where the home table has a column of that name."""
        if not reference.is_table:
            return False
        table = self.table(reference.mention)
        if table == self.home or reference.owner is not None:
            return True
        if self.graph.path(self.home, table) is None:
            return not any(t.table == self.home for t in reference.mention.of_kind("column"))
        return not any(
            t.table == self.home and t.score >= _EXACT for t in reference.mention.of_kind("column")
        )

    def _home(self, reading: Reading) -> str | None:
        for item in reading.items:
            reference = item.reference
            if reference is None:
                continue
            if reference.owner is not None:
                return self.table(reference.owner)
            if reference.is_table:
                return self.table(reference.mention)
            break
        if reading.items and reading.items[0].everything and reading.context:
            tables = [r for r in reading.context if r.is_table]
            if tables:
                return self.table(tables[0].mention)
        return None

    def _points(self, reading: Reading) -> dict[str, float]:
        """The table that covers most of the names."""
        points: dict[str, float] = dict.fromkeys(self.index.tables, 0.0)
        for mention, weight in weighted_mentions(reading):
            add_points(points, mention, weight, self.index.foreign_keys)
        return points

    def table(self, mention: Mention) -> str:
        """Returns the table that a mention names best."""
        found = mention.of_kind("table")
        if not found:
            raise UnreadableError(f"No table is called {mention.text}.", (mention.text,))
        best = max(found, key=lambda t: t.score)
        alike = {t.table for t in found if t.score == best.score}
        parents = [t for t in found if t.table in alike and self.index.is_parent_of(t.table, alike)]
        return (parents or [best])[0].table

    # --- columns -------------------------------------------------------------------------

    def column(
        self, reference: Reference, *, numeric: bool = False, splits: bool = False
    ) -> ColumnReference:
        """Returns the column that a name means here. Raises UnreadableError where none fits.

        `numeric` prefers quantities; `splits` prefers what rows are told apart by.
        """
        mention = reference.mention
        if mention.adjective is not None:
            return self.measured_by(mention.adjective, self.home)[0]
        targets = mention.of_kind("column")
        if not targets:
            raise UnreadableError(f"No column is called {mention.text}.", (mention.text,))
        owner = None
        if reference.owner is not None and self.is_table(Reference(reference.owner)):
            owner = self.table(reference.owner)
        said = mention.text.lower()

        def place(target: Target) -> tuple[float, bool, str, str]:
            cost = self._cost(target, owner, numeric)
            role = self.index.column(target.table, target.column).role
            cost += _QUANTITY if splits and role is ColumnRole.MEASURE else 0.0
            return cost, target.column.lower() != said, target.table, target.column

        best = min(targets, key=place)
        many = len(mention.text.split())
        sure = [t for t in targets if t.score >= _CLEAR and len(name_words(t.column)) == many]
        if sure and self._rivals(best, targets, numeric):
            best = min(sure, key=place)
        self._spend(mention, best, targets, self._cost(best, owner, numeric))
        self._check_single(mention, best, targets, numeric)
        return ColumnReference(table=best.table, column=best.column)

    def _spend(
        self, mention: Mention, best: Target, targets: Sequence[Target], cost: float
    ) -> None:
        link = _DOUBT * (1 - best.score)
        if not any(t != best and t.score > best.score - _RIVAL for t in targets):
            link *= _UNRIVALLED
        near = self.graph.distance(self.home, best.table) + _NEAR_TABLE
        many = not self._has_one(best.table)
        rivals = any(
            t.table != best.table
            and t.score > best.score - _RIVAL
            and self.graph.distance(self.home, t.table) <= near
            and (many or self._has_one(t.table))
            for t in targets
        )
        self.spent[mention.text] = cost
        self.doubts[mention.text] = link
        away = (cost - link) * (1.0 if rivals else _LONE)
        self.ways[mention.text] = best.table, away

    def _has_one(self, table: str) -> bool:
        """True where a row of the home table has at most one of the other: a plain attribute."""
        return table == self.home or self.graph.keeps_rows(self.home, table)

    def _check_single(
        self, mention: Mention, best: Target, targets: tuple[Target, ...], numeric: bool
    ) -> None:
        """Raises AmbiguousError where a part of a name fits two columns of one table alike."""
        same = self._rivals(best, targets, numeric)
        if same and not self.decided:
            raise AmbiguousError(mention.text, same)

    def _rivals(self, best: Target, targets: tuple[Target, ...], numeric: bool) -> list[Target]:
        """Columns of one table, the best one too, that a part of a name fits alike."""
        if best.score >= _CLEAR:
            return []
        same = [
            t
            for t in targets
            if t.table == best.table
            and abs(t.score - best.score) < _NEAR_SCORE
            and abs(self._cost(t, None, numeric) - self._cost(best, None, numeric)) < _NEAR_SCORE
        ]
        return same if len(same) > 1 else []

    def _cost(self, target: Target, owner: str | None, numeric: bool) -> float:
        cost = _DOUBT * (1 - target.score)
        anchor = owner or self.home
        if target.table != anchor:
            cost += 0.45 if owner is None else 0.6
            cost += 0.25 * min(self.graph.distance(anchor, target.table), 20)
        if target.table not in self.mentioned and target.table != self.home:
            cost += 0.3
        if (target.table, target.column) in self.index.foreign_keys:
            cost += 0.05
        if numeric and not self.index.is_numeric(target.table, target.column):
            cost += 0.5
        if numeric and self.index.is_key(target.table, target.column):
            cost += 0.5
        return cost

    def value_column(self, predicate: Predicate) -> Target:
        """Returns the column and value that a value mention means here."""
        mention = predicate.mention
        if mention is None:
            raise UnreadableError("A value is missing.")
        targets = list(mention.of_kind("value"))
        if predicate.reference is not None:
            named = {(t.table, t.column) for t in predicate.reference.mention.of_kind("column")}
            targets = [t for t in targets if (t.table, t.column) in named] or targets
        if predicate.follows is not None and predicate.follows.mention is not None:
            first = self.value_column(predicate.follows)
            place = (first.table, first.column)
            targets = [t for t in targets if (t.table, t.column) == place] or targets
        targets = _of_noun(predicate.beside, targets)
        owner = None
        if predicate.reference is not None and predicate.reference.owner is not None:
            owner = self.table(predicate.reference.owner)
        known = [t for t in targets if t.table in self.index.tables]
        labelled = [t for t in known if self.index.label_of(t.table) == t.column]
        others = {t.table for t in labelled}
        targets = [t for t in targets if t in labelled or t.table not in others or t.score < 1]
        nouns = {t.table for t in predicate.noun.of_kind("table")} if predicate.noun else set()
        called = max((t.score for t in labelled), default=0.0)

        def cost(target: Target) -> float:
            """`the population of Texas`: of the state, not of the cities of that state."""
            is_aside = target not in labelled and called >= target.score
            is_aside |= target in labelled and bool(nouns) and target.table not in nouns
            return self._cost(target, owner, False) + _ASIDE * is_aside

        best = min(targets, key=lambda t: (cost(t), t.table, t.column))
        self._spend(mention, best, targets, cost(best))
        self._check_value(mention, best, targets)
        if predicate.noun is None and predicate.reference is None:
            self._check_aside(mention, best, [t for t in known if self._names_rows(t)])
        return best

    def _check_value(self, mention: Mention, best: Target, targets: list[Target]) -> None:
        """Raises AmbiguousError where part of a value is found in several values."""
        if self.decided:
            return
        if best.score >= _CLEAR:
            self._check_value_column(mention, best, targets)
            return
        near = [t for t in targets if t.score >= best.score - _NEAR_VALUE]
        if len({t.value for t in near}) > 1:
            raise AmbiguousError(mention.text, near)

    def _names_rows(self, target: Target) -> bool:
        """True for a column that rows are called by: a label, or the name of such a thing."""
        rest = set(name_words(target.column)) - set(name_words(target.table))
        return target.column == self.index.label_of(target.table) or rest <= _NAME

    def _check_aside(self, mention: Mention, best: Target, named: list[Target]) -> None:
        """Raises AmbiguousError for a thing's name that is held where nobody spoke of it.

        `the states of the Mississippi`, found as the lowest point of a state, is a river too.
        """
        spoken = {self.home, *self.mentioned}
        others = [t for t in named if t.score >= max(best.score, _CLEAR) and t.table != best.table]
        if others and not self._names_rows(best) and best.table not in spoken and not self.decided:
            raise AmbiguousError(mention.text, [best, *others])

    def is_quantity(self, column: ColumnReference) -> bool:
        """True where the column's values can be compared as numbers or dates."""
        entry = self.index.column(column.table, column.column)
        return entry.family.is_temporal or self.index.is_numeric(column.table, column.column)

    def _check_value_column(self, mention: Mention, best: Target, targets: list[Target]) -> None:
        """Raises AmbiguousError where two columns of one table hold the value alike."""
        same = [
            t
            for t in targets
            if t.table == best.table and t.score == best.score and t.value == best.value
        ]
        if len({t.column for t in same}) > 1 and best.table == self.home:
            raise AmbiguousError(mention.text, same)


def _of_noun(noun: Mention | None, values: list[Target]) -> list[Target]:
    """`Tamil titles`: the value in the table that has titles, where it is found there."""
    if noun is None:
        return values
    best = max(noun.best("table"), noun.best("column"))
    tables = {t.table for t in noun.targets if t.kind != "value" and t.score > best - _NEAR_VALUE}
    found = [v for v in values if v.table in tables and v.score >= _NAMED_VALUE]
    return found or values
