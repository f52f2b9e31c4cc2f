"""What rows are split by: columns, entities, spans of the calendar."""

import math

from domain.plan import (
    CalendarPart,
    ColumnReference,
    Dimension,
    TimeGrain,
)
from planner.reading.grammar_words import SURE
from planner.reading.plan_parts import words
from planner.reading.reading import (
    Group,
    Reference,
)
from planner.resolving.resolve_listings import ListingResolution
from planner.schema.binding_errors import UnreadableError
from planner.schema.labels import calendar_label, column_label, thing_label

_HOURLY_DAYS = 3
"""Over more days than that, `by hour` means the hours of the day."""
_GRAINS = (
    (TimeGrain.HOUR, 1),
    (TimeGrain.DAY, 62),
    (TimeGrain.WEEK, 190),
    (TimeGrain.MONTH, 1900),
)
"""Periods of up to so many days are followed by this grain."""


class DimensionResolution(ListingResolution):
    """Dimensions of the groups that were said."""

    def _group_dimensions(self) -> dict[int, Dimension]:
        found: dict[int, Dimension] = {}
        self._drop_said_groups()
        for group in self._reading.groups:
            found[id(group)] = self._group_dimension(group)
        return found

    def _drop_said_groups(self) -> None:
        """`each apartment type code ... for each type`: the second is the first, said shortly."""
        groups = self._reading.groups
        for place, group in reversed(list(enumerate(groups))):
            if group.reference is None or group.reference.is_table:
                continue
            short = group.reference.mention
            named = {(t.table, t.column) for t in short.of_kind("column")}
            sure = {
                (t.table, t.column)
                for earlier in groups[:place]
                if earlier.reference is not None
                for t in earlier.reference.mention.of_kind("column")
                if t.score >= SURE
            }
            if short.best("column") < SURE and named & sure:
                groups.remove(group)

    def _group_dimension(self, group: Group) -> Dimension:
        if group.is_trend:
            return self._trend_dimension(group.grain)
        if group.reference is not None and (group.grain or group.part):
            return self._binned(group, group.reference)
        if group.reference is None:
            grain, part = group.grain, group.part
            if grain is TimeGrain.HOUR and self._days_asked() > _HOURLY_DAYS:
                grain, part = None, CalendarPart.HOUR_OF_DAY
            hourly = grain is TimeGrain.HOUR or part is CalendarPart.HOUR_OF_DAY
            column = self._binder.time_column(self._home, precise=True, timed=hourly)
            label = calendar_label(grain, part)
            return Dimension(column=column, grain=grain, part=part, label=label)
        asked = self._asked_column(group)
        if asked is not None:
            return self._column_dimension(asked)
        if self._binder.is_table(group.reference):
            return self._entity_dimension(self._binder.table(group.reference.mention))
        return self._column_dimension(self._binder.column(group.reference, splits=True))

    def _binned(self, group: Group, reference: Reference) -> Dimension:
        column = self._binder.column(reference)
        if not self._index.column(column.table, column.column).family.is_temporal:
            raise UnreadableError(f"{words(column.column)} holds no dates.")
        label = calendar_label(group.grain, group.part)
        return Dimension(column=column, grain=group.grain, part=group.part, label=label)

    def _asked_column(self, group: Group) -> ColumnReference | None:
        """`card type codes and the number of cards in each type`: the column asked for."""
        if group.reference is None or group.reference.mention.best("table") >= SURE:
            return None
        named = {(t.table, t.column) for t in group.reference.mention.of_kind("column")}
        for item in self._reading.items:
            if item.function or item.reference is None or self._binder.is_table(item.reference):
                continue
            column = self._binder.column(item.reference)
            if (column.table, column.column) in named:
                return column
        return None

    def _days_asked(self) -> float:
        """How many days the question is about; without end where it does not say."""
        span = self._reading.span
        return (span.end - span.start).days if span and span.start and span.end else math.inf

    def _trend_dimension(self, said: TimeGrain | None) -> Dimension:
        """A course over time, by the grain that gives few points and not too few."""
        days = self._days_asked()
        grain = TimeGrain.MONTH
        if days < math.inf:
            grain = next((g for g, most in _GRAINS if days <= most), TimeGrain.YEAR)
        grain = said or grain
        hourly = grain is TimeGrain.HOUR
        column = self._binder.time_column(self._home, precise=True, timed=hourly)
        return Dimension(column=column, grain=grain, label=calendar_label(grain, None))

    def _column_dimension(self, column: ColumnReference) -> Dimension:
        return Dimension(column=column, label=column_label(column, self._index))

    def _entity_dimension(self, table: str) -> Dimension:
        column = self._entity(table)
        label = thing_label(self._index.tables[table])
        if self._index.label_of(table) is None and not self._index.tables[table].primary_key:
            raise UnreadableError(f"Nothing tells one {label} from another.", (label,))
        return Dimension(column=column, keys=self._keys(table, column), label=label)
