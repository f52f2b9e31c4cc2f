"""What a rank compares: a count, an aggregate, a column, a value asked for."""

from abc import abstractmethod

from domain.plan import MeasureFunction, Operator
from planner.linking.mention import Mention
from planner.reading.grammar_words import (
    FUNCTIONS,
    is_quantity,
    replace_owner,
)
from planner.reading.read_comparisons import ComparisonRules
from planner.reading.reading import (
    Item,
    Rank,
    Reference,
)


class RankTargetRules(ComparisonRules):
    """Rules for what is ranked, and by what."""

    def _take_values(self) -> None:
        """`female Netflix users`: values before the noun say which rows are meant."""
        mark = self._at
        values: list[Mention] = []
        while (value := self._peek(("filler", "distinct"))) is not None and self._limits(value):
            self._at = self._all.index(value) + 1
            values.append(value)
        noun = self._peek(("filler",))
        if not values or noun is None or noun.kind != "link":
            self._at = mark
            return
        for value in values:
            if value.adjective is not None:
                self._add_signed(value, 0)
            else:
                self._add_predicate(None, Operator.EQUAL, value)

    def _limits(self, mention: Mention) -> bool:
        """`5G sessions`, `late flights`: what is said of rows before their noun."""
        adjective = mention.adjective
        return self._is_value(mention) or (adjective is not None and adjective.is_signed)

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
        self._take_values()
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
            self._take_values()
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
        self._take_values()
        rank.reference = self._take_name()
        if rank.reference is None and rank.limit is not None and self._where:
            rank.reference = self._last
            self._last = None

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

    @abstractmethod
    def _is_value(self, mention: Mention) -> bool:
        """True where a value of the data is meant rather than a name."""
