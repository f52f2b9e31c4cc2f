"""Conditions by value: `female students`, `name is "x"`, `contains the word`."""

from dataclasses import replace

from domain.dictionary import Cell
from domain.plan import Operator
from planner.language.calendar_words import year_span
from planner.language.lexicon import load_lexicon
from planner.language.names import name_words
from planner.linking.mention import Mention
from planner.reading.grammar_words import (
    OLDEST,
    SURE,
    age_comparison,
    continues,
    is_quantity,
    is_verb,
    literal,
    looks_like_year,
)
from planner.reading.plan_parts import mirrored
from planner.reading.read_numbers import NumberRules
from planner.reading.reading import (
    Predicate,
    Reference,
)


class ValueRules(NumberRules):
    """Rules for values, quotes and numbers."""

    def _add_predicate(
        self, reference: Reference | None, operator: Operator, *values: Mention | Cell
    ) -> None:
        mention = next((v for v in values if isinstance(v, Mention) and v.targets), None)
        cells = tuple(literal(v) if isinstance(v, Mention) else v for v in values)
        position = self._at
        last = self.reading.predicates[-1] if self.reading.predicates else None
        host = last if last is not None and last.benchmark and self._benchmark_open else None
        if last is not None and last.inside is not None and self._benchmark_open:
            host = last.inside
        self.reading.predicates.append(
            Predicate(
                reference,
                operator,
                cells,
                inside=host,
                mention=mention if mention and mention.best("value") else None,
                negated=self._negated,
                joined_by_or=self._or,
                both=self._both,
                position=position,
            )
        )
        self._or = False
        self._more_values(reference, operator)
        self._negated = False

    def _more_values(self, reference: Reference | None, operator: Operator) -> None:
        """`"A" or "B"`, `A, B and C`: further values of the same comparison."""
        if operator is not Operator.EQUAL and operator is not Operator.NOT_EQUAL:
            return
        last = self.reading.predicates[-1]
        while True:
            mark = self._at
            comma = self._take("comma", skip=())
            joint = self._take("or", "and", skip=("filler",)) or comma
            if joint is None:
                return
            value = self._peek(("filler",))
            if value is None or not continues(last, value):
                self._at = mark
                return
            self._take(value.kind)
            self.reading.predicates.append(
                Predicate(
                    reference,
                    operator,
                    (literal(value),),
                    mention=value if value.best("value") else None,
                    negated=last.negated,
                    joined_by_or=joint.kind != "and" or not self._both,
                    both=self._both,
                    position=self._at,
                    follows=last,
                )
            )
            if joint.kind == "and" and not self._both:
                self.reading.predicates[-1].joined_by_or = False
                self.reading.predicates[-1].both = True
                last.both = True

    def _value(self, mention: Mention) -> None:
        """A value of the data: with the column before it, or with the column behind it."""
        following, noun = self._peek(), None
        opens = not self.reading.items and not self._where
        if (
            following is not None
            and following.kind == "link"
            and self._names_column_of(mention, following)
            and not (opens and Reference(following).is_table)
        ):
            self._at += 1
            self._last = self._noun_of(mention, following) or self._last
            noun = following
        hint = self._all[self._all.index(mention) - 1] if mention is not self._all[0] else mention
        if hint.kind == "in" and self._shares_column(Reference(hint), mention):
            self._last = Reference(hint)
        reference = (
            self._last
            if self._last is not None and self._shares_column(self._last, mention)
            else None
        )
        if reference is not None and not self._where and self.reading.items:
            last = self.reading.items[-1]
            if (
                last.reference is reference
                and last.function is None
                and len(self.reading.items) > 1
            ):
                self.reading.items.pop()
        first = len(self.reading.predicates)
        self._add_predicate(reference, Operator.EQUAL, mention)
        self.reading.predicates[first].noun = noun
        self.reading.predicates[first].beside = None if noun else self._noun_beside(mention)
        self._last = None

    def _noun_beside(self, value: Mention) -> Mention | None:
        """The noun right behind the value, or the one before a preposition."""
        position = self._all.index(value)
        after = self._all[position + 1] if position + 1 < len(self._all) else None
        if after is not None and _is_noun(after):
            return after
        opened = position > 1 and self._all[position - 1].kind in ("in", "of", "with", "for")
        before = self._all[position - 2] if opened else None
        return before if before is not None and _is_noun(before) else None

    @staticmethod
    def _noun_of(value: Mention, following: Mention) -> Reference | None:
        """`the Central Coast area`: which of the columns that hold the value is meant."""
        columns = {(t.table, t.column) for t in value.of_kind("value")}
        named = [
            t
            for t in following.of_kind("column")
            if t.score >= SURE and (t.table, t.column) in columns
        ]
        return Reference(replace(following, targets=tuple(named))) if named else None

    @staticmethod
    def _names_column_of(value: Mention, following: Mention) -> bool:
        """`Ph.D. degree`, `History department`: the noun only says what the value is."""
        columns = {(t.table, t.column) for t in value.of_kind("value")}
        tables = {t.table for t in following.of_kind("table") if t.score >= SURE}
        nouns = set(following.text.lower().split())
        if any(table in tables or nouns & set(name_words(column)) for table, column in columns):
            return True
        return any((t.table, t.column) in columns for t in following.of_kind("column"))

    def _forget(self, reference: Reference) -> None:
        """What was named in passing has found its use: `delayed by more than 60 minutes`."""
        self.reading.context = [r for r in self.reading.context if r is not reference]

    def _is_age(self, value: Cell, following: Mention | None) -> bool:
        """`students under 20`, `aged 36`: a bare number after such a word is an age."""
        unit = following.text.lower() if following is not None else ""
        if unit in load_lexicon().units and not unit.startswith("year"):
            return False
        if not isinstance(value, int | float) or value > OLDEST:
            return False
        words = [m.text.lower() for m in self._all[max(0, self._at - 3) : self._at]]
        return any(word in ("under", "over", "aged", "above", "below") for word in words)

    @staticmethod
    def _are_ages(*values: Cell) -> bool:
        """True for numbers that nothing else was said of, and that may be years of life."""
        return all(isinstance(v, int) and 0 < v <= OLDEST for v in values)

    def _add_adjective(self, adjective: Mention, operator: Operator, value: Cell) -> None:
        self._add_predicate(None, operator, value)
        self.reading.predicates[-1].adjective = adjective

    def _add_signed(
        self, adjective: Mention, value: Cell, operator: Operator = Operator.GREATER
    ) -> None:
        """`late`, `more than 5 minutes early`: compared on its own side of zero."""
        is_low = adjective.adjective is not None and bool(adjective.adjective.low)
        if is_low and isinstance(value, int | float):
            operator, value = mirrored(operator), -value
        self._add_predicate(None, operator, value)
        self.reading.predicates[-1].adjective = adjective

    def _null(self, mention: Mention) -> None:
        if self._last is None:
            self.reading.unplaced.append(mention.text)
            return
        operator = Operator.IS_NOT_NULL if self._negated else Operator.IS_NULL
        self._negated = False
        self.reading.predicates.append(Predicate(self._last, operator, position=self._at))

    def _number(self, mention: Mention) -> None:
        ahead = self._peek()
        if ahead is not None and ahead.kind in ("rank", "adjective", "popular"):
            return
        value = mention.number
        trailing = self._take("trailing_compare")
        operator = Operator(trailing.value) if trailing else Operator.EQUAL
        adjective = self._take("adjective", skip=("filler", "generic"))
        if adjective is not None and adjective.adjective and not adjective.adjective.is_superlative:
            self._add_adjective(adjective, self._polarity(operator), value)
            return
        if self._where or trailing:
            if self._is_year_alone(mention):
                self._set_span(year_span(int(str(value))))
                return
            following = self._peek(("filler", "their"))
            counted = self._opener not in ("in", "for") or trailing is not None
            if following is not None and following.kind == "link":
                if counted:
                    self._compare_with_number(None, self._polarity(operator), value)
                    return
                if Reference(following).is_table and isinstance(value, int):
                    self._limit = value
                    return
            if self._last is not None:
                self._add_predicate(self._last, operator, mention)
                return
        if ahead is not None and ahead.kind == "link" and isinstance(value, int):
            self._limit = value
            return
        self._number_alone(mention, operator)

    def _number_alone(self, mention: Mention, operator: Operator) -> None:
        """`panelists 35 and above`: ages are said so; any other number is lost."""
        if operator is not Operator.EQUAL and self._are_ages(mention.number):
            self._add_adjective(age_comparison(), operator, mention.number)
        else:
            self.reading.unplaced.append(mention.text)

    def _is_year_alone(self, mention: Mention) -> bool:
        is_year = mention.text.isdecimal() and looks_like_year(mention.number)
        last = self._last
        return is_year and (last is None or last.is_table or not is_quantity(last.mention))


def _is_noun(mention: Mention) -> bool:
    """True for what names a table or a column, and is no verb."""
    names = max(mention.best("table"), mention.best("column"))
    return mention.kind == "link" and names >= SURE and not is_verb(mention)
