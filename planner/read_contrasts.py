"""What is set side by side: `male vs female`, `August against September`, a course over time."""

from dataclasses import replace

from domain.plan import MeasureFunction
from planner.calendar_words import Span
from planner.mention import Mention
from planner.read_names import NameRules
from planner.reading import Group, Item, Predicate, Rank, Reference
from planner.schema_index import Target


class ContrastRules(NameRules):
    """Rules for comparisons of groups and of periods."""

    def _versus(self, mention: Mention) -> None:
        """`compare` opens a request; `vs` stands between two things of a kind, as `and` does."""
        self.reading.compares = True
        if mention is self._all[0]:
            self._where = False

    def _trend(self, mention: Mention) -> None:
        del mention
        self.reading.groups.append(Group(is_trend=True, position=self._at))

    def _growth(self, mention: Mention) -> None:
        self.reading.growth = mention
        self._take("in", "of", skip=())
        if self._take("rank"):
            self.reading.ranks.append(Rank(descending=True, limit=1, position=self._at))

    def _contrast(self) -> None:
        """Settles what is compared once all is read."""
        reading = self.reading
        if len(reading.groups) > 1 or any(_is_time(g) for g in reading.groups if not g.is_trend):
            reading.groups = [g for g in reading.groups if not g.is_trend]
        if reading.later is not None and not (reading.compares or reading.growth):
            self._join_periods()
        if reading.growth is not None and reading.later is None:
            reading.problems.append("growth")
        if reading.compares:
            self._split_by_values()
        if (
            reading.compares
            or reading.growth is not None
            or any(g.is_trend for g in reading.groups)
        ):
            self._count_rows()

    def _join_periods(self) -> None:
        """`from August to September`, with nothing to compare, is one period."""
        first, second = self.reading.span, self.reading.later
        if first is None or second is None:
            return
        joined = first.end is not None and first.end == second.start
        if not joined:
            self.reading.problems.append("two periods")
            return
        label = f"{first.label} to {second.label}"
        self.reading.span = Span(first.start, second.end, label, first.precise)
        self.reading.later = None

    def _split_by_values(self) -> None:
        compared: list[Predicate] = []
        for predicate in self.reading.predicates:
            before = compared[-1] if compared else None
            if predicate.mention is None or predicate.negated:
                continue
            if before is None or _share_column(before, predicate):
                compared.append(predicate)
        if len(compared) < 2 or compared[0].mention is None:
            return
        for predicate in compared:
            predicate.both = False
            predicate.joined_by_or = predicate is not compared[0]
            predicate.follows = compared[0] if predicate is not compared[0] else None
        rest = [p for p in self.reading.predicates if p not in compared]
        self.reading.predicates = [*compared, *rest]
        column = _column_of(compared[0].mention)
        self.reading.groups.append(Group(column, position=self._at))

    def _count_rows(self) -> None:
        """`usage of male and female users`: rows of what is named are counted."""
        items = self.reading.items
        if any(i.function for i in items):
            return
        named = [i for i in items if i.reference is not None and i.reference.is_table]
        metrics = [i for i in items if i.reference and i.reference.mention.best("metric") > 0]
        if len(named) == len(items) == 1 and not metrics and self.reading.growth is None:
            named[0].function = MeasureFunction.COUNT
        if not items and self.reading.presences:
            presence = self.reading.presences.pop(0)
            items.append(Item(presence.reference, MeasureFunction.COUNT))


def _is_time(group: Group) -> bool:
    return group.grain is not None or group.part is not None


def _share_column(one: Predicate, other: Predicate) -> bool:
    first = one.mention.of_kind("value") if one.mention else ()
    second = other.mention.of_kind("value") if other.mention else ()
    return bool({(t.table, t.column) for t in first} & {(t.table, t.column) for t in second})


def _column_of(value: Mention) -> Reference:
    """The column that a value stands in, as if it had been named."""
    targets = tuple(
        Target("column", t.table, t.column, None, t.score) for t in value.of_kind("value")
    )
    return Reference(replace(value, targets=targets))
