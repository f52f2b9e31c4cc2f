"""Adjectives: `the oldest`, `how old`, `most common`, `late`."""

from domain.plan import MeasureFunction, Operator
from planner.language.lexicon import load_lexicon
from planner.linking.mention import Mention
from planner.reading.grammar_words import (
    FUNCTIONS,
    is_quantity,
    replace_owner,
)
from planner.reading.read_rank_targets import RankTargetRules
from planner.reading.reading import (
    Item,
    Rank,
    Reference,
)


class SuperlativeRules(RankTargetRules):
    """Rules for superlatives and plain adjectives."""

    def _popular(self, mention: Mention, limit: int | None = None) -> None:
        limit = limit or self._number_before()
        rank = Rank(mention.value == "high", limit=limit or 1, popular=True, position=self._at)
        reference = self._take_name()
        if reference is not None:
            owner = self._owner_ahead()
            if owner and not reference.owner and not reference.is_table:
                reference = replace_owner(reference, owner)
            rank.reference = reference
            if not self._where or not self.reading.items:
                self._add_item(Item(reference))
        self.reading.ranks.append(rank)

    def _adjective(self, mention: Mention) -> None:
        adjective = mention.adjective
        if adjective is None:
            return
        if self._take("than", skip=()) or (
            adjective.is_comparative and not adjective.is_superlative
        ):
            self._compare_adjective(mention)
            return
        if adjective.is_superlative:
            self._superlative(mention, self._number_before() or 1)
            return
        self._plain_adjective(mention)

    def _plain_adjective(self, mention: Mention) -> None:
        """`how old`, `how long`: asks for the column; anything else has no exact meaning."""
        before = self._before()
        if before is not None and before.text.lower() == "how":
            self._add_item(self._asked_how(mention))
        elif mention.adjective is not None and mention.adjective.is_signed:
            self._add_signed(mention, 0)
        elif self._says_nothing(mention, before) or self._range_ahead():
            return
        elif (number := self._take("number", skip=("filler", "either"))) is not None:
            end = self._range_end(number)
            operator = Operator.EQUAL if end is None else Operator.BETWEEN
            self._add_predicate(None, operator, number, *([end] if end is not None else []))
            for predicate in self.reading.predicates:
                if predicate.reference is None and predicate.mention is None:
                    predicate.adjective = mention
        else:
            self.reading.unplaced.append(mention.text)

    def _asked_how(self, adjective: Mention) -> Item:
        """`how long is the average session`: what the adjective measures, of one row or folded."""
        folded = self._take("average_of_all", "aggregate", skip=("be", "filler"))
        if folded is None:
            return Item(Reference(adjective))
        self._take_values()
        function = FUNCTIONS.get(folded.value, MeasureFunction.AVERAGE)
        return Item(self._take_name(), function, adjective=adjective)

    @staticmethod
    def _says_nothing(adjective: Mention, before: Mention | None) -> bool:
        """`5 years old`, `paid with a card`: no condition of its own."""
        measures = before is not None and before.kind in ("number", "generic")
        return measures or adjective.text.lower() in load_lexicon().fillers

    def _rank_by_aggregate(self, rank: Rank, superlative: Mention, aggregate: Mention) -> None:
        """`the longest average session`, `flies the farthest on average`."""
        rank.adjective = None
        self._rank_target(rank)
        if rank.item is not None and aggregate.kind != "count":
            rank.item.function = FUNCTIONS.get(aggregate.value, MeasureFunction.AVERAGE)
            rank.item.adjective = superlative

    def _superlative(self, mention: Mention, limit: int) -> None:
        adjective = mention.adjective
        if adjective is None:
            return
        number = self._take("number")
        if number is not None and isinstance(number.number, int):
            limit = number.number
        rank = Rank(bool(adjective.high), adjective=mention, limit=limit, position=self._at)
        if limit == 1 and self._take_first():
            rank.limit = None
            self.reading.ranks.append(rank)
            return
        ahead = self._peek(("filler",))
        if ahead is not None and ahead.kind in ("aggregate", "average_of_all", "count"):
            self._rank_by_aggregate(rank, mention, ahead)
            self.reading.ranks.append(rank)
            return
        if (
            ahead is not None
            and ahead.kind == "link"
            and is_quantity(ahead)
            and not Reference(ahead).is_table
        ):
            if self._is_extreme_value(None if limit == 1 else limit):
                named = self._take_name()
                highest = rank.descending and not _runs_the_other_way(mention, named)
                fn = MeasureFunction.MAXIMUM if highest else MeasureFunction.MINIMUM
                measured = mention if mention.text.lower().endswith("est") else None
                self._add_extreme(rank, Item(named, fn, adjective=measured))
                return
            rank.reference = self._take_name()
        elif ahead is not None and ahead.kind == "link" and Reference(ahead).is_table:
            rank.reference = Reference(ahead)
        elif self._where and self._last is not None:
            rank.reference = self._last
            self.reading.context = [r for r in self.reading.context if r is not self._last]
        self.reading.ranks.append(rank)


def _runs_the_other_way(superlative: Mention, named: Reference | None) -> bool:
    """`the oldest year`: what is older has a smaller year."""
    adjective = superlative.adjective
    if adjective is None or named is None:
        return False
    said = set(named.mention.text.lower().split())
    return bool(said & set(adjective.low)) and not said & set(adjective.high)
