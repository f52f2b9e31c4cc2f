"""Which rows a reading keeps: filters, memberships, absences, periods."""

from domain.dictionary import Cell
from domain.plan import (
    Benchmark,
    ColumnReference,
    Condition,
    Dimension,
    Filter,
    MeasureFunction,
    Operator,
)
from planner.language.lexicon import Adjective
from planner.language.units import converted, unit_name
from planner.reading.plan_parts import (
    ORDERED,
    any_of,
    excludes,
    mirrored,
    signed,
    together,
    words,
)
from planner.reading.plan_reach import tables_of
from planner.reading.reading import (
    Predicate,
)
from planner.reading.year_conditions import are_years, date_in_years
from planner.resolving.added_up import adds_up
from planner.resolving.resolve_presences import PresenceResolution
from planner.schema.binding_errors import UnreadableError
from planner.schema.labels import column_label
from planner.schema.schema import is_number


class ConditionResolution(PresenceResolution):
    """Conditions of predicates."""

    def _conditions(self) -> None:
        base = self._parts.base
        negative = [p for p in self._reading.presences if p.negated]
        groups: list[list[Condition]] = []
        inside: dict[int, list[Condition]] = {id(p): [] for p in negative}
        for predicate in self._reading.predicates:
            if predicate.inside is not None or (predicate.both and predicate.mention is not None):
                continue
            condition = self._condition(predicate)
            if self._is_of_own_absence(condition, negative, predicate):
                self._parts.absent.append(condition)
                continue
            host = self._host(condition, negative, predicate)
            if host is not None:
                inside[id(host)].append(condition)
                continue
            if predicate.joined_by_or and groups:
                groups[-1].append(condition)
            else:
                groups.append([condition])
        for group in groups:
            joined: Condition = group[0] if len(group) == 1 else any_of(group)
            self._check_either(joined, base)
            self._parts.conditions.append(self._placed(joined, base))
        self._parts.conditions = together(self._parts.conditions)
        for presence in self._reading.presences:
            self._add_presence(presence, base, inside.get(id(presence), []))
        self._check_context()

    def _condition(self, predicate: Predicate) -> Condition:
        if predicate.benchmark is not None:
            return self._benchmark(predicate)
        aged = self._of_age(predicate)
        if aged is not None:
            return aged
        if predicate.adjective is not None and predicate.adjective.adjective is not None:
            column, high = self._binder.measured_by(predicate.adjective.adjective, self._home)
            operator = predicate.operator
            temporal = self._index.column(column.table, column.column).family.is_temporal
            if temporal and not are_years(predicate.values):
                raise UnreadableError(f"{words(column.column)} holds dates, not numbers.")
            if not self._binder.is_quantity(column):
                raise UnreadableError(f"{words(column.column)} holds no numbers to compare.")
            if bool(predicate.adjective.adjective.high) != high:
                operator = mirrored(operator)
            return Filter(column=column, operator=operator, values=self._in_unit(predicate, column))
        if predicate.mention is not None and predicate.operator in (
            Operator.EQUAL,
            Operator.NOT_EQUAL,
        ):
            target = self._binder.value_column(predicate)
            column = ColumnReference(table=target.table, column=target.column)
            return Filter(column=column, operator=signed(predicate), values=(target.value,))
        column = self._predicate_column(predicate)
        banded = self._in_bands(predicate, column)
        if banded is not None:
            return banded
        if predicate.operator in ORDERED and not self._binder.is_quantity(column):
            return self._hinted(predicate, column)
        return self._compared_column(predicate, column)

    def _compared_column(self, predicate: Predicate, column: ColumnReference) -> Condition:
        """The comparison with what was said, in the terms of the column."""
        entry = self._index.column(column.table, column.column)
        if entry.family.is_temporal and any(isinstance(v, int | float) for v in predicate.values):
            dated = (
                date_in_years(column, signed(predicate), predicate.values)
                if are_years(predicate.values)
                else None
            )
            if dated is not None:
                return dated
            raise UnreadableError(f"{words(column.column)} holds dates, not numbers.")
        values = self._in_unit(predicate, column)
        if entry.family.is_numeric:
            _check_numbers(values)
        return Filter(column=column, operator=signed(predicate), values=values)

    def _in_unit(self, predicate: Predicate, column: ColumnReference) -> tuple[Cell, ...]:
        stored = self._index.column(column.table, column.column).unit
        return tuple(converted(value, predicate.unit, stored) for value in predicate.values)

    def _hinted(self, predicate: Predicate, column: ColumnReference) -> Condition:
        """A comparison with no quantity named: the comparing word may measure one itself."""
        if predicate.hint is None:
            if any(isinstance(value, str) for value in predicate.values):
                return Filter(column=column, operator=predicate.operator, values=predicate.values)
            raise UnreadableError(f"{words(column.column)} holds no numbers to compare.")
        column, high = self._binder.measured_by(predicate.hint, self._home)
        operator = predicate.operator
        if bool(predicate.hint.high) != high:
            operator = mirrored(operator)
        return Filter(column=column, operator=operator, values=predicate.values)

    def _predicate_column(self, predicate: Predicate) -> ColumnReference:
        if predicate.reference is None and predicate.unit:
            return self._column_of_unit(predicate.unit)
        if predicate.reference is None:
            text = str(predicate.values[0]) if predicate.values else ""
            raise UnreadableError(f"{text!r} was not found in the data.", (text,))
        if (
            self._binder.is_table(predicate.reference)
            and predicate.reference.mention.best("column") == 0
        ):
            return self._entity(self._binder.table(predicate.reference.mention))
        numeric = predicate.operator in ORDERED
        return self._binder.column(predicate.reference, numeric=numeric)

    def _column_of_unit(self, unit: str) -> ColumnReference:
        """`above 5000 feet`: the only column of the table that is told in feet."""
        told = [
            c.name
            for c in self._index.tables[self._home].columns
            if c.unit and unit_name(c.unit) == unit_name(unit)
        ]
        if len(told) != 1:
            raise UnreadableError(f"It is not clear which {unit} are compared.", (unit,))
        return ColumnReference(table=self._home, column=told[0])

    def _benchmark(self, predicate: Predicate) -> Condition:
        item, mirrors = predicate.benchmark_item, False
        extreme = item.adjective.adjective if item is not None and item.adjective else None
        if extreme is not None and predicate.adjective is None and predicate.reference is None:
            column, _ = self._binder.measured_by(extreme, self._home)
            operator = predicate.operator
        elif predicate.adjective is not None and predicate.adjective.adjective is not None:
            column, high = self._binder.measured_by(predicate.adjective.adjective, self._home)
            mirrors = bool(predicate.adjective.adjective.high) != high
            operator = mirrored(predicate.operator) if mirrors else predicate.operator
        elif predicate.reference is not None:
            column, operator = (
                self._binder.column(predicate.reference, numeric=True),
                predicate.operator,
            )
        else:
            raise UnreadableError("It is not clear what is compared.")
        other = column
        if (
            item is not None
            and item.reference is not None
            and not self._binder.is_table(item.reference)
        ):
            other = self._binder.column(item.reference, numeric=True)
        keyed = self._index.is_key(column.table, column.column)
        if keyed or not self._binder.is_quantity(column) or not self._binder.is_quantity(other):
            raise UnreadableError(f"{words(column.column)} holds no numbers to compare.")
        inside = [p for p in self._reading.predicates if p.inside is predicate]
        benchmark = Benchmark(
            function=self._benchmark_function(predicate, extreme, is_mirrored=mirrors),
            column=other,
            conditions=tuple(self._placed(self._condition(p), other.table) for p in inside),
        )
        return Filter(column=column, operator=operator, benchmark=benchmark)

    def _benchmark_function(
        self, predicate: Predicate, extreme: Adjective | None, *, is_mirrored: bool
    ) -> MeasureFunction:
        """What is taken of the rows compared with; `older than any` is before the earliest birth.

        `extreme` tells the row by a superlative of its own: `than the youngest student`.
        """
        function = predicate.benchmark or MeasureFunction.AVERAGE
        ends = {
            MeasureFunction.MAXIMUM: MeasureFunction.MINIMUM,
            MeasureFunction.MINIMUM: MeasureFunction.MAXIMUM,
        }
        if extreme is not None:
            _, is_high = self._binder.measured_by(extreme, self._home)
            return MeasureFunction.MAXIMUM if is_high else MeasureFunction.MINIMUM
        return ends.get(function, function) if is_mirrored else function

    def _both(self) -> tuple[Condition, Condition] | None:
        both = [p for p in self._reading.predicates if p.both and p.mention is not None]
        if not both:
            return None
        conditions = [self._condition(p) for p in both]
        base = self._parts.base
        if self._parts.measures:
            self._both_of_measured(conditions, base)
            return None
        if len(conditions) != 2:
            raise UnreadableError("`both` needs two values.")
        self._check_whose(conditions)
        first, second = conditions
        return self._placed(first, base), self._placed(second, base)

    def _check_whose(self, conditions: list[Condition]) -> None:
        """Raises UnreadableError where rows of others would be told by a name they may share."""
        base, shown = self._parts.base, self._shown_tables()
        entity = next(iter(shown)) if len(shown) == 1 else base
        named = {t for c in conditions for t in tables_of(c)}
        keyed = self._index.tables[entity].primary_key
        if entity != base and keyed and entity not in named:
            raise UnreadableError("It is not clear what has both.")

    def _both_of_measured(self, conditions: list[Condition], base: str) -> None:
        """Rows of either value are measured; an entity must have rows of each."""
        near = {t for c in conditions for t in tables_of(c)} - {base}
        if all(self._graph.keeps_rows(base, t) for t in near):
            self._parts.conditions.append(any_of(conditions))
            self._tell_apart(conditions)
        else:
            self._parts.conditions.extend(self._placed(c, base) for c in conditions)

    def _tell_apart(self, conditions: list[Condition]) -> None:
        """`the average price of shoes and books`: one figure each, as such do not add up."""
        columns = {c.column if isinstance(c, Filter) else None for c in conditions}
        column = next(iter(columns))
        if len(columns) > 1 or column is None or self._parts.dimensions:
            return
        if any(not adds_up(m, self._index.metrics) for m in self._parts.measures):
            self._show_dimension(self._told_by(column))

    def _told_by(self, column: ColumnReference) -> Dimension:
        return Dimension(column=column, label=column_label(column, self._index))

    def _contradiction(self) -> tuple[Condition, Condition] | None:
        """Two conditions that no row can pass at once speak of two rows: sets are intersected."""
        parts = self._parts
        if parts.measures or not parts.columns:
            return None
        for number, first in enumerate(parts.conditions):
            for second in parts.conditions[number + 1 :]:
                if excludes(first, second):
                    parts.conditions.remove(first)
                    parts.conditions.remove(second)
                    return first, second
        return None


def _check_numbers(values: tuple[Cell, ...]) -> None:
    """Raises UnreadableError for a word that a column of numbers cannot hold."""
    for value in values:
        if isinstance(value, str) and not is_number(value):
            raise UnreadableError(f"{value!r} was not found in the data.", (value,))
