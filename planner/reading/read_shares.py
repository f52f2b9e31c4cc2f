"""Shares: `what share of Netflix sessions are on 5G` tells the rows meant from the part of them."""

from domain.plan import MeasureFunction
from planner.linking.mention import Mention
from planner.reading.grammar_words import is_verb
from planner.reading.read_orders import OrderRules
from planner.reading.reading import Item, Predicate

_VERBS = {"is", "are", "was", "were", "has", "have", "had", "do", "does", "did", "never"}


class ShareRules(OrderRules):
    """Rules for a part of a whole."""

    def _share(self, mention: Mention) -> None:
        """`share of sessions`; but `the black percentage` is a column that holds one."""
        before = self._before()
        if before is not None and before.kind == "link" and before.best("value") == 0:
            return
        self._share_at = self._at
        self._take("count", skip=("filler", "of", "in"))
        told = self._told_of()
        if told is None:
            self._take_values()
        named = None if told is not None else self._take_name()
        item = Item(named, MeasureFunction.COUNT, share=True, begins=self._share_at, told=told)
        self._add_item(item)

    def _told_of(self) -> Mention | None:
        """`share of women who ...`: a value alone says whose share it is."""
        position = self._next_position(("filler", "of", "in", "their"))
        value = self._all[position] if position is not None else None
        if position is None or value is None or value.kind != "link":
            return None
        names = max(value.best("table"), value.best("column"), value.best("metric"))
        behind = self._all[position + 1] if position + 1 < len(self._all) else None
        is_alone = behind is None or behind.kind != "link" or is_verb(behind) or bool(behind.acts)
        return value if value.best("value") > names and is_alone else None

    def _settle_shares(self) -> None:
        """Conditions said behind the verb, or else around it, or before the share, are the part.

        `WhatsApp's share of sessions in Delhi`: whose share it is comes first.
        """
        item = next((i for i in self.reading.items if i.share), None)
        if item is None:
            return
        said = [p for p in self.reading.predicates if item.told is None or p.mention != item.told]
        for predicate in self.reading.predicates:
            predicate.of_whole = True
        verb = self._verb_behind(item.position)
        present = any(p.position > verb > item.position for p in self.reading.presences)
        behind = [p for p in said if p.position > item.position]
        before = [p for p in said if p.position <= self._share_at]
        parts = [[p for p in behind if p.position > verb], behind, before, said]
        if before and self._all[self._share_at - 2].text == "'s":
            parts.insert(0, before)
        part = next((some for some in parts if some or present), said)
        for predicate in said:
            predicate.of_whole = not _is_among(predicate, part)

    def _verb_behind(self, position: int) -> int:
        """Where the sentence's own verb stands: `sessions of women ARE on 5G`; else `position`."""
        for place in range(position, len(self._all)):
            mention = self._all[place]
            opened = place > 0 and self._all[place - 1].kind in ("that", "with", "whose", "be")
            if mention.text.lower().split()[0] in _VERBS and not opened:
                return place
        return position


def _is_among(predicate: Predicate, some: list[Predicate]) -> bool:
    return any(predicate is one for one in some)
