"""Rows that must, or must never, have rows elsewhere: `with an order`, `countries without any`."""

from domain.plan import Condition, Filter
from planner.reading.plan_parts import MOSTLY, words
from planner.reading.plan_reach import deep_tables, tables_of
from planner.reading.reading import Predicate, Presence
from planner.resolving.resolve_bands import BandResolution
from planner.schema.binding_errors import UnreadableError


class PresenceResolution(BandResolution):
    """Presences and absences."""

    def _is_of_own_absence(
        self, condition: Condition, negative: list[Presence], predicate: Predicate
    ) -> bool:
        """`countries with no stadium opened after 2006`, where countries are a column of it."""
        base = self._parts.base
        own = [
            p
            for p in negative
            if p.position < predicate.position and self._binder.table(p.reference.mention) == base
        ]
        return bool(own) and not predicate.joined_by_or and tables_of(condition) == [base]

    def _host(
        self, condition: Condition, negative: list[Presence], predicate: Predicate
    ) -> Presence | None:
        """The absence that a later condition belongs to: `no pets of type cat`."""
        if not isinstance(condition, Filter) or condition.column.table == self._parts.base:
            return None
        for presence in negative:
            if presence.position < predicate.position:
                return presence
        return None

    def _add_presence(self, presence: Presence, base: str, conditions: list[Condition]) -> None:
        table = self._binder.table(presence.reference.mention)
        if table == base and presence.negated and not self._shares_values():
            raise UnreadableError(f"{words(table)} cannot be left out of itself.")
        if table == base:
            return
        shown = self._shown_tables()
        if not presence.negated and (table in shown or table in self._on_the_way(base, shown)):
            return
        touched = {t for c in self._parts.conditions for t in deep_tables(c)}
        if not presence.negated and table in touched:
            return
        if not (presence.negated or conditions) and self._always_has(base, table):
            self._parts.implied.add(table)
            return
        self._parts.conditions.append(
            self._member(base, table, tuple(conditions), presence.negated)
        )

    def _shares_values(self) -> bool:
        """True where rows are told by a value that many share, and some of them are ruled out."""
        parts = self._parts
        if not parts.absent or parts.measures or len(parts.columns) != 1 or parts.limit:
            return False
        column = parts.columns[0]
        entry = self._index.column(column.table, column.column)
        rows = self._index.tables[column.table].row_count
        return column.table == parts.base and entry.distinct_count < MOSTLY * rows

    def _on_the_way(self, base: str, shown: set[str]) -> set[str]:
        """Tables that are joined anyway: their rows are those that are spoken of."""
        try:
            return {step.end for step in self._graph.tree(base, sorted(shown))}
        except LookupError:
            return set()

    def _always_has(self, base: str, table: str) -> bool:
        """`seasons of players`: every row refers to one, so none is left out."""
        for link in self._index.dictionary.relationships:
            if (link.child_table, link.parent_table) == (base, table):
                return all(
                    self._index.column(base, column).null_share == 0
                    for column in link.child_columns
                )
        return False
