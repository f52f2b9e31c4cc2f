"""Names of tables and columns: asked for, compared, or said in passing."""

from domain.plan import MeasureFunction, TimeGrain
from planner.language.lexicon import load_lexicon
from planner.linking.mention import Mention
from planner.reading.grammar_words import LIST_OPENERS, SURE, grain_of, is_verb
from planner.reading.read_named_conditions import NamedConditionRules
from planner.reading.reading import (
    Group,
    Item,
    Reference,
)

_PART = 0.6
"""A part of a column's name does behind `whose`: nothing but the noun before can have it."""
_COUNTS = ("number", "numbers", "count", "counts")


class NameRules(NamedConditionRules):
    """Rules for linked names."""

    def _link(self, mention: Mention) -> None:
        names = [t for t in mention.targets if t.kind != "value"]
        if self._is_value(mention):
            self._value(mention)
            return
        if not names:
            self._value(mention)
            return
        following = self._peek()
        grain = grain_of(mention)
        if grain is not None and following is not None and following.kind == "link":
            self.reading.groups.append(Group(grain=grain, position=self._at))
            return
        reference = self._with_owner(mention)
        if reference.is_table and following is not None and _is_table(following):
            return
        if self._where and reference.owner is None and not reference.is_table:
            reference = self._owned_by_table_before(mention)
        if self._where:
            self._name_in_where(reference)
        else:
            self._name_asked(reference)

    def _owned_by_table_before(self, mention: Mention) -> Reference:
        """`the party with id 3`: the id of the party, whoever the question is about."""
        position = self._all.index(mention) - 1
        opener = self._all[position] if position > 0 else None
        table = self._all[position - 1] if opener and opener.kind in ("with", "whose") else None
        if table is None or table.kind != "link" or not Reference(table).is_table:
            return Reference(mention)
        opened = opener.kind if opener is not None else ""
        tables = {t.table for t in table.of_kind("table") if t.score >= SURE}
        enough = _PART if opened == "whose" else SURE
        has_it = any(t.table in tables and t.score >= enough for t in mention.of_kind("column"))
        return Reference(mention, table if has_it else None)

    def _is_value(self, mention: Mention) -> bool:
        value = mention.best("value")
        name = max(mention.best("column"), mention.best("table"), mention.best("metric"))
        if value == 0 or name == 0:
            return value > 0
        if mention.is_capitalised and value >= name:
            return True
        if self._last is not None and self._where and value >= name * 0.95:
            columns = {(t.table, t.column) for t in self._last.mention.of_kind("column")}
            return any((t.table, t.column) in columns for t in mention.of_kind("value"))
        return value > name

    def _asks_for_span(self, mention: Mention) -> bool:
        """`At what hour`, `which day`: a span of the calendar, not a column told in hours."""
        unit = load_lexicon().calendar.units.get(mention.text.lower())
        before = self._before()
        is_asked = before is not None and before.text.lower() in ("what", "which")
        if unit is None or not is_asked or self.reading.items:
            return False
        if max(mention.best("column"), mention.best("table")) >= SURE:
            return False
        self.reading.groups.append(Group(grain=TimeGrain(unit), position=self._at))
        self._where, self._opener = True, "that"
        return True

    def _name_asked(self, reference: Reference) -> None:
        if self._asks_for_span(reference.mention):
            return
        if self._equals_ahead(reference) or self._is_count_again(reference):
            return
        if not reference.is_table and self._counts_as_metric(reference):
            return
        if reference.is_table and self._is_context():
            if self._distinct and not self.reading.items[-1].function:
                self.reading.items[-1].distinct = True
                self._distinct = False
            self._own_items(reference.mention)
            self.reading.context.append(reference)
            self._last = None
            return
        if self._is_name_of_column(reference):
            return
        position = self._all.index(reference.owner or reference.mention)
        before = self._all[position - 1] if position > 0 else None
        if not self._in_list(before):
            if before is not None and before.kind == "link" and self._is_compound(reference):
                return
            self._where, self._opener = True, "that"
            self._name_in_where(reference)
            return
        self._add_item(Item(reference))
        self._last = reference

    def _is_count_again(self, reference: Reference) -> bool:
        """`How many ...? List the number and the name`: the number was asked for already."""
        counted = any(i.function is MeasureFunction.COUNT for i in self.reading.items)
        return counted and reference.mention.text.lower() in (
            "number",
            "numbers",
            "count",
            "counts",
        )

    def _in_list(self, before: Mention | None) -> bool:
        """True where a name goes on with what is asked: after a verb it does not."""
        if not self.reading.items or before is None:
            return True
        return before.kind in LIST_OPENERS

    @staticmethod
    def _is_compound(reference: Reference) -> bool:
        """`office locations`: the second noun only colours the first."""
        weak = reference.mention.best("column") < SURE and not is_verb(reference.mention)
        return not reference.is_table and (
            weak or reference.mention.text.lower() in load_lexicon().generic
        )

    def _is_name_of_column(self, reference: Reference) -> bool:
        """`the names of the states`, where states are a column: the column itself is asked."""
        if reference.mention.text.lower() not in load_lexicon().generic:
            return False
        position = self._next_position(("filler", "distinct"))
        if position is None or self._all[position].kind != "of":
            return False
        position += 1
        while position < len(self._all) and self._all[position].kind in ("filler", "distinct"):
            position += 1
        thing = self._all[position] if position < len(self._all) else None
        if thing is None or thing.kind != "link" or Reference(thing).is_table:
            return False
        return thing.best("column") >= SURE * 0.65 and thing.best("table") == 0

    def _is_context(self) -> bool:
        """True right after `of`, values aside: `names of all biology professors`."""
        position = self._at - 2
        while position >= 0 and self._is_passed_over(self._all[position]):
            position -= 1
        return position >= 0 and self._all[position].kind == "of" and bool(self.reading.items)

    def _is_passed_over(self, mention: Mention) -> bool:
        if mention.kind in ("filler", "distinct"):
            return True
        return any(p.mention is mention for p in self.reading.predicates)


def _is_table(mention: Mention) -> bool:
    """The head of a compound noun: `train stations` are stations."""
    return mention.kind == "link" and Reference(mention).is_table and mention.best("value") == 0
