"""Ranking and order: `the three oldest`, `most common`, `sorted by name`."""

from dataclasses import replace

from domain.plan import MeasureFunction, Operator
from planner.grammar_words import (
    COUNTING,
    EXTREMES,
    FUNCTIONS,
    is_quantity,
    measuring,
    replace_owner,
)
from planner.lexicon import load_lexicon
from planner.mention import Mention
from planner.read_comparisons import ComparisonRules
from planner.reading import (
    Group,
    Item,
    Rank,
    Reference,
)


class RankRules(ComparisonRules):
    """Rules for superlatives and order."""

    def _rank(self, mention: Mention) -> None:
        limit = self._number_before()
        if not self._where and limit is None and self._is_one_of_several():
            self._aggregate(replace(mention, value=EXTREMES[mention.value]))
            return
        number = self._take("number")
        if number is not None and isinstance(number.number, int):
            limit = number.number
            if self._rank_by_adjective(limit):
                return
        rank = Rank(mention.value == "high", limit=limit or 1, position=self._at)
        rank.adds_up = mention.text.lower().split()[0] in COUNTING
        rank.hint = measuring(mention)
        before = self._before()
        rank.verb = before.text.lower() if before is not None and before.kind == "filler" else ""
        if self._ranks_calendar(rank):
            return
        if limit is None and self._take_first():
            rank.limit, rank.axis = None, "y"
            self.reading.ranks.append(rank)
            return
        is_top = mention.text.lower() in ("top", "bottom", "leading") or self._by_behind_name()
        if is_top and self._take_entity_of_top():
            self._rank_entity(rank)
            return
        if mention.text.lower() in ("top", "bottom") and self._ranks_measured(rank):
            return
        explicit_count = "number" in mention.text or "count" in mention.text
        if not explicit_count and self._is_extreme_value(limit):
            self._extreme_value(rank)
            return
        if explicit_count:
            rank.item = Item(self._take_name(), MeasureFunction.COUNT)
        else:
            self._rank_target(rank)
        self.reading.ranks.append(rank)
        self._last = None

    def _by_behind_name(self) -> bool:
        """`the largest carrier by number of flights`: what it is the largest in comes behind."""
        position = self._next_position(("filler",))
        behind = self._all[position + 1 :][:1] if position is not None else []
        named = position is not None and self._all[position].kind == "link"
        asked = bool(self.reading.items) or self._where
        return named and not asked and bool(behind) and behind[0].kind == "by"

    def _ordinal(self, mention: Mention) -> None:
        ahead = self._peek(("filler",))
        ranks = ahead is not None and ahead.kind in ("rank", "popular", "adjective")
        if not ranks or self._ordinal_said is not None:
            self.reading.unplaced.append(mention.text)
            return
        self._ordinal_said = len(self.reading.ranks), int(mention.value), mention.text

    def _ranks_calendar(self, rank: Rank) -> bool:
        """`the busiest month`, `peak hour of day`: spans of the calendar, by what they hold."""
        if not self._is_unit_ahead():
            return False
        group = self._grain_ahead()
        if group is None:
            return False
        self.reading.groups.append(group)
        self.reading.ranks.append(rank)
        self._where = True
        return True

    def _ranks_measured(self, rank: Rank) -> bool:
        """`reach of the top 10 apps`: the measure asked for is what they are ranked by."""
        measured = [i for i in self.reading.items if i.function is not None]
        ahead = self._peek(("filler",))
        if len(measured) != len(self.reading.items) or not measured or ahead is None:
            return False
        if ahead.kind != "link" or not Reference(ahead).is_table:
            return False
        self.reading.groups.append(Group(self._take_name(), position=self._at))
        self.reading.ranks.append(rank)
        return True

    def _rank_by_adjective(self, limit: int) -> bool:
        """`top 3 oldest`, `top 3 most common`."""
        further = self._take("adjective", "popular")
        if further is None:
            return False
        if further.kind == "adjective":
            self._superlative(further, limit)
        else:
            self._popular(further, limit)
        return True

    def _rank_entity(self, rank: Rank) -> None:
        """`top 5 cities by population`: the entity is taken, what it is ranked by follows."""
        self.reading.ranks.append(rank)
        ahead = self._peek(("filler",))
        if ahead is not None and ahead.kind == "each":
            return
        self._take("with", "whose", "in", "by", "that", "order", skip=("filler",))
        again = self._take("rank", skip=("filler", "of"))
        if again is not None:
            rank.descending = again.value == "high"
            rank.adds_up = again.text.lower().split()[0] in COUNTING
        self._rank_target(rank)

    def _extreme_value(self, rank: Rank) -> None:
        function = MeasureFunction.MAXIMUM if rank.descending else MeasureFunction.MINIMUM
        reference = self._take_name()
        owner = self._owner_ahead()
        if reference and owner and not reference.owner:
            reference = replace_owner(reference, owner)
        self._add_extreme(rank, Item(reference, function))

    def _add_extreme(self, rank: Rank, item: Item) -> None:
        """The highest value; the second highest is one of the different values in their order."""
        if self._ordinal_said is None:
            self._add_item(item)
            return
        self._add_item(Item(item.reference, distinct=True))
        rank.reference, rank.adjective = item.reference, None
        rank.descending = item.function is MeasureFunction.MAXIMUM
        self.reading.ranks.append(rank)

    def _take_entity_of_top(self) -> bool:
        reference = self._take_name()
        if reference is None:
            return False
        ahead = self._peek(("filler",))
        if ahead is not None and ahead.kind in (
            "with",
            "whose",
            "in",
            "by",
            "that",
            "each",
            "order",
        ):
            self._add_item(Item(reference))
            return True
        self._at -= 1
        if reference.owner is not None:
            self._at -= 1
        return False

    def _is_extreme_value(self, limit: int | None) -> bool:
        """`What is the highest salary`: a number is asked, not a row."""
        if (
            self._where
            or limit is not None
            or (self.reading.items and not self._is_listing_aggregates())
        ):
            return False
        ahead = self._peek(("filler",))
        if ahead is None or ahead.kind != "link" or not is_quantity(ahead):
            return False
        return not Reference(ahead).is_table

    def _is_listing_aggregates(self) -> bool:
        return all(item.function is not None for item in self.reading.items)

    def _rank_target(self, rank: Rank) -> None:
        """What is compared: a count, an aggregate, a column, or rows of a table."""
        axis = self._take("axis", skip=("filler", "of"))
        if axis is not None:
            rank.axis = axis.value
            return
        self._take("distinct", skip=("filler", "of"))
        if self._take("count", skip=("filler", "of")):
            self._take("distinct", skip=("filler", "of"))
            rank.item = Item(self._take_name(), MeasureFunction.COUNT)
            return
        aggregate = self._take("aggregate", "average_of_all", skip=("filler", "of"))
        if aggregate is not None:
            reference = self._take_name()
            function = FUNCTIONS.get(aggregate.value, MeasureFunction.AVERAGE)
            if reference is not None and reference.is_table:
                function = MeasureFunction.COUNT
            rank.item = Item(reference, function)
            return
        rank.reference = self._take_name()
        if rank.reference is None and rank.limit is not None and self._where:
            rank.reference = self._last
            self._last = None

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
            self._add_item(Item(Reference(mention)))
        elif mention.adjective is not None and mention.adjective.is_signed:
            self._add_signed(mention, 0)
        elif self._says_nothing(mention, before):
            return
        elif (number := self._take("number", skip=("filler", "either"))) is not None:
            self._add_predicate(None, Operator.EQUAL, number)
            for predicate in self.reading.predicates:
                if predicate.reference is None and predicate.mention is None:
                    predicate.adjective = mention
        else:
            self.reading.unplaced.append(mention.text)

    @staticmethod
    def _says_nothing(adjective: Mention, before: Mention | None) -> bool:
        """`5 years old`, `paid with a card`: no condition of its own."""
        measures = before is not None and before.kind in ("number", "generic")
        return measures or adjective.text.lower() in load_lexicon().fillers

    def _take_first(self) -> bool:
        """`longest first`, `the largest first`: all rows in this order, not one of them."""
        ahead = self._peek(("filler",))
        if ahead is None or ahead.text.lower() != "first" or ahead.kind != "adjective":
            return False
        position = self._all.index(ahead) + 1
        if position < len(self._all) and self._all[position].kind not in ("stop", "comma"):
            return False
        self._at = position
        return True

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
