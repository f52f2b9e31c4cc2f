"""How many rows each entity must have elsewhere: `customers with at least 3 orders`, counted."""

from domain.plan import Condition, MeasureFunction, Membership
from planner.reading.plan_reach import deep_tables
from planner.reading.reading import CountCondition
from planner.resolving.resolve_groups import GroupResolution
from planner.schema.binding_errors import UnreadableError


class CountResolution(GroupResolution):
    """Conditions on the number of rows that belong to a row of the plan's table."""

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
        if reference is None or not is_rows or not self._binder.is_table(reference):
            raise UnreadableError("It is not clear which groups have to have so many.")
        table, many = self._binder.table(reference.mention), condition.values[0]
        way = self._graph.path(self._home, table) or ()
        if len(way) != 1 or way[0].to_parent or not isinstance(many, int | float):
            raise UnreadableError("It is not clear whose rows are to be so many.")
        rows = self._member(self._home, table, (), False)
        if not isinstance(rows, Membership):
            raise UnreadableError("It is not clear whose rows are to be so many.")
        return rows.model_copy(update={"operator": condition.operator, "count": many})

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
