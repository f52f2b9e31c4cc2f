"""Comparisons on columns of ranges: `over 35`, where ages are known as `35-44` and `45+`."""

from dataclasses import replace

from domain.plan import ColumnReference, Condition, Filter, Operator
from planner.language.bands import Band, bands_of, bands_within
from planner.language.names import name_words
from planner.reading.grammar_words import OLDEST
from planner.reading.plan_parts import ORDERED, any_of, mirrored
from planner.reading.reading import Predicate
from planner.resolving.resolve_memberships import MembershipResolution
from planner.schema.binding_errors import UnreadableError
from planner.schema.labels import column_label

_AGE = "age"


class BandResolution(MembershipResolution):
    """Conditions on bands."""

    def _bands(self, column: ColumnReference) -> tuple[Band, ...]:
        return bands_of(self._index.column(column.table, column.column))

    def _in_bands(self, predicate: Predicate, column: ColumnReference) -> Condition | None:
        """The bands that pass; None where the column has none, or is compared with no number."""
        bands = self._bands(column)
        numbers = tuple(v for v in predicate.values if isinstance(v, int | float))
        if not bands or not numbers or len(numbers) < len(predicate.values):
            return None
        kept = bands_within(bands, predicate.operator, numbers)
        if not kept:
            label, known = column_label(column, self._index), ", ".join(b.value for b in bands)
            said = " to ".join(str(number) for number in numbers)
            raise UnreadableError(
                f"{said} splits a band: the {label} is known as {known}.", (said,)
            )
        passed = Filter(column=column, operator=Operator.EQUAL, values=(kept[0],))
        return any_of([passed.model_copy(update={"values": (value,)}) for value in kept])

    def _of_age(self, predicate: Predicate) -> Condition | None:
        """A comparison with the age of persons: theirs, where what they did is measured.

        None where no age is meant, or where nothing tells it.
        """
        operator = self._age_operator(predicate)
        column = self._age_column() if operator is not None else None
        if operator is None or column is None:
            return None
        aged = replace(predicate, operator=operator)
        banded = self._in_bands(aged, column)
        return banded or Filter(column=column, operator=operator, values=predicate.values)

    def _age_operator(self, predicate: Predicate) -> Operator | None:
        """How ages compare; None where something else is compared."""
        told = predicate.adjective.adjective if predicate.adjective is not None else None
        if told is not None:
            if told.base not in ("old", "young"):
                return None
            mirrors = bool(told.high) != (_AGE in told.high)
            return mirrored(predicate.operator) if mirrors else predicate.operator
        named = predicate.reference
        ages = [v for v in predicate.values if isinstance(v, int) and v <= OLDEST]
        is_bare = named is not None and self._binder.is_table(named)
        counts = is_bare and bool(ages) and len(ages) == len(predicate.values)
        return predicate.operator if counts and predicate.operator in ORDERED else None

    def _age_column(self) -> ColumnReference | None:
        tables = [self._home, *sorted(self._binder.mentioned - {self._home})]
        tables += [t for t in self._index.tables if self._graph.keeps_rows(self._home, t)]
        for table in dict.fromkeys(tables):
            for column in self._index.tables[table].columns:
                is_number = column.family.is_numeric and not self._index.is_key(table, column.name)
                if _AGE in name_words(column.name) and (is_number or bands_of(column)):
                    return ColumnReference(table=table, column=column.name)
        return None
