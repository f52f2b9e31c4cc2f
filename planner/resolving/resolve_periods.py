"""The time that a reading keeps to: periods and days of the week."""

from domain.plan import (
    AllOf,
    CalendarPart,
    ColumnReference,
    Condition,
    Filter,
    Measure,
    Membership,
    Operator,
    Period,
)
from planner.language.calendar_words import Span
from planner.language.names import name_words
from planner.reading.plan_parts import DATE_WORDS, any_of, bounds_of
from planner.reading.reading import Reference
from planner.reading.year_conditions import bounds_in_years
from planner.resolving.resolve_conditions import ConditionResolution
from planner.sql_reading.spoken_conditions import label_of_part


class PeriodResolution(ConditionResolution):
    """Periods."""

    def _weekdays(self) -> None:
        for part, values, negated in self._reading.parts:
            timed = part is CalendarPart.HOUR_OF_DAY
            column = self._binder.time_column(self._parts.base, precise=True, timed=timed)
            operator = Operator.NOT_IN if negated else Operator.IN
            self._parts.conditions.append(
                Filter(column=column, operator=operator, values=values, part=part)
            )

    def _period(self) -> None:
        self._weekdays()
        span = self._reading.span
        if span is None:
            return
        column = self._dated_column(self._reading.span_column)
        other = self._reading.other_span
        if column is None and other is None and self._dates_events(span):
            return
        if column is None:
            column = self._binder.time_column(self._parts.base, precise=span.precise)
        if other is not None:
            self._parts.conditions.append(self._either_period(column, span, other))
            return
        self._parts.period = Period(column=column, start=span.start, end=span.end, label=span.label)

    def _either_period(self, column: ColumnReference, one: Span, other: Span) -> Condition:
        """`before 2000 or after 2010`: rows of either period."""
        is_year = self._index.column(column.table, column.column).family.is_numeric
        sides: list[Condition] = []
        for span in (one, other):
            bounds = tuple(bounds_in_years(column, span) if is_year else bounds_of(column, span))
            sides.append(bounds[0] if len(bounds) == 1 else AllOf(conditions=bounds))
        return any_of(sides)

    def _dates_events(self, span: Span) -> bool:
        """`panelists who used both in September`: it is the using that lies in the period."""
        parts, base = self._parts, self._index.tables[self._parts.base]
        if base.time_column and self._binder.is_said(base.name, base.time_column):
            return False
        dated = [self._dated_event(condition, span) for condition in parts.conditions]
        if dated != parts.conditions:
            parts.conditions = dated
            return True
        measured = [self._dated_part(measure, span) for measure in parts.measures]
        is_told = measured != parts.measures
        parts.measures = measured
        return is_told

    def _dated_event(self, condition: Condition, span: Span) -> Condition:
        if isinstance(condition, AllOf):
            inner = tuple(self._dated_event(c, span) for c in condition.conditions)
            return condition.model_copy(update={"conditions": inner})
        if not isinstance(condition, Membership):
            return condition
        if self._index.tables[condition.table].time_column is None:
            return condition
        column = self._binder.time_column(condition.table, precise=span.precise)
        within = tuple(bounds_of(column, span))
        return condition.model_copy(update={"conditions": (*condition.conditions, *within)})

    def _dated_part(self, measure: Measure, span: Span) -> Measure:
        """`what share of women bought shoes in May`: the part is what happened in May."""
        part = measure.numerator
        if part is None or part.condition is None:
            return measure
        dated = self._dated_event(part.condition, span)
        if dated == part.condition:
            return measure
        told = label_of_part(measure.label.partition(" where ")[0], dated, self._index)
        numerator = part.model_copy(update={"condition": dated})
        return measure.model_copy(update={"numerator": numerator, "label": told})

    def _dated_column(self, reference: Reference | None) -> ColumnReference | None:
        """Returns the column that stands before a period, where it can hold dates or years."""
        if reference is None or self._binder.is_table(reference):
            return None
        if not reference.mention.of_kind("column"):
            return None
        column = self._binder.column(reference)
        entry = self._index.column(column.table, column.column)
        is_dated = entry.family.is_temporal or DATE_WORDS & set(name_words(column.column))
        return column if is_dated else None
