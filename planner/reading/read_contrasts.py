"""What is set side by side: `male vs female`, `August against September`, a course over time."""

from dataclasses import replace

from domain.plan import CalendarPart, MeasureFunction, TimeGrain
from planner.language.calendar_words import Span, shift, unit_of
from planner.language.lexicon import load_lexicon
from planner.linking.mention import Mention
from planner.reading.metric_reading import means_metric
from planner.reading.read_names import NameRules
from planner.reading.reading import Group, Item, Predicate, Rank, Reference
from planner.schema.schema_index import Target


class ContrastRules(NameRules):
    """Rules for comparisons of groups and of periods."""

    def _versus(self, mention: Mention) -> None:
        """`compare` opens a request; `vs` stands between two things of a kind, as `and` does."""
        self.reading.compares = True
        if mention is self._all[0]:
            self._where = False

    def _trend(self, mention: Mention) -> None:
        grain = TimeGrain(mention.value) if mention.value else None
        said = next((g for g in self.reading.groups if g.is_trend and g.grain is None), None)
        if said is not None and grain is not None:
            said.grain = grain
            return
        self.reading.groups.append(Group(grain=grain, is_trend=True, position=self._at))

    def _growth(self, mention: Mention) -> None:
        self.reading.growth = mention
        self._take("in", "of", skip=())
        rank = self._take("rank")
        if rank is not None:
            self.reading.ranks.append(Rank(rank.value == "high", limit=1, position=self._at))
            self._measure_growth()

    def _measure_growth(self) -> None:
        """`grew the most in weighted reach`, `lost the most users`: what is compared."""
        mark = self._at
        self._take("in", "of")
        self._take("count")
        named = self._take_name()
        if named is None or any(i.function for i in self.reading.items):
            self._at = mark
            return
        function = MeasureFunction.COUNT if named.is_table else MeasureFunction.SUM
        is_agreed = means_metric(named.mention, None)
        self._add_item(Item(named, MeasureFunction.METRIC if is_agreed else function))
        self._last = None

    def _contrast(self) -> None:
        """Settles what is compared once all is read."""
        reading = self.reading
        is_course = any(g.is_trend or (_is_time(g) and reading.ranks) for g in reading.groups)
        if len(reading.groups) > 1 or any(_is_time(g) for g in reading.groups if not g.is_trend):
            reading.groups = [g for g in reading.groups if not g.is_trend]
        self._share_year()
        if reading.later is not None and not (reading.compares or reading.growth):
            self._join_periods()
        if reading.growth is not None and reading.later is None:
            self._follow_growth(is_course=is_course)
        if reading.compares:
            self._split_by_days()
            self._split_by_values()
        plain = len(reading.items) == 1 and not reading.ranks
        is_course |= plain and any(_is_time(g) for g in reading.groups)
        if reading.compares or reading.growth is not None or is_course:
            self._count_rows()

    def _follow_growth(self, *, is_course: bool) -> None:
        """`Is it growing month over month?` asks for the course, where no two periods are said."""
        if not is_course or self.reading.ranks:
            self.reading.problems.append("growth")
        self.reading.growth = None

    def _share_year(self) -> None:
        """`from January to February 2013`: the year said last is that of the first as well."""
        first, second = self.reading.span, self.reading.later
        if first is None or second is None or not first.start or not first.end:
            return
        is_said = any(word.isdecimal() for word in first.label.split())
        if second.start is None or is_said or first.start < second.start:
            return
        years = first.start.year - second.start.year
        start, end = (shift(TimeGrain.YEAR, day, -years) for day in (first.start, first.end))
        if start < second.start:
            self.reading.span = replace(first, start=start, end=end)

    def _join_periods(self) -> None:
        """`from August to September`, with nothing to compare, is one period."""
        first, second = self.reading.span, self.reading.later
        if first is None or second is None:
            return
        for group in self.reading.groups:
            if group.is_trend and unit_of(first) == unit_of(second):
                group.grain = unit_of(first)
        joined = first.end is not None and first.end == second.start
        if self._is_either_span and not joined and not self._says_more_between():
            self.reading.other_span, self.reading.later = second, None
            return
        if self._says_more_between() or not (joined or self._is_range(first, second)):
            self.reading.problems.append("two periods")
            return
        label = f"{first.label} to {second.label}"
        self.reading.span = Span(first.start, second.end, label, first.precise)
        self.reading.later = None

    def _says_more_between(self) -> bool:
        """`Fall 2009 or Spring 2010`: each period goes with a value of its own."""
        first, second = self._span_places[:2]
        return any(m.best("value") > 0 for m in self._all[first:second])

    def _is_range(self, first: Span, second: Span) -> bool:
        """`from January to March`: what lies between is meant as well."""
        spans = [n for n, m in enumerate(self._all) if m.kind == "span"]
        if len(spans) != 2 or first.start is None or second.start is None:
            return False
        between = [m.text.lower() for m in self._all[spans[0] + 1 : spans[1]]]
        return between in (["to"], ["until"], ["through"], ["till"]) and first.start < second.start

    def _split_by_days(self) -> None:
        """`weekday vs weekend`: each kind of days is measured by itself."""
        reading = self.reading
        kinds = [days for _, days, denied in reading.parts if not denied]
        if len(kinds) == 1 and any(g.part is CalendarPart.DAY_OF_WEEK for g in reading.groups):
            kinds.insert(0, tuple(day for day in range(1, 8) if day not in kinds[0]))
        if len(kinds) < 2:
            return
        reading.groups = [g for g in reading.groups if g.part is not CalendarPart.DAY_OF_WEEK]
        reading.parts = []
        reading.day_sets = [(days_label(days), days) for days in kinds]

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
        metrics = [i for i in items if i.reference and means_metric(i.reference.mention, None)]
        if len(named) == len(items) == 1 and not metrics and self.reading.growth is None:
            named[0].function = MeasureFunction.COUNT
        if not items and self.reading.context:
            tables = [r for r in self.reading.context if r.is_table][:1]
            items.extend(Item(reference, MeasureFunction.COUNT) for reference in tables)
            self.reading.context = [r for r in self.reading.context if r not in tables]
        if not items and self.reading.presences:
            presence = self.reading.presences.pop(0)
            items.append(Item(presence.reference, MeasureFunction.COUNT))


def _is_time(group: Group) -> bool:
    return group.grain is not None or group.part is not None


def days_label(days: tuple[int, ...]) -> str:
    """`weekends`, `weekdays`, or the days by name."""
    if days == (6, 7):
        return "weekends"
    if days == (1, 2, 3, 4, 5):
        return "weekdays"
    names = {number: name for name, number in load_lexicon().calendar.weekdays.items()}
    return " and ".join(names[day].capitalize() for day in days)


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
