"""Looking ahead in a row of mentions, and taking what is there."""

from abc import ABC, abstractmethod
from dataclasses import replace

from domain.dictionary import Cell
from domain.plan import CalendarPart, Operator, TimeGrain
from planner.language.calendar_words import Span
from planner.language.lexicon import load_lexicon
from planner.linking.mention import Mention
from planner.reading.grammar_words import (
    SURE,
    is_verb,
    replace_owner,
)
from planner.reading.metric_reading import mark_metric
from planner.reading.reading import (
    Group,
    Item,
    Presence,
    Reading,
    Reference,
)

_COMPARED = ("compare", "time_compare", "number", "between")


class Cursor(ABC):
    """The place in the question, what has been read, and what is being said."""

    def __init__(self, mentions: list[Mention], *, is_follow_up: bool = False) -> None:
        """`is_follow_up`: the question changes one that was asked before."""
        self._is_follow_up = is_follow_up
        self._raw = mentions
        determiners = load_lexicon().determiners
        self._all = [m for m in mentions if m.kind != "filler" or m.text.lower() not in determiners]
        self._at = 0
        self._where = False
        self._negated = False
        self._or = False
        self._both = False
        self._distinct = False
        self._sentence = 0
        self._benchmark_open = False
        """True while words may still say which rows an average is taken over."""
        self._benchmark_at = -1
        """Where rows to compare with were just named: `whose` after them is about them."""
        self._opener = ""
        self._limit: int | None = None
        self._span_places: list[int] = []
        """Where periods were said."""
        self._is_either_span = False
        self._ordinal_said: tuple[int, int, str] | None = None
        """How many ranks were read before an ordinal, its number and its text."""
        self._share_at = 0
        """Where a share was asked for."""
        self._last: Reference | None = None
        """The column that a comparison would be about."""
        self.reading = Reading()

    def _check_negation(self) -> None:
        """A `not` that found nothing to deny would turn the answer into its opposite."""
        if self._negated:
            position = self._at - 1
            while position > 0 and self._all[position - 1].kind != "not":
                position -= 1
            related = [m for m in self._all[position : self._at] if len(m.related) == 1]
            if related:
                table = replace(related[0], targets=related[0].related)
                self.reading.presences.append(Presence(Reference(table), True, position=self._at))
            else:
                self.reading.problems.append("not")
        self._negated = False

    def _peek(self, skip: tuple[str, ...] = ()) -> Mention | None:
        position = self._next_position(skip)
        return self._all[position] if position is not None else None

    def _next_position(self, skip: tuple[str, ...] = ()) -> int | None:
        position = self._at
        while position < len(self._all) and self._all[position].kind in skip:
            position += 1
        return position if position < len(self._all) else None

    def _take(self, *kinds: str, skip: tuple[str, ...] = ("filler",)) -> Mention | None:
        position = self._next_position(skip)
        if position is None or self._all[position].kind not in kinds:
            return None
        self._at = position + 1
        return self._all[position]

    def _before(self, steps: int = 2) -> Mention | None:
        position = self._at - steps
        return self._all[position] if position >= 0 else None

    def _take_name(self, skip: tuple[str, ...] = ("filler", "of", "their")) -> Reference | None:
        """A column, table or metric with its owner: `name of the student`, `student's name`."""
        position = self._next_position(skip)
        if position is None or self._all[position].kind != "link":
            return None
        mention = self._all[position]
        if not any(t.kind != "value" for t in mention.targets):
            return None
        self._at = position + 1
        following = self._peek()
        if following is not None and _is_colour(mention) and _is_head(mention, following):
            self._at += 1
            return self._with_owner(following)
        return self._with_owner(mention)

    def _with_owner(self, mention: Mention) -> Reference:
        reference = Reference(mention)
        following = self._peek()
        if following is None:
            return reference
        if following.text == "'s" or (following.kind == "link" and reference.is_table):
            possessed = self._possessed(reference, following)
            if possessed is not None:
                return possessed
        return reference

    def _possessed(self, owner: Reference, following: Mention) -> Reference | None:
        position = self._at + (1 if following.text == "'s" else 0)
        if position >= len(self._all) or not owner.is_table:
            return None
        thing = self._all[position]
        if thing.kind != "link" or thing.best("column") < SURE * 0.6 or is_verb(thing):
            return None
        if self._is_compared_verb(position):
            return None
        owners = {t.table for t in owner.mention.of_kind("table")}
        is_own = any(t.table in owners for t in thing.of_kind("column"))
        if thing.text.lower() in load_lexicon().generic and not is_own:
            return None
        if thing.best("table") >= thing.best("column") or thing.best("value") > thing.best(
            "column"
        ):
            return None
        self._at = position + 1
        return Reference(thing, owner.mention)

    def _is_compared_verb(self, position: int) -> bool:
        """`the most wines scoring higher than 90`: what they do, and no thing of theirs."""
        behind = self._all[position + 1 : position + 2]
        is_compared = bool(behind) and behind[0].kind in _COMPARED
        return is_compared and self._all[position].text.lower().split()[0].endswith(("ed", "ing"))

    def _owner_ahead(self) -> Mention | None:
        """The table after `of` (not taken): whose columns the list before it names."""
        position = self._next_position(("filler",))
        if position is None or self._all[position].kind not in ("of", "for", "in"):
            return None
        position += 1
        while position < len(self._all) and self._all[position].kind in (
            "filler",
            "each",
            "distinct",
            "rank",
            "adjective",
            "number",
            "everything",
        ):
            position += 1
        if position >= len(self._all):
            return None
        thing = self._all[position]
        if thing.kind == "link" and Reference(thing).is_table:
            return thing
        following = self._all[position + 1] if position + 1 < len(self._all) else None
        if thing.kind == "link" and following is not None and Reference(following).is_table:
            return following
        return None

    def _add_item(self, item: Item) -> None:
        mark_metric(item)
        item.position = self._at
        item.sentence = self._sentence
        if self._distinct and item.function is None:
            item.distinct = True
        self._distinct = False
        self.reading.items.append(item)

    def _own_items(self, owner: Mention) -> None:
        """`name, age of students`: the columns before `of` belong to the table after it."""
        for item in reversed(self.reading.items):
            if item.reference is None or item.reference.owner is not None:
                break
            if item.reference.is_table:
                break
            item.reference = replace_owner(item.reference, owner)

    @staticmethod
    def _shares_column(reference: Reference, mention: Mention) -> bool:
        columns = {(t.table, t.column) for t in reference.mention.of_kind("column")}
        if mention.best("value") < max(mention.best("column"), mention.best("table")):
            return False
        return any((t.table, t.column) in columns for t in mention.of_kind("value"))

    def _skip(self, mention: Mention) -> None:
        del mention

    def _mark_distinct(self, mention: Mention) -> None:
        del mention
        self._distinct = True

    def _mark_both(self, mention: Mention) -> None:
        self._both = True
        ahead = self._peek(("filler", "in"))
        if ahead is not None and ahead.kind == "span":
            self.reading.problems.append(f"{mention.text} {ahead.text}")

    def _mark_or(self, mention: Mention) -> None:
        del mention
        self._or = True

    def _not(self, mention: Mention) -> None:
        del mention
        self._negated = True
        self._where = True

    def _except(self, mention: Mention) -> None:
        del mention
        self._negated = True
        self._where = True

    def _grain_ahead(self) -> Group | None:
        position = self._next_position(("filler",))
        if position is None:
            return None
        mention = self._all[position]
        unit = load_lexicon().calendar.units.get(mention.text.lower())
        if unit is not None:
            self._at = position + 1
            return Group(grain=TimeGrain(unit), position=self._at)
        if mention.kind == "part":
            self._at = position + 1
            return Group(part=CalendarPart(mention.value), position=self._at)
        return None

    def _is_unit_ahead(self) -> bool:
        following = self._peek(("filler",))
        if following is None:
            return False
        units = load_lexicon().calendar.units
        is_time = following.text.lower() in units or following.kind == "part"
        return is_time and following.best("column") < SURE and following.best("table") < SURE

    def _number_before(self) -> int | None:
        before = self._before()
        if before is not None and before.kind == "number" and isinstance(before.number, int):
            return before.number
        return None

    def _is_one_of_several(self) -> bool:
        """`the highest, lowest and average score`: values, not rows."""
        position = self._next_position(("comma", "and"))
        return (
            position is not None
            and position > self._at
            and self._all[position].kind in ("rank", "aggregate", "average_of_all")
        )

    # --- what other parts of the work provide

    @abstractmethod
    def _measured_by_verb(self) -> Mention | None:
        """What a verb just before measures: `costing between ...`."""

    @abstractmethod
    def _aggregate(self, mention: Mention) -> None:
        """Reads what an aggregate is taken over."""

    @abstractmethod
    def _compare_with_number(
        self, reference: Reference | None, operator: Operator, value: Cell
    ) -> None:
        """See `compare_with_number`."""

    @abstractmethod
    def _open_where(self, mention: Mention) -> None:
        """From here on, conditions are said."""

    @abstractmethod
    def _set_span(self, span: Span) -> None:
        """Keeps the period that was said."""


def _is_colour(mention: Mention) -> bool:
    """A table named in the singular, as the first part of `train stations` is."""
    return Reference(mention).is_table and not mention.text.lower().endswith("s")


def _is_head(mention: Mention, following: Mention) -> bool:
    """The head of a compound noun: `train stations` are stations."""
    is_next = mention.end == following.start and following.kind == "link"
    is_noun = following.best("value") == 0 and not is_verb(following)
    return is_next and is_noun and Reference(following).is_table
