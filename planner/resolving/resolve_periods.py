"""The time that a reading keeps to: periods and days of the week."""

from domain.plan import (
    AllOf,
    CalendarPart,
    ColumnReference,
    Condition,
    Filter,
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
        events = [
            (place, condition)
            for place, condition in enumerate(self._parts.conditions)
            if isinstance(condition, Membership)
            and self._index.tables[condition.table].time_column is not None
        ]
        base = self._index.tables[self._parts.base]
        own = base.time_column and self._binder.is_said(base.name, base.time_column)
        if not events or own:
            return False
        for place, condition in events:
            column = self._binder.time_column(condition.table, precise=span.precise)
            within = tuple(bounds_of(column, span))
            kept = condition.model_copy(update={"conditions": (*condition.conditions, *within)})
            self._parts.conditions[place] = kept
        return True

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
