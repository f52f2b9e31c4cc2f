"""Conditions in time: `since 2019`, `between March and May`, `on weekends`."""

from domain.dictionary import Cell
from domain.plan import CalendarPart, MeasureFunction, Operator, TimeGrain
from planner.language.calendar_words import Span, shift, unit_of, year_span
from planner.language.lexicon import load_lexicon
from planner.linking.mention import Mention
from planner.reading.grammar_words import YEAR_DIGITS, age_comparison, looks_like_year
from planner.reading.read_texts import TextRules
from planner.reading.reading import (
    CountCondition,
    Group,
    Item,
    Reference,
)


class TimeRules(TextRules):
    """Rules for periods, bounds and parts of a calendar."""

    def _part(self, mention: Mention) -> None:
        self.reading.groups.append(Group(part=CalendarPart(mention.value), position=self._at))

    def _grain(self, mention: Mention) -> None:
        """`monthly revenue`, `revenue monthly`: split by month."""
        self.reading.groups.append(Group(grain=TimeGrain(mention.value), position=self._at))

    def _weekday(self, mention: Mention) -> None:
        days = tuple(int(day) for day in mention.value.split())
        self.reading.parts.append((CalendarPart.DAY_OF_WEEK, days, self._negated))
        self._negated = False

    def _time_compare(self, mention: Mention) -> None:
        operator = self._polarity(Operator(mention.value))
        mark = self._at
        if self._is_unit_before(mention):
            return
        named = self._take_name(("filler", "of"))
        if named is not None and not named.is_table and self._peek(("filler", "of")):
            self._last = named
        else:
            self._at = mark
        number = self._take("number", skip=("filler", "generic", "of"))
        if number is not None:
            value = number.number
            is_year = len(number.text) == YEAR_DIGITS and isinstance(value, int)
            if is_year and self._last is None and isinstance(value, int):
                self._bounded_span(year_span(value), operator, mention.text + " " + number.text)
                return
            if self._last is not None:
                self._add_predicate(self._last, operator, value)
                return
            self.reading.problems.append(mention.text)
            return
        dated = self._take("span", skip=("filler", "generic", "of"))
        if dated is not None and dated.span is not None and dated.span.hour is not None:
            is_before = operator in (Operator.LESS, Operator.LESS_OR_EQUAL)
            self._set_hours(*((0, dated.span.hour) if is_before else (dated.span.hour, 24)))
            return
        if dated is not None and dated.span is not None:
            self._bounded_span(dated.span, operator, f"{mention.text} {dated.text}")
            return
        quoted = self._take("quoted")
        if quoted is not None:
            self._add_predicate(self._last, operator, quoted)
            return
        self.reading.problems.append(mention.text)

    def _is_unit_before(self, mention: Mention) -> bool:
        """`last month compared with the month before`: the one before the period that was said."""
        unit, first = self._before(), self.reading.span
        ahead = self._peek(("filler",))
        said = load_lexicon().calendar.units.get(unit.text.lower()) if unit is not None else None
        opens = ahead is None or ahead.kind in ("stop", "comma", "by", "each", "in")
        if mention.text.lower() != "before" or said is None or first is None or not opens:
            return False
        if first.start is None or unit_of(first) != said:
            return False
        self.reading.items = [i for i in self.reading.items if not _names(i.reference, unit)]
        self.reading.context = [r for r in self.reading.context if not _names(r, unit)]
        start = shift(said, first.start, -1)
        self._set_span(Span(start, first.start, f"the {said} before"))
        return True

    def _bounded_span(self, span: Span, operator: Operator, label: str) -> None:
        bounds = {
            Operator.GREATER: Span(span.end, None, label, span.precise),
            Operator.GREATER_OR_EQUAL: Span(span.start, None, label, span.precise),
            Operator.LESS: Span(None, span.start, label, span.precise),
            Operator.LESS_OR_EQUAL: Span(None, span.end, label, span.precise),
        }
        self._set_span(bounds[operator])

    def _set_span(self, span: Span) -> None:
        if self.reading.later is not None:
            self.reading.problems.append("two periods")
        self._span_places.append(self._at)
        first = self.reading.span
        if first is not None and not self._or and (first.end is None) is (span.start is None):
            opposite = (first.start is None) is (span.end is None)
            if opposite and (first.start is None or first.end is None):
                self.reading.span = _within_both(first, span)
                return
        if first is not None:
            self.reading.later = span
            self._is_either_span, self._or = self._or, False
            return
        if self._or:
            self.reading.problems.append("or")
        self.reading.span = span
        self.reading.span_column = self._last
        self._last = None

    def _between(self, mention: Mention) -> None:
        del mention
        mark = self._at
        first = self._take("span")
        if first is not None:
            self._take("and", skip=("filler",))
            second = self._take("span", skip=("filler", "and"))
            if second is not None and first.span and second.span:
                if first.span.hour is not None:
                    self._set_hours(first.span.hour, second.span.hour)
                    return
                if self.reading.growth is not None:
                    self._set_span(first.span)
                    self._set_span(second.span)
                    return
                label = f"{first.text} to {second.text}"
                self._set_span(Span(first.span.start, second.span.end, label))
                return
            self._at = mark
        low, high = self._two_numbers()
        if low is None:
            self.reading.problems.append("between")
            return
        if self._last is None and looks_like_year(low) and looks_like_year(high):
            start, end = year_span(int(str(low))), year_span(int(str(high)))
            self._set_span(Span(start.start, end.end, f"{low} to {high}", False))
            return
        following = self._peek(("filler",))
        reference = self._last
        counted = self._take("count") is not None
        if counted or (reference is None and following is not None and following.kind == "link"):
            reference = self._take_name()
        is_before = reference is not None and reference is self._last
        if reference is not None and (counted or (reference.is_table and not is_before)):
            self.reading.counts.append(
                CountCondition(
                    Item(reference, MeasureFunction.COUNT), Operator.BETWEEN, (low, high)
                )
            )
            return
        self._compare_between(reference, low, high)

    def _compare_between(self, reference: Reference | None, low: Cell, high: Cell) -> None:
        """Of a column, of what a verb measures, or else of an age: `users between 25 and 34`."""
        told = self._measured_by_verb() if reference is None else None
        if reference is None and told is None:
            told = age_comparison() if self._are_ages(low, high) else None
        if reference is None and told is None:
            self.reading.problems.append("between")
            return
        self._add_predicate(reference, self._polarity(Operator.BETWEEN), low, high)
        self.reading.predicates[-1].adjective = told

    def _span(self, mention: Mention) -> None:
        if mention.span is None:
            return
        if mention.span.hour is None:
            self._set_span(mention.span)
            return
        until = self._take("in", skip=()) and self._take("span", skip=())
        end = until.span.hour if until and until.span else mention.span.hour + 1
        self._set_hours(mention.span.hour, end)

    def _set_hours(self, first: int, end: int | None) -> None:
        """Keeps hours of the day from `first` up to, not including, `end`, past midnight too."""
        if end is None:
            self.reading.problems.append("hours")
            return
        hours = tuple(hour % 24 for hour in range(first, end if end > first else end + 24))
        self.reading.parts.append((CalendarPart.HOUR_OF_DAY, hours, self._negated))
        self._negated = False


def _names(reference: Reference | None, mention: Mention | None) -> bool:
    return reference is not None and reference.mention is mention


def _within_both(one: Span, other: Span) -> Span:
    """`after March and before June`: what lies between."""
    label = f"{one.label} and {other.label}"
    precise = one.precise and other.precise
    return Span(one.start or other.start, one.end or other.end, label, precise)
