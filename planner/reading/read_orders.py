"""The order of all rows: `sorted by name`, `from least to greatest`, `by the y axis`."""

from dataclasses import replace

from planner.linking.mention import Mention
from planner.reading.grammar_words import opens_list
from planner.reading.read_ranks import RankRules
from planner.reading.reading import Rank

_SIZES = {"highest", "high", "lowest", "low", "largest", "smallest", "biggest", "most", "least"}


class OrderRules(RankRules):
    """Rules for order."""

    def _order(self, mention: Mention) -> None:
        words = mention.text.lower().split()
        if words == ["in"] or (
            words == ["order"] and self.reading.items and not self._order_follows()
        ):
            self._open_where(mention)
            return
        self._take("by", skip=("filler", "in", "of", "their"))
        direction = self._take("direction", skip=("filler", "in", "of"))
        rank = Rank(False, limit=None, position=self._at)
        if direction is not None:
            rank.descending = direction.value == "desc"
            self._take("order", "of", "by", "in", "for", skip=("filler",))
            self._take("by", "of", skip=("filler", "order"))
        self._order_targets(rank, direction is not None)

    def _order_follows(self) -> bool:
        ahead = self._peek(("filler",))
        return ahead is not None and ahead.kind in ("by", "link", "count", "aggregate")

    def _order_targets(self, rank: Rank, has_direction: bool) -> None:
        if not has_direction and not self.reading.items:
            self._where = False
            return
        while True:
            current = replace(rank)
            superlative = self._take("rank", "adjective", skip=("filler", "of", "their"))
            if superlative is not None and superlative.kind == "adjective":
                current.adjective = superlative
            self._skip_amount_of()
            self._rank_target(current)
            self._order_direction(current)
            is_bare = (
                current.reference is None and current.item is None and current.adjective is None
            )
            if is_bare and not has_direction and not current.axis:
                return
            self.reading.ranks.append(current)
            mark = self._at
            joined = self._take("and", "comma", skip=("filler",))
            ahead = self._peek(("filler",))
            if (
                is_bare
                or joined is None
                or ahead is None
                or ahead.kind not in ("link",)
                or opens_list(self._all, self._at)
            ):
                self._at = mark
                self._where = True
                self._last = None
                return

    def _skip_amount_of(self) -> None:
        """`by amount of money requested`: the column behind says it all."""
        mark = self._at
        noun = self._take("generic", skip=("filler", "of", "their"))
        if noun is None or self._take("of", skip=()) is None:
            self._at = mark

    def _says_both_ends(self, rank: Rank) -> bool:
        """`from least to greatest`, `from the oldest to the youngest`."""
        mark = self._at
        self._take("in", skip=())
        first = self._take("rank", "adjective")
        has_end = first is not None and self._take("in", skip=()) is not None
        if first is None or not has_end or self._take("rank", "adjective") is None:
            self._at = mark
            return False
        if first.adjective is None:
            rank.descending = first.value == "high"
            return True
        rank.descending = bool(first.adjective.high)
        if rank.reference is None and rank.item is None:
            rank.adjective = first
        return True

    def _order_direction(self, rank: Rank) -> None:
        mark = self._at
        self._take("comma", skip=("filler",))
        if self._says_both_ends(rank):
            return
        direction = self._take("direction", skip=("filler", "in", "order", "of"))
        if direction is None:
            self._at = mark
            return
        rank.descending = direction.value == "desc"
        self._take("order", skip=())

    def _axis(self, mention: Mention) -> None:
        """`show the y axis from high to low`: an order, told by the chart's axis."""
        rank = Rank(descending=False, limit=None, axis=mention.value, position=self._at)
        self._order_direction(rank)
        self.reading.ranks.append(rank)

    def _direction(self, mention: Mention) -> None:
        rank = Rank(mention.value == "desc", limit=None, position=self._at)
        if _speaks_of_size(mention) and any(i.function for i in self.reading.items):
            rank.axis = "y"
        if self._opener == "by" and self._last is not None and not self._last.is_table:
            rank.reference = self._last
            self._forget(self._last)
            self.reading.ranks.append(rank)
            return
        self._take("order", skip=("filler",))
        self._take("of", "by", "in", "for", skip=("filler", "order", "direction"))
        self._order_targets(rank, has_direction=True)


def _speaks_of_size(direction: Mention) -> bool:
    """`highest first`, `from largest to smallest`: an order of figures, not of names."""
    return bool(_SIZES & set(direction.text.lower().split()))
