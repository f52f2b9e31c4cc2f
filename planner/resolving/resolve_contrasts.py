"""Two periods side by side: what is measured in each, and how far it changed."""

from domain.plan import (
    AllOf,
    CalendarPart,
    ColumnReference,
    Condition,
    Filter,
    Having,
    Measure,
    MeasureFunction,
    Operator,
    Order,
    Period,
)
from planner.language.calendar_words import Span
from planner.reading.plan_parts import bounds_of
from planner.resolving.resolve_counts import CountResolution
from planner.schema.binding_errors import UnreadableError
from planner.sql_reading.sql_figures import change_of

_FALLS = ("low", "loss")
_COUNTED = ("gain", "loss")
"""What is lost or gained is told in its own unit, growth as a part of what was there."""


class ContrastResolution(CountResolution):
    """Growth, and comparisons of periods."""

    def _compare_periods(self) -> None:
        """Shows each group with its figure in the earlier and the later period, and the change."""
        reading = self._reading
        if reading.span is None or reading.later is None:
            return
        earlier, later = sorted((reading.span, reading.later), key=lambda s: str(s.start))
        whole = self._measured()
        if whole.is_share:
            raise UnreadableError(f"{whole.label} of two periods has to be asked for one by one.")
        table = whole.column.table if whole.column is not None else whole.table or self._home
        self._split()
        self._parts.base = table
        column = self._binder.time_column(table, precise=True)
        parts = [_within(whole, column, span) for span in (earlier, later)]
        counted = reading.growth is not None and reading.growth.value in _COUNTED
        function = MeasureFunction.DIFFERENCE if counted else MeasureFunction.CHANGE
        change = change_of(parts[1], parts[0], f"change in {whole.label}", function)
        numbers = [self._show_measure(measure) for measure in (*parts, change)]
        self._parts.period = Period(
            column=column,
            start=earlier.start,
            end=later.end,
            label=f"{earlier.label} and {later.label}",
        )
        if self._parts.dimensions:
            falls = reading.growth is not None and reading.growth.value in _FALLS
            least = any(not r.descending for r in reading.ranks if r.limit is not None)
            order = Order(by="measure", index=numbers[-1], descending=falls == least)
            self._parts.order.append(order)
            limited = [r.limit for r in reading.ranks if r.limit is not None]
            self._parts.limit = limited[0] if limited else None
            if limited and falls != least:
                self._parts.having.append(_fell(numbers[-1]))

    def _compare_days(self) -> None:
        """Shows the figure for each kind of days, side by side."""
        whole = self._measured()
        table = whole.column.table if whole.column is not None else whole.table or self._home
        self._split()
        self._parts.base = table
        column = self._binder.time_column(table, precise=True)
        for name, days in self._reading.day_sets:
            part = CalendarPart.DAY_OF_WEEK
            kept = Filter(column=column, operator=Operator.IN, values=days, part=part)
            label = f"{whole.label} on {name}"
            self._show_measure(whole.model_copy(update={"condition": kept, "label": label}))

    def _measured(self) -> Measure:
        items = [i for i in self._reading.items if i.function is not None]
        if len(items) > 1:
            raise UnreadableError("Only one figure can be compared between two periods.")
        if items:
            return self._measure(items[0])
        named = [i.reference for i in self._reading.items if i.reference is not None]
        tables = [self._binder.table(r.mention) for r in named if self._binder.is_table(r)]
        timed = [t for t in tables if self._index.tables[t].time_column is not None]
        if self._reading.growth:
            timed = [t for t in timed if self._happens(t)]
        if timed:
            return self._rows_of(timed[0])
        return self._rows_of(self._facts_of(tables[0] if tables else self._home))

    def _happens(self, table: str) -> bool:
        """True for rows with a time and no name, such as sessions: they are counted."""
        timed = self._index.tables[table].time_column is not None
        return timed and self._index.label_of(table) is None

    def _split(self) -> None:
        for item in self._reading.items:
            if item.function is None and item.reference is not None:
                if self._binder.is_table(item.reference):
                    table = self._binder.table(item.reference.mention)
                    if not self._happens(table):
                        self._show_dimension(self._entity_dimension(table))
                else:
                    column = self._binder.column(item.reference)
                    self._show_dimension(self._column_dimension(column))
        for group in self._reading.groups:
            if not group.is_trend:
                self._show_dimension(self._group_dimension(group))


def _fell(measure_index: int) -> Having:
    """What lost the most has lost something."""
    return Having(measure_index=measure_index, operator=Operator.LESS, values=(0,))


def _within(measure: Measure, column: ColumnReference, span: Span) -> Measure:
    bounds: list[Condition] = list(bounds_of(column, span))
    if len(bounds) < 2:
        raise UnreadableError("Two periods with a beginning and an end are needed.")
    label = f"{measure.label} in {span.label}"
    return measure.model_copy(update={"condition": AllOf(conditions=tuple(bounds)), "label": label})
