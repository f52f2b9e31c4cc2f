"""What the answer is split by: `per month`, `for each city`, `by gender`."""

from domain.plan import MeasureFunction
from planner.language.lexicon import load_lexicon
from planner.linking.mention import Mention
from planner.reading.grammar_words import SURE, is_verb, replace_owner
from planner.reading.read_folds import entity_of
from planner.reading.read_measures import MeasureRules
from planner.reading.reading import (
    Group,
    Item,
)


class GroupRules(MeasureRules):
    """Rules for groups."""

    def _each(self, mention: Mention) -> None:
        items = self.reading.items
        if self._possessor_ahead() or self._names_of_column(mention):
            return
        timed = mention.text.lower() == "per" or self._is_unit_ahead()
        said = not self._where or mention.text.lower() in ("per", "by", "for each")
        alone = said and len(items) == 1 and not items[0].function
        if timed and alone and self._splits_rows():
            items[0].function = MeasureFunction.COUNT
        found = self._group_names()
        if self._folds_over(mention, found):
            return
        if not found:
            grain = self._grain_ahead()
            if grain is not None and self._folds_over(mention, [grain]):
                return
            if grain is not None:
                self.reading.groups.append(grain)
                return
        if not found and self.reading.items and self.reading.items[-1].reference is not None:
            return
        self.reading.groups.extend(found)
        self._where = False

    def _bin(self, mention: Mention) -> None:
        """`bin the order date by month`: a column of dates, split by a unit of the calendar."""
        named = self._take_name(("filler", "of", "in", "by"))
        self._take("by", "in", "each", "for", skip=("filler",))
        group = self._grain_ahead()
        if group is None:
            self.reading.unplaced.append(mention.text)
            return
        counted = self.reading.items[-1].reference if self.reading.items else None
        self.reading.groups = [g for g in self.reading.groups if not (g.grain or g.part)]
        named = named or counted
        group.reference = named if named is not None and not named.is_table else None
        same = [g for g in self.reading.groups if _is_same_column(g, group)]
        self.reading.groups = [g for g in self.reading.groups if g not in same] + [group]

    def _names_of_column(self, mention: Mention) -> bool:
        """`the name of every city`, where cities are a column: the column itself is asked for."""
        last = self.reading.items[-1].reference if self.reading.items else None
        ahead = self._peek(("filler",))
        if last is None or last.mention is not self._before() or ahead is None:
            return False
        is_name = last.mention.text.lower() in load_lexicon().generic
        is_column = ahead.best("column") >= SURE and ahead.best("table") == 0
        if not mention.text.lower().startswith("of") or not is_name or not is_column:
            return False
        reference = self._take_name()
        self.reading.items.pop()
        self._add_item(Item(reference, distinct=True))
        self._last = reference
        return True

    def _possessor_ahead(self) -> bool:
        """`list each student's name`: what each of them has is listed, nothing is split."""
        position = self._next_position(("filler",))
        following = self._all[position + 1 :][:1] if position is not None else []
        asked = not any(i.function for i in self.reading.items)
        return asked and bool(following) and following[0].text == "'s"

    def _group_names(self) -> list[Group]:
        found: list[Group] = []
        if any(item.function for item in self.reading.items):
            self._take_values()
        while True:
            mark = self._at
            if found:
                self._take("comma", skip=("filler",))
                joined = self._take("and", skip=("filler",))
                if not joined and self._all[self._at - 1].kind != "comma":
                    self._at = mark
                    return found
                self._take("each", skip=("filler",))
            self._take("distinct", skip=("filler",))
            grain = self._grain_ahead() if self._is_unit_ahead() else None
            if grain is not None:
                found.append(grain)
                continue
            if found and self._peek(("filler",)) and self._peek(("filler",)).kind != "link":  # type: ignore[union-attr]
                self._at = mark
                return found
            reference = self._take_name()
            if reference is None:
                self._at = mark
                return found
            owner = self._owner_ahead()
            if owner and not reference.owner and not reference.is_table:
                reference = replace_owner(reference, owner)
                self._at = self._all.index(owner) + 1
            if reference.mention.best("metric") > 0:
                reference = entity_of(reference) or reference
            found.append(Group(reference, position=self._at))

    def _by(self, mention: Mention) -> None:
        if self._is_follow_up and not self.reading.items:
            self._each(mention)
            return
        if self.reading.compares and not self.reading.items and self._compares_by():
            return
        if self._where and not self.reading.items:
            return
        before = self._before()
        ahead = self._peek()
        split = ahead is not None and ahead.kind in ("distinct", "each")
        if before is not None and before.kind == "in" and self._before(3) is not None:
            before = self._before(3)
        is_agent = before is not None and before.kind == "link" and is_verb(before) and not split
        if is_agent or (before is not None and before.kind == "filler" and not split):
            self._where, self._opener = True, "that"
            return
        items = self.reading.items
        closed = not self._where or (before is not None and _closes_condition(before))
        if closed and len(items) == 1 and not items[0].function and self._splits_rows():
            items[0].function = MeasureFunction.COUNT
        has_measure = any(i.function for i in items)
        if has_measure or self.reading.ranks or self._quantities_split(closed=closed):
            rank = self.reading.ranks[-1] if self.reading.ranks else None
            if (
                rank is not None
                and rank.reference is None
                and rank.item is None
                and rank.limit is not None
            ):
                self._rank_target(rank)
                return
            self._each(mention)
            return
        self._where, self._opener = True, "by"

    def _compares_by(self) -> bool:
        """`compare men and women by time spent`: what they are compared in is measured."""
        mark = self._at
        reference = self._take_name()
        if reference is None or reference.is_table:
            self._at = mark
            return False
        self._add_item(Item(reference, MeasureFunction.SUM))
        return True

    def _quantities_split(self, *, closed: bool) -> bool:
        """`total amount by country`: columns asked for by a group are measured."""
        ahead = self._peek(("filler",))
        is_name = ahead is not None and ahead.kind == "link" and ahead.best("value") == 0
        if not closed or not (is_name or self._is_unit_ahead()):
            return False
        plain = [i.reference for i in self.reading.items]
        return bool(plain) and all(r is not None and not r.is_table for r in plain)

    def _splits_rows(self) -> bool:
        """`flights by hour`: rows of a table, counted for each value of what follows."""
        only = self.reading.items[0].reference
        ahead = self._peek(("filler",))
        if only is None or not only.is_table or ahead is None:
            return False
        return (
            (ahead.kind == "link" and ahead.best("value") < ahead.best("column"))
            or ahead.kind == "part"
            or ahead.best("table") > 0
            or self._is_unit_ahead()
            or (ahead.text.lower() in load_lexicon().calendar.units)
        )


def _closes_condition(mention: Mention) -> bool:
    """True for a period or a value: what was said of the rows ends with it."""
    return mention.kind == "span" or mention.best("value") >= SURE


def _is_same_column(one: Group, other: Group) -> bool:
    if one.reference is None or other.reference is None:
        return False
    named = {(t.table, t.column) for t in one.reference.mention.of_kind("column")}
    return any((t.table, t.column) in named for t in other.reference.mention.of_kind("column"))
