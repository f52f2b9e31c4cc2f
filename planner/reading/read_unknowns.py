"""Words that name nothing, and yet say something: `Hindi speakers`, `aged 18-24`, `nothing`."""

import re
from dataclasses import replace

from domain.plan import Operator
from planner.language.lexicon import load_lexicon, stem
from planner.language.names import name_words
from planner.linking.mention import Mention
from planner.reading.grammar_words import OLDEST, ROOT, age_comparison
from planner.reading.read_values import ValueRules

_RANGE = re.compile(r"(\d+)-(\d+)\Z")


class UnknownRules(ValueRules):
    """Rules for unknown words; what has no place is named in the refusal."""

    def _unknown(self, mention: Mention) -> None:
        if self._last is not None and self._where and mention.is_capitalised:
            self._add_predicate(self._last, Operator.EQUAL, mention)
            return
        if self._is_related(mention) or self._is_number_range(mention) or self._asks_how(mention):
            return
        if self._bears_value(mention) or self._denies(mention):
            return
        self.reading.unplaced.append(mention.text)

    def _bears_value(self, noun: Mention) -> bool:
        """`Hindi speakers`: the noun says which kind of column holds the value before it."""
        words = load_lexicon().value_nouns.get(noun.text.lower(), frozenset())
        before = self._before()
        held = next((p for p in self.reading.predicates if p.mention is before), None)
        if not words or before is None or held is None:
            return False
        values = before.of_kind("value")
        told = tuple(t for t in values if words & set(map(stem, name_words(t.column))))
        held.mention = replace(before, targets=told) if told else before
        return bool(told)

    def _denies(self, mention: Mention) -> bool:
        """`who bought nothing`: no such rows."""
        present = self.reading.presences[-1] if self.reading.presences else None
        if mention.text.lower() != "nothing" or present is None:
            return False
        if present.negated or present.reference.mention is not self._before():
            return False
        present.negated = True
        return True

    def _asks_how(self, mention: Mention) -> bool:
        """`How long are ...`: the adjective says what is asked for."""
        ahead = self._peek()
        return mention.text.lower() == "how" and ahead is not None and ahead.kind == "adjective"

    def _is_number_range(self, mention: Mention) -> bool:
        """`aged 18-24`: two numbers of the column before, or else two ages."""
        found = _RANGE.match(mention.text)
        if found is None or (self._last is not None and self._last.is_table):
            return False
        ends = tuple(int(text) for text in found.groups())
        if self._last is None and max(ends) > OLDEST:
            return False
        self._add_predicate(self._last, self._polarity(Operator.BETWEEN), *ends)
        if self._last is None:
            self.reading.predicates[-1].adjective = age_comparison()
        return True

    def _range_ahead(self) -> bool:
        """`aged 18-24`: the range says it all."""
        ahead = self._peek(("filler",))
        return ahead is not None and ahead.kind == "unknown" and bool(_RANGE.match(ahead.text))

    def _is_related(self, mention: Mention) -> bool:
        """A verb of a noun that the question names as well: `climbers who climb`."""
        root = mention.text.lower()[:ROOT]
        if len(root) < ROOT or self._negated:
            return False
        others = (m for m in self._all if m is not mention and m.kind == "link")
        return any(word.startswith(root) for m in others for word in m.text.lower().split()) or any(
            word.startswith(root)
            for m in others
            for t in m.targets
            for word in name_words(t.column or t.table)
        )
