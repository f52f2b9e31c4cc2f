"""Nouns that say little: `number`, `amount`, `information` beside a name, in a list, or alone."""

from itertools import pairwise

from domain.plan import MeasureFunction
from planner.linking.mention import Mention
from planner.reading.read_folds import FoldRules
from planner.reading.reading import Item, Reference

_NUMBERS = ("number", "numbers", "count")


class NounRules(FoldRules):
    """Rules for nouns that name nothing of the data by themselves."""

    def _generic(self, mention: Mention) -> None:
        """A noun such as `year` or `amount`: part of the name beside it, or else unplaced."""
        position = self._at - 2
        while position >= 0 and self._all[position].kind in ("filler", "of", "in", "be", "generic"):
            position -= 1
        before = self._all[position] if position >= 0 else None
        ahead = self._peek(("filler", "of", "in", "be", "generic", "their"))
        counted = any(i.function is MeasureFunction.COUNT for i in self.reading.items)
        if mention.text.lower() in _NUMBERS and (counted or self._counts_again(ahead)):
            return
        beside = [m for m in (before, ahead) if m is not None]
        last = self._before()
        if ahead is not None and ahead.kind == "time_compare" and self.reading.span is not None:
            return
        if last is not None and last.kind in ("and", "comma") and self._lists_thing():
            self.reading.unplaced.append(mention.text)
            return
        if last is not None and _says_already(last, mention):
            return
        if any(m.kind in ("link", "number", "quoted", "span") for m in beside):
            return
        self.reading.unplaced.append(mention.text)

    def _counts_again(self, ahead: Mention | None) -> bool:
        """`the number and average salary of instructors`, `the most orders? Give the number`."""
        position = self._next_position(("and",))
        joined = position is not None and position > self._at
        if joined and ahead is not None and self._peek(("and", "filler")) is not None:
            measured = self._peek(("and", "filler"))
            if measured is not None and measured.kind in ("aggregate", "average_of_all"):
                self._add_item(Item(self._rows_ahead(), MeasureFunction.COUNT))
                return True
        ranked = [r for r in self.reading.ranks if r.item is not None]
        if len(ranked) != 1 or ranked[0].item is None or self._where:
            return False
        self._add_item(Item(ranked[0].item.reference, MeasureFunction.COUNT))
        return True

    def _rows_ahead(self) -> Reference | None:
        """The table after the next `of`: whose rows the number before it is of."""
        rest = [m for m in self._all[self._at :] if m.kind not in ("filler", "distinct", "each")]
        for opener, thing in pairwise(rest):
            if opener.kind == "of":
                return Reference(thing) if Reference(thing).is_table else None
        return None

    def _lists_thing(self) -> bool:
        """`the ids and information of all accounts`: one thing more that is asked for."""
        ahead = self._peek()
        ends = ahead is None or ahead.kind in ("of", "stop", "comma", "and", "for")
        return bool(self.reading.items) and not self._where and ends


def _says_already(before: Mention, noun: Mention) -> bool:
    """`at the latest time`, `has taken place`: the word before says what the noun says."""
    word = noun.text.lower()
    told = before.adjective
    if told is not None and told.is_superlative:
        measured = (*told.high, *told.low)
        return "date" in measured and word in measured
    return word == "place" and before.text.lower() in ("take", "takes", "took", "taken", "taking")
