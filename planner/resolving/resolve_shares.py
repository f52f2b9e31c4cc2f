"""Which part of which whole: `what share of sessions are on 5G`."""

from domain.draft import ClarificationOption
from domain.plan import AllOf, Condition, Measure, MeasureFunction
from planner.reading.plan_parts import part_of_rows
from planner.reading.reading import Item, Predicate
from planner.resolving.resolve_sides import SideResolution
from planner.schema.binding_errors import AmbiguousError, UnreadableError
from planner.sql_reading.spoken_conditions import label_of_part, spoken

_ADDED_UP = (
    MeasureFunction.COUNT,
    MeasureFunction.COUNT_DISTINCT,
    MeasureFunction.SUM,
    MeasureFunction.METRIC,
)
_OF_EACH = "share:of each"
_OF_ALL = "share:of all"


class ShareResolution(SideResolution):
    """Shares of a total, and of each group."""

    def _name_shares(self) -> None:
        """`the percentage of women`, where a column holds just that: the column is asked for."""
        for item in self._reading.items:
            if not item.share or item.reference is None or item.function is MeasureFunction.METRIC:
                continue
            if self._binder.is_table(item.reference):
                continue
            column = self._binder.column(item.reference)
            entry = self._index.column(column.table, column.column)
            is_person = column.column == self._index.tables[column.table].person_key
            if not (entry.additive or is_person):
                item.function, item.share = None, False

    def _share_of_total(self) -> bool:
        """The rows that pass, of all rows; or what they add up to, of all that adds up."""
        items = self._reading.items
        if len(items) != 1 or not items[0].share:
            return False
        if items[0].reference is None:
            raise UnreadableError("It is not clear what the share is of: name it after `share of`.")
        whole = self._measure(items[0])
        self._check_adds_up(whole)
        part = self._part_conditions()
        label = whole.label
        self._show_measure(part_of_rows(whole, part, self._told(label, part)), label)
        self._rebase_on_measures()
        return True

    def _check_adds_up(self, whole: Measure) -> None:
        table = whole.column.table if whole.column is not None else whole.table or self._home
        if table != self._home or whole.function not in _ADDED_UP:
            raise UnreadableError(f"A {whole.label} cannot be worked out here.")

    def _part_conditions(self) -> Condition:
        """Keeps the rows of the whole, and returns what tells the part."""
        reading, parts = self._reading, self._parts
        said = reading.predicates, reading.presences, reading.context
        reading.predicates = [p for p in said[0] if p.of_whole]
        reading.presences, reading.context = [], []
        self._conditions()
        kept, parts.conditions = parts.conditions, []
        reading.predicates = [p for p in said[0] if not p.of_whole]
        _, reading.presences, reading.context = said
        self._conditions()
        conditions = [self._apart(c) for c in parts.conditions]
        parts.conditions = kept
        conditions = conditions or self._days_of_part()
        if not conditions:
            raise UnreadableError("It is not clear which part is meant: say it behind the share.")
        return _joined(conditions)

    def _days_of_part(self) -> list[Condition]:
        """`what share of sessions is on weekends`: these days, where nothing else is the part."""
        kept = list(self._parts.conditions)
        self._weekdays()
        days = self._parts.conditions[len(kept) :]
        self._parts.conditions, self._reading.parts = kept, []
        return days

    def _part_of_groups(self, item: Item) -> Measure | None:
        """`share of flights that left late by carrier`: of each carrier's own flights."""
        if item.reference is None:
            return None
        begins = min((g.position for g in self._reading.groups), default=0)
        inner = [p for p in self._reading.predicates if item.position <= p.position <= begins]
        inner = inner or self._part_chosen(item)
        if not inner or any(_is_intricate(p) for p in inner):
            return None
        whole = self._measure(item)
        self._check_adds_up(whole)
        part = _joined([self._apart(self._condition(p)) for p in inner])
        self._reading.predicates = [p for p in self._reading.predicates if p not in inner]
        return part_of_rows(whole, part, self._told(whole.label, part))

    def _part_chosen(self, item: Item) -> list[Predicate]:
        """`share of 5G sessions by state`: of each state's sessions, or of all on 5G.

        Raises AmbiguousError until the analyst has chosen.
        """
        own = [p for p in self._reading.predicates if item.begins < p.position < item.position]
        if not own or not self._reading.groups or _OF_ALL in self._reading.choices:
            return []
        if _OF_EACH in self._reading.choices:
            return own
        each = self._group_dimension(self._reading.groups[0]).label
        rows = self._measure(item).label.removeprefix("share of ")
        told = " and ".join(spoken(self._condition(p), self._index) for p in own)
        options = (
            ClarificationOption(
                id=_OF_EACH,
                label=f"of the {rows} of each {each}",
                effect=f"Of the {rows} of each {each}, the part where {told}.",
            ),
            ClarificationOption(
                id=_OF_ALL,
                label=f"of all these {rows}",
                effect=f"Of all {rows} where {told}, the part of each {each}.",
            ),
        )
        raise AmbiguousError(f"share of {rows}", [], options)

    def _told(self, label: str, part: Condition) -> str:
        return label_of_part(label, part, self._index)


def _is_intricate(predicate: Predicate) -> bool:
    joined = predicate.joined_by_or or predicate.both or predicate.negated
    return joined or predicate.inside is not None


def _joined(conditions: list[Condition]) -> Condition:
    return conditions[0] if len(conditions) == 1 else AllOf(conditions=tuple(conditions))
