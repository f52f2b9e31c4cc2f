"""Shares: `what share of Netflix sessions are on 5G` tells the rows meant from the part of them."""

from domain.plan import MeasureFunction
from planner.linking.mention import Mention
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
        self._take_values()
        item = Item(self._take_name(), MeasureFunction.COUNT, share=True, begins=self._share_at)
        self._add_item(item)

    def _settle_shares(self) -> None:
        """Conditions said behind the verb, or else around it, or before the share, are the part.

        `WhatsApp's share of sessions in Delhi`: whose share it is comes first.
        """
        item = next((i for i in self.reading.items if i.share), None)
        if item is None:
            return
        said = self.reading.predicates
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
