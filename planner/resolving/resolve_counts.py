"""How many rows each entity must have elsewhere: `customers with at least 3 orders`, counted."""

from domain.column_type import TypeFamily
from domain.plan import ColumnReference, Condition, MeasureFunction, Membership, Operator
from planner.language.bands import bands_of
from planner.reading.plan_parts import ORDERED, opposite
from planner.reading.plan_reach import deep_tables
from planner.reading.reading import CountCondition, Item, Predicate, Presence, Reference
from planner.resolving.resolve_groups import GroupResolution
from planner.schema.binding_errors import UnreadableError

_FEW = (Operator.LESS, Operator.LESS_OR_EQUAL)
"""Those without any such rows have few of them, too: said as `not so many`."""


class CountResolution(GroupResolution):
    """Conditions on the number of rows that belong to a row of the plan's table."""

    def _count_words(self) -> None:
        """`in at least 3 categories`: words are not compared with a number, but counted."""
        reading = self._reading
        for predicate in [p for p in reading.predicates if self._counts_words(p)]:
            reading.predicates.remove(predicate)
            item = Item(predicate.reference, MeasureFunction.COUNT, distinct=True)
            reading.counts.append(CountCondition(item, predicate.operator, predicate.values))

    def _counts_words(self, predicate: Predicate) -> bool:
        reference = predicate.reference
        plain = predicate.mention is None and predicate.adjective is None and not predicate.unit
        if reference is None or not plain or predicate.operator not in ORDERED:
            return False
        if predicate.benchmark is not None or self._binder.is_table(reference):
            return False
        if len(predicate.values) != 1 or not isinstance(predicate.values[0], int):
            return False
        column = self._binder.column(reference)
        asked = [i.reference for i in self._reading.items if i.reference is not None]
        if column in [self._binder.column(r) for r in asked if not self._binder.is_table(r)]:
            return False
        entry = self._index.column(column.table, column.column)
        return entry.family is TypeFamily.TEXT and not bands_of(entry)

    def _count_within(self) -> None:
        """`How many customers have at least 3 orders?`: no groups, so each customer's orders."""
        reading = self._reading
        measured = bool(reading.items) and all(i.function for i in reading.items)
        if not reading.counts or not measured or reading.groups or reading.ranks:
            return
        found = [self._counted_rows(condition) for condition in reading.counts]
        self._parts.conditions.extend(found)
        reading.counts = []

    def _counted_rows(self, condition: CountCondition) -> Membership:
        reference = condition.item.reference
        is_rows = condition.item.function is MeasureFunction.COUNT and len(condition.values) == 1
        if reference is None or not is_rows:
            raise UnreadableError("It is not clear which groups have to have so many.")
        table, counted = self._what_is_counted(reference)
        way = self._graph.path(self._home, table) or ()
        many = condition.values[0]
        if len(way) != 1 or way[0].to_parent or not isinstance(many, int | float):
            raise UnreadableError("It is not clear whose rows are to be so many.")
        rows = self._member(self._home, table, (), False)
        if not isinstance(rows, Membership):
            raise UnreadableError("It is not clear whose rows are to be so many.")
        operator, negated = condition.operator, condition.operator in _FEW
        if negated:
            operator = opposite(operator)
        told = {"operator": operator, "count": many, "counted": counted, "negated": negated}
        return rows.model_copy(update=told)

    def _what_is_counted(self, reference: Reference) -> tuple[str, ColumnReference | None]:
        """The table whose rows are counted, or of a column there its different values.

        `at least 10 apps` of a person, who has none: those that the person's sessions were of.
        """
        if not self._binder.is_table(reference):
            column = self._binder.column(reference)
            return column.table, column
        table = self._binder.table(reference.mention)
        way = self._graph.path(self._home, table) or ()
        if len(way) == 1 and not way[0].to_parent:
            return table, None
        said = {self._binder.table(p.reference.mention) for p in self._present_tables()}
        column = self._bridge(table, self._home, said)
        return column.table, column

    def _present_tables(self) -> list[Presence]:
        return [p for p in self._reading.presences if self._binder.is_table(p.reference)]

    def _join_counted(self) -> None:
        """`at least 3 purchases of shoes`: what is said of such rows is said of those counted."""
        counted = [c for c in self._parts.conditions if _is_counted(c)]
        for host in counted:
            others = [c for c in self._parts.conditions if _is_of_same_rows(c, host)]
            inner = tuple(i for c in others if isinstance(c, Membership) for i in c.conditions)
            kept = [c for c in self._parts.conditions if c is not host and c not in others]
            self._parts.conditions = [*kept, host.model_copy(update={"conditions": inner})]
            near = {t for c in kept for t in deep_tables(c)} - {self._home}
            if isinstance(host, Membership) and host.table in near:
                raise UnreadableError("It is not clear which of the rows are counted.")


def _is_counted(condition: Condition) -> bool:
    return isinstance(condition, Membership) and condition.operator is not None


def _is_of_same_rows(condition: Condition, host: Condition) -> bool:
    if not isinstance(condition, Membership) or not isinstance(host, Membership):
        return False
    plain = condition.operator is None and not condition.negated
    return plain and (condition.columns, condition.table) == (host.columns, host.table)
