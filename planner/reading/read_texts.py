"""Conditions by text: `name is "x"`, `contains the word`, `starting with A`."""

from dataclasses import replace

from domain.plan import Operator
from planner.linking.mention import Mention
from planner.reading.read_unknowns import UnknownRules
from planner.reading.reading import (
    Predicate,
    Presence,
    Rank,
    Reference,
)


class TextRules(UnknownRules):
    """Rules for quotes and for texts that a column contains."""

    def _quoted(self, mention: Mention) -> None:
        within = self._behind() if self._last is None and not mention.targets else None
        if within is not None:
            operator = self._polarity(Operator.CONTAINS)
            self.reading.predicates.append(
                Predicate(within, operator, (mention.text,), position=self._at)
            )
            return
        self._add_predicate(self._last, Operator.EQUAL, mention)

    def _contains(self, mention: Mention) -> None:
        ahead = self._peek(("filler",))
        if ahead is not None and ahead.kind in ("adjective", "rank", "popular"):
            self._contains_extreme(mention, ahead)
            return
        if self._counts_contents(mention, ahead):
            self._open_where(mention)
            return
        operator = Operator(mention.value)
        if self._take("compare"):
            operator = Operator(mention.value)
        value = self._letter(mention) or self._take(
            "quoted", "link", "unknown", "number", "filler", skip=("filler",)
        )
        if value is None or value.kind == "filler":
            self.reading.problems.append(mention.text)
            return
        if (
            value.kind == "link"
            and mention.text.lower() in ("contain", "contains", "containing")
            and Reference(value).is_table
        ):
            self.reading.presences.append(Presence(Reference(value), self._negated))
            self._negated = False
            return
        values = [value, *self._further_texts()]
        reference = self._behind() or self._last
        if value.kind != "quoted" and reference is None and value.best("value") == 0:
            self.reading.problems.append(mention.text)
            return
        operator, joined = self._polarity(operator), self._or
        for text in values:
            predicate = Predicate(
                reference, operator, (text.text,), joined_by_or=joined, position=self._at
            )
            self.reading.predicates.append(predicate)
            joined = True
        self._or = False

    def _counts_contents(self, mention: Mention, ahead: Mention | None) -> bool:
        """`departments which contain at least two employees`: rows there are counted."""
        is_plain = mention.text.lower() in ("contain", "contains", "containing")
        if not is_plain or ahead is None or ahead.kind != "compare":
            return False
        behind = self._all[self._all.index(ahead) + 1 :][:2]
        kinds = [m.kind for m in behind]
        return kinds == ["number", "link"] and behind[1].best("value") == 0

    def _further_texts(self) -> list[Mention]:
        """`"x" or "y"`, `the letters D or S`: further texts, any of which will do."""
        mark = self._at
        joint = self._take("or", skip=("filler",))
        further = (self._letter(joint) or self._take("quoted")) if joint is not None else None
        if further is None:
            self._at = mark
            return []
        return [further]

    def _letter(self, mention: Mention) -> Mention | None:
        """`contains the letter a`, where `a` is no determiner."""
        if not mention.text.lower().endswith(("letter", "letters", "character", "or")):
            return None
        behind = next((m for m in self._raw if m.start == mention.end), None)
        is_letter = behind is not None and len(behind.text) == 1 and behind.kind != "quoted"
        if behind is None or not is_letter:
            return None
        if behind in self._all:
            self._at = self._all.index(behind) + 1
        return replace(behind, kind="quoted", targets=())

    def _contains_extreme(self, mention: Mention, ahead: Mention) -> None:
        """`which range contains the most ...`; `starting with the oldest` is an order."""
        if ahead.adjective is None or Operator(mention.value) is not Operator.STARTS_WITH:
            self._open_where(mention)
            return
        self._at = self._all.index(ahead) + 1
        descending = bool(ahead.adjective.high)
        rank = Rank(descending, adjective=ahead, limit=None, position=self._at)
        self.reading.ranks.append(rank)

    def _behind(self) -> Reference | None:
        """The column after the text that it must contain: `the word "x" in their titles`."""
        mark = self._at
        if self._take("in", "order") is None:
            return None
        reference = self._take_name()
        if reference is None or reference.is_table:
            self._at = mark
            return None
        return reference
