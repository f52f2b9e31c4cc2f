"""Two sets of rows side by side: each is counted apart, then set against the other."""

from dataclasses import replace

from domain.plan import AllOf, CalendarPart, Condition, Filter, Measure, MeasureFunction, Operator
from planner.reading.metric_reading import mark_metric
from planner.reading.read_contrasts import days_label
from planner.reading.reading import Item, Side
from planner.resolving.resolve_dimensions import DimensionResolution
from planner.schema.binding_errors import UnreadableError
from planner.sql_reading.spoken_conditions import label_of_part


class SideResolution(DimensionResolution):
    """Ratios and differences of two sets of rows."""

    def _of_sides(self, item: Item) -> Measure:
        """One figure over or less the other: `the ratio of men to women`, `more men than women`."""
        if item.sides is None:
            raise UnreadableError("It is not clear what is compared.")
        whole = self._both_sides(item, item.sides[0])
        table = whole.column.table if whole.column is not None else whole.table or self._home
        above, below = (self._one_side(whole, table, side) for side in item.sides)
        said = [_said(side) for side in item.sides]
        rows = whole.label.removeprefix("number of ")
        label = f"ratio of {said[0]} to {said[1]} {rows}"
        if item.function is MeasureFunction.DIFFERENCE:
            label = f"lead of {said[0]} over {said[1]} in {rows}"
        return Measure(
            function=item.function or MeasureFunction.RATIO,
            table=table,
            numerator=above,
            denominator=below,
            label=label,
        )

    def _both_sides(self, item: Item, side: Side) -> Measure:
        """What is counted: rows of the noun, or those that the values are said of."""
        if item.reference is not None:
            counted = replace(item, function=MeasureFunction.COUNT, sides=None)
            mark_metric(counted)
            return self._measure(counted)
        if not side.predicates:
            return self._rows_of(self._facts_of(self._home))
        return self._rows_of(self._binder.value_column(side.predicates[0]).table)

    def _one_side(self, whole: Measure, table: str, side: Side) -> Measure:
        conditions = [self._placed(self._condition(p), table) for p in side.predicates]
        if side.days:
            column = self._binder.time_column(table, precise=True)
            part = CalendarPart.DAY_OF_WEEK
            days = Filter(column=column, operator=Operator.IN, values=side.days, part=part)
            conditions.append(days)
        told: Condition = (
            conditions[0] if len(conditions) == 1 else AllOf(conditions=tuple(conditions))
        )
        label = label_of_part(whole.label, told, self._index)
        return whole.model_copy(update={"condition": told, "label": label})


def _said(side: Side) -> str:
    words = [p.mention.text for p in side.predicates if p.mention is not None]
    return " and ".join([*words, *([days_label(side.days)] if side.days else [])])
