"""Ranking and order: `the three oldest`, `most common`, `sorted by name`."""

from dataclasses import replace

from domain.plan import MeasureFunction
from planner.linking.mention import Mention
from planner.reading.grammar_words import (
    COUNTING,
    EXTREMES,
    SIZING,
    grain_of,
    measuring,
)
from planner.reading.read_superlatives import SuperlativeRules
from planner.reading.reading import (
    Group,
    Item,
    Rank,
    Reference,
)

_SEVERAL = 10
"""How many are shown of `top titles`."""

_BUSY = ("busiest", "peak")
"""They speak of how much happens, never of a value itself."""


class RankRules(SuperlativeRules):
    """Rules for superlatives and order."""

    def _rank(self, mention: Mention) -> None:
        limit = self._number_before()
        if not self._where and limit is None and self._is_extreme_figure(mention):
            return
        number = self._take("number")
        if number is not None and isinstance(number.number, int):
            limit = number.number
            if self._rank_by_adjective(limit):
                return
        rank = Rank(mention.value == "high", limit=limit or 1, position=self._at)
        rank.adds_up = mention.text.lower().split()[0] in COUNTING
        superlative = mention.text.lower().split()[-1]
        rank.sized_by = superlative if superlative in SIZING else ""
        rank.hint = measuring(mention)
        before = self._before()
        rank.verb = before.text.lower() if before is not None and before.kind == "filler" else ""
        if self._ranks_calendar(rank) or self._ranks_busy(mention, limit):
            return
        if limit is None and self._take_first():
            rank.limit, rank.axis = None, "y"
            self.reading.ranks.append(rank)
            return
        is_top = mention.text.lower() in ("top", "bottom", "leading") or self._by_behind_name()
        if is_top and self._take_entity_of_top():
            rank.limit = limit or self._number_of_top(mention)
            self._rank_entity(rank)
            return
        if mention.text.lower() in ("top", "bottom") and self._ranks_measured(rank):
            return
        explicit_count = "number" in mention.text or "count" in mention.text
        if not explicit_count and self._is_extreme_value(limit):
            self._extreme_value(rank)
            return
        if explicit_count:
            self._take_values()
            rank.item = Item(self._take_name(), MeasureFunction.COUNT)
        else:
            self._rank_target(rank)
        self.reading.ranks.append(rank)
        self._last = None

    def _is_extreme_figure(self, mention: Mention) -> bool:
        """`the highest and lowest price`, `the highest daily sales`: figures, not rows."""
        ahead = self._peek(("filler",))
        is_timed = grain_of(ahead) is not None
        if not self._is_one_of_several() and (self.reading.items or not is_timed):
            return False
        self._aggregate(replace(mention, value=EXTREMES[mention.value]))
        return True

    def _number_of_top(self, mention: Mention) -> int:
        """`top titles`: more than one, though it is not said how many."""
        reference = self.reading.items[-1].reference
        text = reference.mention.text.lower() if reference is not None else ""
        is_many = text.endswith("s") and not text.endswith("ss")
        return _SEVERAL if is_many and mention.text.lower() == "top" else 1

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

    def _ranks_busy(self, mention: Mention, limit: int | None) -> bool:
        """`the busiest city`: the one where most happens."""
        is_busy = mention.text.lower() in _BUSY
        if is_busy:
            self._popular(mention, limit)
        return is_busy

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
        again = self._take("rank", skip=("filler", "of", "show"))
        if again is not None:
            rank.descending = again.value == "high"
            rank.adds_up = again.text.lower().split()[0] in COUNTING
        self._rank_target(rank)
