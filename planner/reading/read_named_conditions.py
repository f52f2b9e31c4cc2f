"""Names within conditions: compared, missing, present, or said in passing."""

from dataclasses import replace

from domain.plan import MeasureFunction, Operator
from planner.language.lexicon import load_lexicon
from planner.linking.mention import Mention
from planner.reading.grammar_words import SURE, is_verb
from planner.reading.read_groups import GroupRules
from planner.reading.reading import (
    Item,
    Predicate,
    Presence,
    Reference,
)
from planner.schema.schema_index import Target

_BESIDE_LIST = ("filler", "in", "for", "everything", "of", "generic")


class NamedConditionRules(GroupRules):
    """Rules for names where conditions are said."""

    def _equals_ahead(self, reference: Reference) -> bool:
        """`grade 4`, `type "x"`, `aged either 36 or 37`: a column with its value behind it."""
        mark = self._at
        self._take("either", skip=())
        if self._equals_right_behind(reference):
            return True
        self._at = mark
        return False

    def _equals_right_behind(self, reference: Reference) -> bool:
        following = self._peek(("filler", "be"))
        if following is not None and following.kind != "quoted":
            following = self._peek(("filler",))
        if not self._where and following is not None and following.kind != "quoted":
            following = self._peek()
        if following is None or reference.mention.best("column") == 0:
            return False
        if (
            following.kind == "quoted"
            and following.targets
            and not self._holds(reference, following)
        ):
            return False
        if following.kind in ("number", "quoted"):
            after = self._all[self._all.index(following) + 1 :][:1]
            apart = self._peek() is not following
            if following.kind == "number" and (
                apart or (after and after[0].kind in ("trailing_compare", "compare"))
            ):
                return False
            if (
                following.kind == "number"
                and after
                and after[0].kind == "link"
                and not after[0].best("value")
            ):
                return False
            self._at = self._all.index(following) + 1
            end = self._range_end(following)
            if end is not None:
                self._add_predicate(reference, self._polarity(Operator.BETWEEN), following, end)
                return True
            self._add_predicate(reference, Operator.EQUAL, following)
            return True
        if following.kind == "link" and self._shares_column(reference, following):
            self._at = self._all.index(following) + 1
            self._add_predicate(reference, Operator.EQUAL, following)
            return True
        return False

    @staticmethod
    def _holds(reference: Reference, quoted: Mention) -> bool:
        """False for `the description of the product named "x"`: x is found in another column."""
        columns = {(t.table, t.column) for t in reference.mention.of_kind("column")}
        return any((t.table, t.column) in columns for t in quoted.targets)

    def _name_in_where(self, reference: Reference) -> None:
        if self._equals_ahead(reference):
            return
        ahead = self._peek(("filler", "be", "of", "generic", "by", "that"))
        if not reference.is_table:
            self._column_in_where(reference, ahead)
            return
        if self._opener in ("in", "for") and self._owns_items(reference):
            self._own_items(reference.mention)
            self.reading.context.append(reference)
            self._last = None
            return
        denied = self.reading.presences and self.reading.presences[-1].negated
        if denied and self._opener in ("in", "for") and not self._negated:
            return
        self.reading.presences.append(Presence(reference, self._negated, position=self._at))
        self._negated = False
        self._last = None

    def _column_in_where(self, reference: Reference, ahead: Mention | None) -> None:
        if self._never_happened(reference.mention):
            return
        self._last = reference
        denied = ahead is not None and ahead.kind == "not" and ahead.text.lower() in ("not", "no")
        if denied or self._takes_comparison(ahead) or self._is_missing(reference):
            return
        if self._comes_back_to_list():
            self._add_item(Item(reference))
        elif not self._is_known(reference) and not self._counts_as_metric(reference):
            self.reading.context.append(reference)

    def _never_happened(self, verb: Mention) -> bool:
        """`never watched anything`: no row of what the verb tells of, and no empty column."""
        if not self._negated or not is_verb(verb) or len(verb.acts) != 1:
            return False
        rows = replace(verb, targets=(Target("table", verb.acts[0]),))
        self.reading.presences.append(Presence(Reference(rows), True, position=self._at))
        self._negated, self._last = False, None
        return True

    def _is_missing(self, reference: Reference) -> bool:
        """`have no departure time`, `without an email`: rows where the column is empty."""
        if (
            not self._negated
            or not self._follows_denial(reference)
            or reference.mention.best("column") < SURE
        ):
            return False
        self._negated = False
        self.reading.predicates.append(
            Predicate(reference, Operator.IS_NULL, joined_by_or=self._or, position=self._at)
        )
        self._or, self._last = False, None
        return True

    def _follows_denial(self, reference: Reference) -> bool:
        position = self._all.index(reference.owner or reference.mention) - 1
        while position > 0 and self._all[position].kind == "filler":
            position -= 1
        return self._all[position].kind == "not"

    def _counts_as_metric(self, reference: Reference) -> bool:
        """`how many orders were returned`, where returned orders are a metric."""
        metrics = {t.table for t in reference.mention.of_kind("metric") if t.score >= SURE}
        for item in self.reading.items:
            if metrics and item.function is MeasureFunction.COUNT and item.reference is None:
                item.reference = reference
                return True
            if item.function is not MeasureFunction.COUNT or item.reference is None:
                continue
            rows = {t.table for t in item.reference.mention.of_kind("table")}
            if metrics & rows and not self._is_possessor(reference):
                item.reference = reference
                return True
        return False

    def _is_possessor(self, reference: Reference) -> bool:
        """`the number of sessions of users`: theirs are counted, and not the users."""
        position = self._all.index(reference.owner or reference.mention) - 1
        while position > 0 and self._all[position].kind == "filler":
            position -= 1
        return self._all[position].kind in ("of", "in", "for", "by", "with")

    def _is_known(self, reference: Reference) -> bool:
        """True for a name said before, or a verb that happens to sound like a column."""
        text = reference.mention.text.lower()
        if text in load_lexicon().fillers:
            return True
        columns = {(t.table, t.column) for t in reference.mention.of_kind("column")}
        placed = [i.reference for i in self.reading.items] + [
            g.reference for g in self.reading.groups
        ]
        placed += [p.reference for p in self.reading.predicates]
        placed += [r.reference for r in self.reading.ranks]
        named = {
            (t.table, t.column)
            for r in placed
            if r is not None
            for t in r.mention.of_kind("column")
        }
        named |= {
            (t.table, t.column)
            for p in self.reading.predicates
            if p.mention is not None
            for t in p.mention.of_kind("value")
        }
        return bool(columns & named)

    def _owns_items(self, reference: Reference) -> bool:
        """`office for all professors`: the table right behind a list of its columns."""
        position = self._at - 2
        while position >= 0 and self._all[position].kind in _BESIDE_LIST:
            position -= 1
        last = self.reading.items[-1] if self.reading.items else None
        if (
            last is None
            or last.reference is None
            or self._all[position] is not last.reference.mention
        ):
            return False
        tables = {t.table for t in reference.mention.of_kind("table")}
        return any(t.table in tables for t in last.reference.mention.of_kind("column"))

    def _comes_back_to_list(self) -> bool:
        """`... in 2013 and their names`: after a closed condition, a name is asked again."""
        before = self._before()
        if before is None or before.kind not in ("their", "and", "comma"):
            return False
        return before.kind == "their" or bool(self.reading.items)

    def _takes_comparison(self, ahead: Mention | None) -> bool:
        return ahead is not None and (
            ahead.kind
            in (
                "compare",
                "time_compare",
                "between",
                "contains",
                "number",
                "quoted",
                "null",
                "adjective",
                "in",
                "rank",
                "not",
                "unknown",
                "either",
                "both",
                "span",
            )
            or ahead.best("value") > 0
        )
