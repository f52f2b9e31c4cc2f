"""Comparisons: `more than 5`, `older than 30`, `above the average`, `higher than any`."""

from dataclasses import replace

from domain.dictionary import Cell
from domain.plan import MeasureFunction, Operator
from planner.language.lexicon import load_lexicon
from planner.language.units import time_unit
from planner.linking.mention import Mention
from planner.reading.grammar_words import SURE, age_comparison, base, is_quantity
from planner.reading.metric_reading import means_metric
from planner.reading.read_benchmarks import BenchmarkRules
from planner.reading.reading import (
    CountCondition,
    Item,
    Reference,
)

_AVERAGES = ("aggregate", "average_of_all")


class ComparisonRules(BenchmarkRules):
    """Rules for comparisons with numbers, averages and other rows."""

    def _compare(self, mention: Mention) -> None:
        operator = self._polarity(Operator(mention.value))
        before, counted = len(self.reading.predicates), len(self.reading.counts)
        joined_by_or = self._or
        self._comparison(operator, None)
        adjective = load_lexicon().adjectives.get((base(mention.text),))
        for predicate in self.reading.predicates[before:]:
            predicate.hint = adjective
        if len(self.reading.counts) > counted and adjective is not None:
            self.reading.counts[-1].hint = adjective
            self.reading.counts[-1].joined_by_or = joined_by_or

    def _split_compare(self, mention: Mention) -> None:
        """`a higher salary than the average`, `more sessions than 5`."""
        ahead = self._peek()
        if ahead is not None and (ahead.kind == "number" or self._is_below_average(ahead)):
            self._comparison(self._polarity(Operator(mention.value)), None)
            return
        if self._compare_sides(self._polarity(Operator(mention.value))):
            return
        reference = self._take_name()
        than = self._take("than", skip=("filler", "in")) or self._average_ahead()
        if reference is None or than is None:
            self.reading.unplaced.append(mention.text)
            return
        if reference.is_table or means_metric(reference.mention, None):
            function = MeasureFunction.COUNT if reference.is_table else MeasureFunction.METRIC
            operator = self._polarity(Operator(mention.value))
            if not self._compare_groups(Item(reference, function), operator):
                self.reading.unplaced.append(mention.text)
            return
        self._last = reference
        self._comparison(self._polarity(Operator(mention.value)), None)

    def _is_below_average(self, ahead: Mention) -> bool:
        """`a GPA lower than average`, `who earn more than average`: what is compared was said."""
        said = self._last is not None or self._measured_by_verb() is not None
        return said and ahead.kind == "average_of_all" and ahead.text.lower().startswith("than")

    def _compare_adjective(self, mention: Mention) -> None:
        adjective = mention.adjective
        if adjective is None:
            return
        operator = Operator.GREATER if adjective.high else Operator.LESS
        self._take("than", skip=("filler",))
        self._comparison(self._polarity(operator), mention)

    def _measured_by_verb(self) -> Mention | None:
        """`who earn more than 80000`: the verb before the comparison says what is measured."""
        reach = 2 if self._last is not None else 3
        steering = self._at - 1
        while steering > 0 and self._all[steering].kind in ("number", "and", "in"):
            steering -= 1
        for mention in reversed(self._all[max(0, steering + 1 - reach) : steering]):
            adjective = load_lexicon().measuring_verbs.get(mention.text.lower())
            if adjective is not None:
                return replace(mention, kind="adjective", adjective=adjective, targets=())
        return None

    def _comparison(self, operator: Operator, adjective: Mention | None) -> None:
        ahead = self._peek(("filler", "than", "be", "of", "generic"))
        if adjective is None and ahead is not None and ahead.kind in ("number", "rank", *_AVERAGES):
            following = self._all[self._all.index(ahead) + 1 :][:1]
            if not following or following[0].kind != "link":
                adjective = self._measured_by_verb()
        reference = None if adjective is not None else self._last
        benchmark = self._take("aggregate", "average_of_all", "rank", skip=("filler", "than", "be"))
        if benchmark is not None:
            self._benchmark(reference, operator, adjective, benchmark)
            return
        number = self._number_compared()
        if number is None:
            self._compare_with_value(reference, operator, adjective)
            return
        value = self._scaled(number)
        trailing = self._take("trailing_compare")
        if trailing:
            operator = Operator(trailing.value)
        behind = self._adjective_behind()
        if behind is not None:
            unit = self._take_unit()
            self._take("adjective")
            if behind.adjective is not None and behind.adjective.is_signed:
                self._add_signed(behind, value, operator)
            else:
                self._add_adjective(behind, operator, value)
            self.reading.predicates[-1].unit = unit
            return
        if adjective is not None:
            unit = self._take_unit()
            self._add_adjective(adjective, operator, value)
            self.reading.predicates[-1].unit = unit
            return
        if number.text.lower() in ("once", "twice") or self._take_times():
            item = Item(None, MeasureFunction.COUNT)
            self.reading.counts.append(CountCondition(item, operator, (value,)))
            return
        self._compare_with_number(reference, operator, value)

    def _take_unit(self) -> str:
        """The unit of time behind a number, so that it is not taken for a name."""
        ahead = self._peek()
        if ahead is None or ahead.text.lower() not in load_lexicon().units:
            return ""
        self._at += 1
        return ahead.text.lower()

    def _number_compared(self) -> Mention | None:
        """A number, or the one of `more than an hour`. The unit itself is not taken."""
        number = self._take("number", skip=("filler", "than", "be", "of", "generic"))
        if number is not None:
            return number
        ahead = self._peek(("filler", "than"))
        if ahead is None or not time_unit(ahead.text):
            return None
        before = [m for m in self._raw if m.end == ahead.start]
        if not before or before[0].text.lower() not in ("a", "an"):
            return None
        self._at = self._all.index(ahead)
        return replace(before[0], kind="number", number=1)

    def _adjective_behind(self) -> Mention | None:
        """What a number and its unit measure: `more than 30 minutes late`, `over 5 meters tall`."""
        position = self._at
        ahead = self._all[position : position + 2]
        if ahead and ahead[0].text.lower() in load_lexicon().units:
            ahead = ahead[1:]
        plain = ahead[0] if ahead and ahead[0].kind == "adjective" else None
        if plain is None or plain.adjective is None:
            return None
        told = plain.adjective.is_superlative or plain.adjective.is_comparative
        return None if told else plain

    def _take_times(self) -> bool:
        ahead = self._peek()
        if ahead is None or ahead.text.lower() not in ("times", "time"):
            return False
        self._at += 1
        return True

    def _compare_with_number(
        self, reference: Reference | None, operator: Operator, value: Cell
    ) -> None:
        following = self._peek(("distinct", "filler", "their"))
        is_unit = following is not None and following.text.lower() in load_lexicon().units
        if following is not None and is_unit and reference is not None:
            self._at = self._all.index(following) + 1
            self._add_predicate(reference, operator, value)
            self.reading.predicates[-1].unit = following.text.lower()
            self._forget(reference)
            return
        if following is not None and self._compare_with_things(
            reference, following, operator, value
        ):
            return
        if self._take("everything", skip=("distinct", "filler")):
            self._count_own_rows(operator, value)
            return
        if reference is None and is_unit and following is not None:
            self._at = self._all.index(following) + 1
            self._add_predicate(None, operator, value)
            self.reading.predicates[-1].unit = following.text.lower()
            return
        if reference is None and self._is_age(value, following):
            self._add_adjective(age_comparison(), operator, value)
            return
        if reference is None:
            times = self._take("count")
            if times is not None or self.reading.items:
                self._count_own_rows(operator, value)
                return
            self.reading.problems.append("compared")
            return
        self._add_predicate(reference, operator, value)
        self._forget(reference)

    def _compare_with_things(
        self, reference: Reference | None, following: Mention, operator: Operator, value: Cell
    ) -> bool:
        """`more than 5 orders`, `at least 2 different products`, `more than 300 seats`."""
        if following.kind != "link" or following.best("value") >= 1:
            return False
        named = Reference(following)
        if named.is_table:
            self._take_name(("filler", "distinct", "their"))
            counted = Item(named, MeasureFunction.COUNT)
        elif reference is None or following.best("column") >= SURE:
            taken = self._take_name(("filler", "distinct", "their"))
            if is_quantity(following):
                self._add_predicate(taken, operator, value)
                return True
            counted = Item(taken, MeasureFunction.COUNT, True)
        else:
            return False
        self.reading.counts.append(CountCondition(counted, operator, (value,)))
        return True

    def _count_own_rows(self, operator: Operator, value: Cell) -> None:
        """`events with more than 2 records`, `more than twice`: rows of what is asked for."""
        counted = CountCondition(Item(None, MeasureFunction.COUNT), operator, (value,))
        self.reading.counts.append(counted)
