"""Two sets of rows side by side: `more women than men`, `the ratio of men to women`."""

from domain.plan import MeasureFunction, Operator
from planner.linking.mention import Mention
from planner.reading.grammar_words import literal
from planner.reading.read_times import TimeRules
from planner.reading.reading import CountCondition, Item, Predicate, Reference, Side

_PASSED_OVER = ("filler", "distinct", "count")
_PLACES = ("in", "by", "with", "of", "that", "for")
_JOINTS = ("to", "and", "versus", "vs")


class SideRules(TimeRules):
    """Rules for what is compared on two sides."""

    def _compare_sides(self, operator: Operator) -> bool:
        """`more women than men`, `more sessions on 5G than on Wi-Fi`: each group's two counts."""
        mark = self._at
        first = self._take_side()
        than = self._take("than", skip=("filler",)) if first.is_told else None
        second = self._take_side(first) if than is not None else Side()
        if not second.is_told or not self._are_alike(first, second):
            self._at = mark
            return False
        noun = first.noun or second.noun
        item = Item(noun, MeasureFunction.DIFFERENCE, sides=(first, second))
        self.reading.counts.append(CountCondition(item, operator, (0,)))
        return True

    def _ratio(self, mention: Mention) -> None:
        """`the ratio of men to women`; but `the rating ratio` is a column that holds one."""
        before, mark = self._before(), self._at
        if before is not None and before.kind == "link" and before.best("value") == 0:
            return
        first = self._take_side()
        joint = self._all[self._at : self._at + 1]
        is_joined = first.is_told and bool(joint) and joint[0].text.lower() in _JOINTS
        self._at += is_joined
        second = self._take_side(first) if is_joined else Side()
        if not second.is_told or not self._are_alike(first, second):
            self._at = mark
            self.reading.unplaced.append(mention.text)
            return
        noun = first.noun or second.noun
        self._add_item(Item(noun, MeasureFunction.RATIO, sides=(first, second)))
        self._last = None

    def _take_side(self, other: Side | None = None) -> Side:
        """The values and the noun of one side; no more values than the `other` side has.

        `the ratio of women to men in Delhi`: Delhi is said of both.
        """
        side = Side()
        while self._at < len(self._all):
            mention = self._all[self._at]
            if _is_value(mention):
                told = Predicate(None, Operator.EQUAL, (literal(mention),), mention=mention)
                side.predicates.append(told)
            elif mention.kind == "link" and side.noun is None and not self._is_behind_place():
                side.noun = Reference(mention)
            elif mention.kind == "weekday":
                side.days = tuple(int(day) for day in mention.value.split())
            elif mention.kind not in _PASSED_OVER and not self._leads_to_value(side, other):
                break
            self._at += 1
        return side

    def _is_behind_place(self) -> bool:
        before = self._all[self._at - 1]
        return before.kind in _PLACES and before.text.lower() not in _JOINTS

    def _leads_to_value(self, side: Side, other: Side | None) -> bool:
        """`on 5G`, `by women`: a preposition, and a value of this side behind it."""
        mention = self._all[self._at]
        if mention.kind not in _PLACES or mention.text.lower() in _JOINTS:
            return False
        if other is not None and len(side.predicates) == len(other.predicates):
            return bool(other.days) and not side.days
        behind = next((m for m in self._all[self._at + 1 :] if m.kind not in _PASSED_OVER), None)
        return behind is not None and (_is_value(behind) or behind.kind == "weekday")

    @staticmethod
    def _are_alike(first: Side, second: Side) -> bool:
        """True for values of the same columns, of one kind of rows: nothing else is set apart."""
        nouns = [s.noun.mention.targets for s in (first, second) if s.noun is not None]
        told = zip(first.predicates, second.predicates, strict=False)
        many = len(first.predicates) == len(second.predicates)
        return (
            many
            and bool(first.days) == bool(second.days)
            and all(places_of(a) & places_of(b) for a, b in told)
            and len({frozenset(targets) for targets in nouns}) <= 1
        )


def _is_value(mention: Mention) -> bool:
    names = max(mention.best("column"), mention.best("table"), mention.best("metric"))
    return mention.kind == "link" and mention.best("value") > 0 and mention.best("value") >= names


def places_of(predicate: Predicate) -> set[tuple[str, str]]:
    """The columns that hold the value of a condition."""
    values = predicate.mention.of_kind("value") if predicate.mention is not None else ()
    return {(t.table, t.column) for t in values}
