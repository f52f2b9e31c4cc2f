"""Which number each item of a reading asks for."""

from abc import abstractmethod

from domain.column_type import TypeFamily
from domain.metric import AggregateFormula
from domain.plan import (
    ColumnReference,
    Measure,
    MeasureFunction,
    Operator,
)
from planner.language.lexicon import stem
from planner.language.names import name_words
from planner.language.units import time_unit
from planner.linking.mention import Mention
from planner.reading.metric_reading import measure_metric
from planner.reading.plan_parts import MOSTLY, words
from planner.reading.reading import (
    Item,
    Reference,
)
from planner.resolving.resolution_base import ResolutionBase
from planner.schema.binding_errors import UnreadableError
from planner.schema.labels import count_label, measure_label, metric_unit

_ROOT = 3
_BY_FAR = 3


class MeasureResolution(ResolutionBase):
    """Measures of items."""

    def _sum_split_quantities(self) -> None:
        """`total amount by country`: quantities that add up are added for each group."""
        items = self._reading.items
        if any(i.function or i.everything for i in items):
            return
        if not self._reading.groups and not self._asks_for_a_total():
            return
        for item in items:
            if item.reference is None or self._binder.is_table(item.reference):
                return
            column = self._binder.column(item.reference)
            if not self._index.column(column.table, column.column).additive:
                return
        for item in items:
            item.function = MeasureFunction.SUM

    def _asks_for_a_total(self) -> bool:
        """`What is the total amount of orders?`, where the column itself is called a total."""
        items, reading = self._reading.items, self._reading
        if len(items) != 1 or items[0].reference is None or reading.ranks or reading.counts:
            return False
        first = items[0].reference.mention.text.lower().split()[0]
        return first == "total" and not any(
            p.operator is Operator.EQUAL for p in reading.predicates
        )

    def _quantities(self) -> None:
        """`description and number of credits`: beside columns of one row a quantity is one too."""
        items = self._reading.items
        if self._reading.groups or not any(i.function is None for i in items):
            return
        for item in items:
            if item.function is MeasureFunction.COUNT and item.reference and not item.share:
                measure = self._measure(item)
                if measure.function is MeasureFunction.SUM and not self._repeats_beside(measure):
                    item.function = None

    def _repeats_beside(self, measure: Measure) -> bool:
        """`game ids and the number of hours played`, where a game has several rows of hours."""
        plain = [i.reference for i in self._reading.items if i.function is None and i.reference]
        columns = [self._binder.column(r) for r in plain if not self._binder.is_table(r)]
        home = measure.column.table if measure.column is not None else ""
        keys = [c for c in columns if c.table == home and self._index.is_key(c.table, c.column)]
        rows = self._index.tables[home].row_count if home else 0
        repeated = [
            c for c in keys if self._index.column(home, c.column).distinct_count < MOSTLY * rows
        ]
        return bool(columns) and len(repeated) == len(columns) == len(plain)

    def _drop_pointless_groups(self) -> None:
        """`the average points of each gymnast`, one row each: the average over all is meant."""
        functions = [i for i in self._reading.items if i.function]
        if not functions or len(functions) != len(self._reading.items):
            return
        measures = [self._measure(i) for i in functions]
        tables = {m.column.table if m.column else None for m in measures}
        for group in list(self._reading.groups):
            named = group.reference
            if named is None or not self._binder.is_table(named):
                continue
            if {self._binder.table(named.mention)} == tables:
                self._reading.groups.remove(group)

    def _measure(self, item: Item) -> Measure:
        reference, function = item.reference, item.function or MeasureFunction.COUNT
        if item.sides is not None:
            return self._of_sides(item)
        if function is not MeasureFunction.COUNT and (
            reference is None or (item.adjective and self._binder.is_table(reference))
        ):
            return self._measured_as(item.adjective, reference, function)
        if reference is None:
            return self._rows_of(self._home)
        if function is MeasureFunction.METRIC:
            measured = measure_metric(reference, self._index)
            if not item.share:
                return measured
            label = f"share of {measured.label}"
            return measured.model_copy(update={"is_share": True, "label": label, "unit": "share"})
        if function is MeasureFunction.COUNT:
            return self._counted(item, reference)
        if self._binder.is_table(reference):
            column = self._amount_of(self._binder.table(reference.mention), reference)
        else:
            column = self._binder.column(reference, numeric=True)
        entry = self._index.column(column.table, column.column)
        if function not in (MeasureFunction.MINIMUM, MeasureFunction.MAXIMUM) and entry.family in (
            TypeFamily.BOOLEAN,
            TypeFamily.DATE,
            TypeFamily.TIMESTAMP,
        ):
            raise UnreadableError(f"{column.column} cannot be added up.", (reference.mention.text,))
        if not self._binder.is_quantity(column):
            raise UnreadableError(
                f"{column.column} holds words, not numbers.", (reference.mention.text,)
            )
        label = measure_label(function, column, self._index)
        return Measure(function=function, column=column, label=label, unit=entry.unit)

    @abstractmethod
    def _of_sides(self, item: Item) -> Measure:
        """See `resolve_sides`."""

    def _rows_of(self, table: str) -> Measure:
        label = count_label(self._index.tables[table])
        return Measure(function=MeasureFunction.COUNT, table=table, label=label)

    def _measured_as(
        self, told: Mention | None, reference: Reference | None, function: MeasureFunction
    ) -> Measure:
        """`the longest average session`: what the adjective measures, here or in what happened."""
        adjective = told.adjective if told is not None else None
        if adjective is None:
            raise UnreadableError("It is not clear what is measured: name the quantity.")
        table = self._binder.table(reference.mention) if reference else self._home
        try:
            column = self._binder.measured_by(adjective, table)[0]
        except UnreadableError:
            if reference is not None:
                raise
            column = self._binder.measured_by(adjective, self._facts_of(table))[0]
        label = measure_label(function, column, self._index)
        unit = self._index.column(column.table, column.column).unit
        return Measure(function=function, column=column, label=label, unit=unit)

    def _facts_of(self, table: str, verb: str = "") -> str:
        """The table whose rows happen to rows of `table`: sessions of an app, flights of a plane.

        A verb may name it; without one it must be by far the largest.
        """
        links = self._index.dictionary.relationships
        children = {r.child_table for r in links if r.parent_table == table} - {table}
        root = stem(verb)[:_ROOT] if len(stem(verb)) >= _ROOT else ""
        named = [t for t in children if root and any(w.startswith(root) for w in name_words(t))]
        sizes = sorted(named or children, key=lambda t: -self._index.tables[t].row_count)
        if not sizes:
            return table
        rows = [self._index.tables[name].row_count for name in sizes]
        if len(rows) > 1 and rows[0] < _BY_FAR * rows[1]:
            raise UnreadableError(f"Say what is counted: {' or '.join(map(words, sizes[:3]))}.")
        return sizes[0]

    def _amount_of(self, table: str, reference: Reference) -> ColumnReference:
        """`total amount of payments`: the only column of the table that is an amount."""
        found = [
            t
            for t in self._index.find_names(("amount",))
            if t.kind == "column" and t.table == table and self._index.is_numeric(table, t.column)
        ]
        if len(found) != 1:
            text = reference.mention.text
            raise UnreadableError(f"{text} is not a quantity.", (text,))
        return ColumnReference(table=table, column=found[0].column)

    def _agreed_sum(self, column: ColumnReference, unit: str) -> Measure | None:
        """`how many hours ...` of seconds: the agreed measure that adds them up in hours.

        Also one that adds up a column of each month and divides by the months: a plain sum would
        add the same things again and again.
        """
        in_another_unit = unit not in ("", self._index.column(column.table, column.column).unit)
        for metric in self._index.dictionary.metrics:
            formula = metric.formula
            if not isinstance(formula, AggregateFormula) or formula.table != column.table:
                continue
            if f"SUM({column.column})" not in formula.expression:
                continue
            is_sum = "COUNT" not in formula.expression
            is_same = is_sum and metric_unit(metric, self._index.metrics) == unit
            if (in_another_unit and is_same) or self._is_per_time(formula):
                return Measure(
                    function=MeasureFunction.METRIC,
                    metric=metric.name,
                    table=column.table,
                    label=metric.name,
                    unit=unit,
                )
        return None

    def _is_per_time(self, formula: AggregateFormula) -> bool:
        time = self._index.tables[formula.table].time_column
        return time is not None and f"COUNT(DISTINCT {time})" in formula.expression

    def _counted(self, item: Item, reference: Reference) -> Measure:
        share = item.share
        if self._binder.is_table(reference):
            table = self._binder.table(reference.mention)
            label = count_label(self._index.tables[table], is_share=share)
            return Measure(function=MeasureFunction.COUNT, table=table, is_share=share, label=label)
        measure = self._counted_column(item, reference)
        if not share:
            return measure
        label = f"share of {measure.label}"
        return measure.model_copy(update={"is_share": True, "label": label, "unit": "share"})

    def _counted_column(self, item: Item, reference: Reference) -> Measure:
        column = self._binder.column(reference)
        entry = self._index.column(column.table, column.column)
        is_key = self._index.is_key(column.table, column.column)
        quantity = entry.additive and entry.family.is_numeric and not is_key
        if quantity and not item.distinct:
            agreed = self._agreed_sum(column, time_unit(reference.mention.text))
            if agreed is not None:
                return agreed
            return Measure(
                function=MeasureFunction.SUM,
                column=column,
                label=measure_label(MeasureFunction.SUM, column, self._index),
                unit=entry.unit,
            )
        if not item.distinct and [column.column] == self._index.tables[column.table].primary_key:
            return Measure(
                function=MeasureFunction.COUNT,
                table=column.table,
                label=count_label(self._index.tables[column.table]),
            )
        label = measure_label(MeasureFunction.COUNT_DISTINCT, column, self._index)
        return Measure(function=MeasureFunction.COUNT_DISTINCT, column=column, label=label)
