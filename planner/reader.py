"""The grammar: reads a row of mentions, left to right, into what the question says."""

from collections.abc import Callable
from dataclasses import replace

from domain.dictionary import Cell
from domain.plan import CalendarPart, MeasureFunction, Operator, TimeGrain
from planner.calendar_words import Span, year_span
from planner.lexicon import load_lexicon
from planner.mention import Mention
from planner.metric_reading import mark_metric
from planner.reading import (
    CountCondition,
    Group,
    Item,
    Predicate,
    Presence,
    Rank,
    Reading,
    Reference,
)
from planner.schema_index import name_words

_FUNCTIONS = {
    "sum": MeasureFunction.SUM,
    "average": MeasureFunction.AVERAGE,
    "median": MeasureFunction.MEDIAN,
    "maximum": MeasureFunction.MAXIMUM,
    "minimum": MeasureFunction.MINIMUM,
}
_OPPOSITE = {
    Operator.EQUAL: Operator.NOT_EQUAL,
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.LESS: Operator.GREATER_OR_EQUAL,
    Operator.LESS_OR_EQUAL: Operator.GREATER,
    Operator.GREATER: Operator.LESS_OR_EQUAL,
    Operator.GREATER_OR_EQUAL: Operator.LESS,
    Operator.CONTAINS: Operator.NOT_CONTAINS,
    Operator.BETWEEN: Operator.NOT_BETWEEN,
    Operator.IN: Operator.NOT_IN,
}
_EXTREMES = {"high": "maximum", "low": "minimum"}
_SKIPPED = ("filler", "be", "comma", "and", "of", "their", "same")
_YEAR_DIGITS = 4
_SURE = 0.9
_COUNTING = ("most", "fewest", "least")
_LIST_OPENERS = (
    "show",
    "stop",
    "and",
    "comma",
    "count",
    "aggregate",
    "distinct",
    "everything",
    "their",
    "both",
    "either",
    "number",
    "or",
    "share",
    "same",
    "average_of_all",
    "than",
)
_ROOT = 4


class Reader:
    """One pass over the mentions of one question."""

    def __init__(self, mentions: list[Mention]) -> None:
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
        self._opener = ""
        self._limit: int | None = None
        self._last: Reference | None = None
        """The column that a comparison would be about."""
        self.reading = Reading()
        self._rules: dict[str, Callable[[Mention], None]] = {
            "count": self._count,
            "aggregate": self._aggregate,
            "share": self._share,
            "distinct": self._mark_distinct,
            "rank": self._rank,
            "popular": self._popular,
            "adjective": self._adjective,
            "compare": self._compare,
            "split_compare": self._split_compare,
            "generic": self._generic,
            "time_compare": self._time_compare,
            "between": self._between,
            "contains": self._contains,
            "order": self._order,
            "direction": self._direction,
            "each": self._each,
            "not": self._not,
            "except": self._except,
            "both": self._mark_both,
            "either": self._skip,
            "or": self._mark_or,
            "stop": self._stop,
            "whose": self._open_where,
            "that": self._that,
            "with": self._open_where,
            "in": self._open_where,
            "for": self._open_where,
            "by": self._by,
            "their": self._their,
            "show": self._show,
            "everything": self._everything,
            "null": self._null,
            "link": self._link,
            "quoted": self._quoted,
            "number": self._number,
            "span": self._span,
            "unknown": self._unknown,
            "sign": self._skip,
            "part": self._part,
            "grain": self._grain,
            "weekday": self._weekday,
            "average_of_all": self._aggregate,
        }

    def read(self) -> Reading:
        """Reads to the end. Words that found no place are in `unplaced`."""
        while self._at < len(self._all):
            mention = self._all[self._at]
            self._at += 1
            rule = self._rules.get(mention.kind)
            if mention.kind in ("and", "comma", "stop", "whose", "or", "show"):
                self._benchmark_open = False
            if rule is not None:
                rule(mention)
        self._check_negation()
        self._count_present()
        self._tidy()
        return self.reading

    def _count_present(self) -> None:
        """`attractions that are visited at least twice`: the visits are what is counted."""
        for count in self.reading.counts:
            present = [p for p in self.reading.presences if not p.negated]
            if count.item.reference is None and len(present) == 1:
                count.item.reference = present[0].reference
                self.reading.presences.remove(present[0])

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

    def _tidy(self) -> None:
        """Leaves out what was said twice, and the entity where its columns are asked for."""
        items = self.reading.items
        counted = [i for i in items if i.function is MeasureFunction.COUNT]
        for item in counted:
            if item.reference is None and len(counted) > 1 and not item.share:
                items.remove(item)
        entity = items[0] if items else None
        later = [i for i in items if i.sentence > 0 and i.function is None]
        if entity and later and entity.sentence == 0 and not entity.function:
            if entity.reference is not None and entity.reference.is_table:
                items.remove(entity)
        if self._limit is not None:
            self._spend_limit()

    def _spend_limit(self) -> None:
        """`the three colleges with the most players`: the number said first is the limit."""
        rank = next((r for r in self.reading.ranks if r.limit in (None, 1)), None)
        if rank is not None:
            rank.limit = self._limit
        elif self._limit != 1:
            self.reading.unplaced.append(str(self._limit))

    # --- looking ahead -------------------------------------------------------------------

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
        if thing.kind != "link" or thing.best("column") < _SURE * 0.6:
            return None
        if thing.best("table") >= thing.best("column") or thing.best("value") > thing.best(
            "column"
        ):
            return None
        self._at = position + 1
        return Reference(thing, owner.mention)

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

    # --- what is asked for ---------------------------------------------------------------

    def _add_item(self, item: Item) -> None:
        mark_metric(item)
        item.position = self._at
        item.sentence = self._sentence
        if self._distinct and item.function is None:
            item.distinct = True
        self._distinct = False
        self.reading.items.append(item)

    def _link(self, mention: Mention) -> None:
        names = [t for t in mention.targets if t.kind != "value"]
        if self._is_value(mention):
            self._value(mention)
            return
        if not names:
            self._value(mention)
            return
        reference = self._with_owner(mention)
        following = self._peek()
        if reference.is_table and following is not None and following.kind == "link":
            if Reference(following).is_table and following.best("value") == 0:
                return
        if self._where:
            self._name_in_where(reference)
        else:
            self._name_asked(reference)

    def _is_value(self, mention: Mention) -> bool:
        value = mention.best("value")
        name = max(mention.best("column"), mention.best("table"), mention.best("metric"))
        if value == 0:
            return False
        if mention.is_capitalised and value >= name:
            return True
        if self._last is not None and self._where and value >= name * 0.95:
            columns = {(t.table, t.column) for t in self._last.mention.of_kind("column")}
            return any((t.table, t.column) in columns for t in mention.of_kind("value"))
        return value > name

    def _name_asked(self, reference: Reference) -> None:
        if self._equals_ahead(reference):
            return
        if reference.is_table and self._is_context():
            self._own_items(reference.mention)
            self.reading.context.append(reference)
            self._last = None
            return
        if self._is_name_of_column(reference):
            return
        position = self._all.index(reference.owner or reference.mention)
        before = self._all[position - 1] if position > 0 else None
        if not self._in_list(before):
            if before is not None and before.kind == "link" and self._is_compound(reference):
                return
            self._where, self._opener = True, "that"
            self._name_in_where(reference)
            return
        self._add_item(Item(reference))
        self._last = reference

    def _in_list(self, before: Mention | None) -> bool:
        """True where a name goes on with what is asked: after a verb it does not."""
        if not self.reading.items or before is None:
            return True
        return before.kind in _LIST_OPENERS

    @staticmethod
    def _is_compound(reference: Reference) -> bool:
        """`office locations`: the second noun only colours the first."""
        weak = reference.mention.best("column") < _SURE
        return not reference.is_table and (
            weak or reference.mention.text.lower() in load_lexicon().generic
        )

    def _is_name_of_column(self, reference: Reference) -> bool:
        """`the names of the states`, where states are a column: the column itself is asked."""
        if reference.mention.text.lower() not in load_lexicon().generic:
            return False
        position = self._next_position(("filler", "distinct"))
        if position is None or self._all[position].kind != "of":
            return False
        position += 1
        while position < len(self._all) and self._all[position].kind in ("filler", "distinct"):
            position += 1
        thing = self._all[position] if position < len(self._all) else None
        if thing is None or thing.kind != "link" or Reference(thing).is_table:
            return False
        return thing.best("column") >= _SURE * 0.65 and thing.best("table") == 0

    def _is_context(self) -> bool:
        before = self._before()
        while before is not None and before.kind in ("filler", "distinct"):
            position = self._all.index(before)
            before = self._all[position - 1] if position > 0 else None
        return before is not None and before.kind in ("of",) and bool(self.reading.items)

    def _own_items(self, owner: Mention) -> None:
        """`name, age of students`: the columns before `of` belong to the table after it."""
        for item in reversed(self.reading.items):
            if item.reference is None or item.reference.owner is not None:
                break
            if item.reference.is_table:
                break
            item.reference = replace_owner(item.reference, owner)

    def _equals_ahead(self, reference: Reference) -> bool:
        """`grade 4`, `type "x"`, `year 2013`: a column with its value right behind it."""
        following = self._peek(("filler",))
        if not self._where and following is not None and following.kind != "quoted":
            following = self._peek()
        if following is None or reference.mention.best("column") == 0:
            return False
        if following.kind in ("number", "quoted"):
            after = self._all[self._all.index(following) + 1 :][:1]
            apart = self._peek() is not following
            if following.kind == "number" and (
                apart or (after and after[0].kind in ("trailing_compare", "compare"))
            ):
                return False
            if (
                following.kind == "number"
                and after
                and after[0].kind == "link"
                and not after[0].best("value")
            ):
                return False
            self._at = self._all.index(following) + 1
            self._add_predicate(reference, Operator.EQUAL, following)
            return True
        if following.kind == "link" and self._shares_column(reference, following):
            self._at = self._all.index(following) + 1
            self._add_predicate(reference, Operator.EQUAL, following)
            return True
        return False

    @staticmethod
    def _shares_column(reference: Reference, mention: Mention) -> bool:
        columns = {(t.table, t.column) for t in reference.mention.of_kind("column")}
        if mention.best("value") < max(mention.best("column"), mention.best("table")):
            return False
        return any((t.table, t.column) in columns for t in mention.of_kind("value"))

    def _count(self, mention: Mention) -> None:
        before = self._before()
        if before is not None and before.kind == "link" and mention.text.lower() == "number of":
            if self._last is not None and self._last.mention is before:
                self._of_after_number()
                return
        ahead = self._peek(("filler", "of"))
        if ahead is not None and ahead.kind == "count":
            return
        if self._take("distinct"):
            self._distinct = True
        distinct = self._distinct
        self._distinct = False
        if self._take("rank", skip=("filler", "of")):
            self._at -= 1
        reference = self._take_name()
        item = Item(reference, MeasureFunction.COUNT, distinct)
        if self._where and self._count_condition(item):
            return
        if reference is None and self._generic_ahead():
            return
        self._add_item(item)
        self._last = None

    def _of_after_number(self) -> None:
        """`phone number of students`: the number belongs to the name before it."""
        reference = self._take_name()
        if reference is None:
            return
        if reference.is_table:
            self._own_items(reference.mention)
            self.reading.context.append(reference)
            return
        self._add_item(Item(reference))

    def _generic_ahead(self) -> bool:
        """`number of types` where nothing is called a type: what is counted is not known."""
        ahead = self._peek(("filler", "of", "distinct"))
        if ahead is None or ahead.kind not in ("generic", "unknown"):
            return False
        self.reading.unplaced.append(ahead.text)
        return True

    def _generic(self, mention: Mention) -> None:
        """A noun such as `year` or `amount`: part of the name beside it, or else unplaced."""
        position = self._at - 2
        while position >= 0 and self._all[position].kind in ("filler", "of", "in", "be", "generic"):
            position -= 1
        before = self._all[position] if position >= 0 else None
        ahead = self._peek(("filler", "of", "in", "be", "generic", "their"))
        beside = [m for m in (before, ahead) if m is not None]
        if any(m.kind in ("link", "number", "quoted", "span") for m in beside):
            return
        self.reading.unplaced.append(mention.text)

    def _count_condition(self, item: Item) -> bool:
        """`whose number of orders is at least 3`, or `is the highest`."""
        mark = self._at
        self._take("be", skip=("filler",))
        rank = self._take("rank", skip=("filler",))
        if (rank is not None and self._peek() is None) or (rank is not None and self._ends()):
            self.reading.ranks.append(Rank(rank.value == "high", item=item, position=self._at))
            return True
        self._at = mark
        position = self._next_position(("filler", "be", "of"))
        if position is None or self._all[position].kind not in ("compare", "between", "number"):
            return False
        self._at = position
        found = self._comparison_values()
        if found is None:
            return False
        operator, values = found
        self.reading.counts.append(CountCondition(item, operator, values))
        return True

    def _ends(self) -> bool:
        ahead = self._peek(("filler",))
        return ahead is None or ahead.kind in ("stop", "comma", "and", "order", "direction")

    def _comparison_values(self) -> tuple[Operator, tuple[Cell, ...]] | None:
        between = self._take("between")
        if between:
            low, high = self._two_numbers()
            return (Operator.BETWEEN, (low, high)) if low is not None else None
        sign = self._take("compare", skip=("filler", "be"))
        operator = Operator(sign.value) if sign else Operator.EQUAL
        number = self._take("number", skip=("filler", "be", "than"))
        if number is None:
            return None
        trailing = self._take("trailing_compare")
        if trailing:
            operator = Operator(trailing.value)
        return self._polarity(operator), (self._scaled(number),)

    def _scaled(self, number: Mention) -> Cell:
        following = self._peek()
        scale = load_lexicon().calendar.scales.get(following.text.lower()) if following else None
        value = number.number
        if scale is not None and value is not None and not (following and following.kind == "link"):
            self._at += 1
            return value * scale
        return value

    def _two_numbers(self) -> tuple[Cell, Cell]:
        first = self._take("number", "quoted", "span")
        self._take("and", "in", "filler", skip=())
        second = self._take("number", "quoted", "span", skip=("filler", "and", "in"))
        if first is None or second is None:
            return None, None
        return _literal(first), _literal(second)

    def _polarity(self, operator: Operator) -> Operator:
        if not self._negated:
            return operator
        self._negated = False
        return _OPPOSITE.get(operator, operator)

    def _aggregate(self, mention: Mention) -> None:
        functions = [_FUNCTIONS.get(mention.value, MeasureFunction.AVERAGE)]
        while True:
            mark = self._at
            self._take("comma", skip=("filler",))
            self._take("and", skip=("filler",))
            further = self._take("aggregate", "average_of_all", "rank", skip=("filler", "of"))
            if further is None:
                self._at = mark
                break
            value = _EXTREMES.get(further.value, further.value)
            functions.append(_FUNCTIONS.get(value, MeasureFunction.AVERAGE))
        if self._is_extreme_row(functions):
            rank = Rank(functions[0] is MeasureFunction.MAXIMUM, position=self._at)
            self._rank_target(rank)
            self.reading.ranks.append(rank)
            return
        distinct = self._take("distinct", skip=("filler", "of")) is not None
        if self._take("count", skip=("filler", "of")):
            reference = self._take_name()
            if functions == [MeasureFunction.SUM]:
                self._finish_aggregate(Item(reference, MeasureFunction.COUNT, distinct))
            elif reference is not None and not reference.is_table:
                self._finish_aggregates(functions, [reference], mention.text)
            else:
                self.reading.problems.append(f"{mention.text} number of")
            return
        self._finish_aggregates(functions, self._names_of_aggregate(), mention.text)

    def _is_extreme_row(self, functions: list[MeasureFunction]) -> bool:
        """`that has the maximum capacity` asks for a row, unless a comparison follows."""
        extreme = functions in ([MeasureFunction.MAXIMUM], [MeasureFunction.MINIMUM])
        if not extreme or not self._where or not self.reading.items:
            return False
        rest = [m.kind for m in self._all[self._at : self._at + 5]]
        return "compare" not in rest and "between" not in rest and "number" not in rest

    def _names_of_aggregate(self) -> list[Reference]:
        found: list[Reference] = []
        while True:
            mark = self._at
            if found:
                self._take("comma", skip=("filler",))
                joined = (
                    self._take("and", skip=("filler",)) or self._all[self._at - 1].kind == "comma"
                )
                ahead = self._peek(("filler",))
                if not joined or ahead is None or ahead.kind != "link" or not _is_quantity(ahead):
                    self._at = mark
                    return found
            reference = self._take_name(("filler", "of", "be"))
            if reference is None:
                self._at = mark
                return found
            found.append(reference)

    def _finish_aggregates(
        self, functions: list[MeasureFunction], names: list[Reference], text: str
    ) -> None:
        if not names:
            if functions == [MeasureFunction.SUM] and self._is_counted():
                return
            rank = self.reading.ranks[-1] if self.reading.ranks else None
            if rank is not None and rank.reference is not None and rank.item is None:
                rank.item, rank.reference = Item(rank.reference, functions[0]), None
                return
            if self._last is not None and not self._where:
                names = [self._last]
            else:
                self.reading.problems.append(functions[0].value)
                return
        owner = self._owner_ahead()
        for reference in names:
            owned = replace_owner(reference, owner) if owner and not reference.owner else reference
            for function in functions:
                if function is MeasureFunction.SUM and owned.is_table:
                    amount = "amount" in text.lower()
                    counted = MeasureFunction.SUM if amount else MeasureFunction.COUNT
                    self._finish_aggregate(Item(owned, counted))
                else:
                    self._finish_aggregate(Item(owned, function))
        self._last = None

    def _is_counted(self) -> bool:
        """`How many ... in total`: the total was asked for already."""
        return bool(self.reading.items) and self.reading.items[-1].function is not None

    def _finish_aggregate(self, item: Item) -> None:
        if self._where and self._count_condition(item):
            return
        self._add_item(item)

    def _share(self, mention: Mention) -> None:
        del mention
        self._take("count", skip=("filler", "of", "in"))
        reference = self._take_name()
        self._add_item(Item(reference, MeasureFunction.COUNT, share=True))

    def _everything(self, mention: Mention) -> None:
        del mention
        if self._where or (
            self.reading.items and self.reading.items[-1].sentence == self._sentence
        ):
            return
        self._add_item(Item(everything=True))

    # --- marks ---------------------------------------------------------------------------

    def _skip(self, mention: Mention) -> None:
        del mention

    def _mark_distinct(self, mention: Mention) -> None:
        del mention
        self._distinct = True

    def _mark_both(self, mention: Mention) -> None:
        del mention
        self._both = True

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

    def _stop(self, mention: Mention) -> None:
        self._check_negation()
        self._where = False
        self._negated = self._both = self._or = False
        self._last = None
        if mention.text in (".", "?") and self.reading.items:
            self._sentence += 1

    def _open_where(self, mention: Mention) -> None:
        self._where = True
        self._opener = mention.kind
        if mention.kind == "whose":
            self._last = None

    def _that(self, mention: Mention) -> None:
        self._opener = mention.kind
        if self.reading.items:
            self._where = True

    def _show(self, mention: Mention) -> None:
        del mention
        self._check_negation()
        self._where = False

    def _their(self, mention: Mention) -> None:
        del mention
        before = self._before()
        if before is not None and before.kind in ("and", "comma", "show", "stop"):
            self._where = False

    def _unknown(self, mention: Mention) -> None:
        if self._last is not None and self._where and mention.is_capitalised:
            self._add_predicate(self._last, Operator.EQUAL, mention)
            return
        if self._is_related(mention):
            return
        self.reading.unplaced.append(mention.text)

    def _is_related(self, mention: Mention) -> bool:
        """A verb of a noun that the question names as well: `climbers who climb`."""
        root = mention.text.lower()[:_ROOT]
        if len(root) < _ROOT or self._negated:
            return False
        others = (m for m in self._all if m is not mention and m.kind == "link")
        return any(word.startswith(root) for m in others for word in m.text.lower().split()) or any(
            word.startswith(root)
            for m in others
            for t in m.targets
            for word in name_words(t.column or t.table)
        )

    # --- splitting -----------------------------------------------------------------------

    def _each(self, mention: Mention) -> None:
        found = self._group_names()
        if not found:
            grain = self._grain_ahead()
            if grain is not None:
                self.reading.groups.append(grain)
                return
        if not found and self.reading.items and self.reading.items[-1].reference is not None:
            return
        self.reading.groups.extend(found)
        self._where = False
        del mention

    def _part(self, mention: Mention) -> None:
        self.reading.groups.append(Group(part=CalendarPart(mention.value), position=self._at))

    def _grain(self, mention: Mention) -> None:
        """`monthly revenue`, `revenue monthly`: split by month."""
        self.reading.groups.append(Group(grain=TimeGrain(mention.value), position=self._at))

    def _weekday(self, mention: Mention) -> None:
        days = tuple(int(day) for day in mention.value.split())
        self.reading.parts.append((CalendarPart.DAY_OF_WEEK, days, self._negated))
        self._negated = False

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

    def _group_names(self) -> list[Group]:
        found: list[Group] = []
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
            found.append(Group(reference, position=self._at))

    def _is_unit_ahead(self) -> bool:
        following = self._peek(("filler",))
        if following is None:
            return False
        units = load_lexicon().calendar.units
        is_time = following.text.lower() in units or following.kind == "part"
        return is_time and following.best("column") < _SURE and following.best("table") < _SURE

    def _by(self, mention: Mention) -> None:
        if self._where and not self.reading.items:
            return
        before = self._before()
        ahead = self._peek()
        split = ahead is not None and ahead.kind in ("distinct", "each")
        if before is not None and before.kind == "filler" and not split:
            self._where, self._opener = True, "that"
            return
        items = self.reading.items
        if not self._where and len(items) == 1 and not items[0].function and self._splits_rows():
            items[0].function = MeasureFunction.COUNT
        has_measure = any(i.function for i in items)
        if has_measure or self.reading.ranks:
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
        self._where = True

    def _splits_rows(self) -> bool:
        """`flights by hour`: rows of a table, counted for each value of what follows."""
        only = self.reading.items[0].reference
        ahead = self._peek(("filler",))
        if only is None or not only.is_table or ahead is None:
            return False
        return (
            ahead.kind in ("link", "part")
            or self._is_unit_ahead()
            or (ahead.text.lower() in load_lexicon().calendar.units)
        )

    # --- ranking and order ---------------------------------------------------------------

    def _number_before(self) -> int | None:
        before = self._before()
        if before is not None and before.kind == "number" and isinstance(before.number, int):
            return before.number
        return None

    def _rank(self, mention: Mention) -> None:
        limit = self._number_before()
        if not self._where and limit is None and self._is_one_of_several():
            self._aggregate(replace(mention, value=_EXTREMES[mention.value]))
            return
        number = self._take("number")
        if number is not None and isinstance(number.number, int):
            limit = number.number
            adjective = self._take("adjective", "rank", "popular")
            if adjective is not None and adjective.kind == "adjective":
                self._superlative(adjective, limit)
                return
            if adjective is not None and adjective.kind == "popular":
                self._popular(adjective, limit)
                return
        rank = Rank(mention.value == "high", limit=limit or 1, position=self._at)
        rank.adds_up = mention.text.lower().split()[0] in _COUNTING
        top = mention.text.lower() in ("top", "bottom", "leading")
        if top and self._take_entity_of_top():
            ahead = self._peek(("filler",))
            if ahead is not None and ahead.kind == "each":
                self.reading.ranks.append(rank)
                return
            self._take("with", "whose", "in", "by", "that", skip=("filler",))
            again = self._take("rank", skip=("filler", "of"))
            if again is not None:
                rank.descending = again.value == "high"
                rank.adds_up = again.text.lower().split()[0] in _COUNTING
            self._rank_target(rank)
            self.reading.ranks.append(rank)
            return
        explicit_count = "number" in mention.text or "count" in mention.text
        if not explicit_count and self._is_extreme_value(limit):
            fn = MeasureFunction.MAXIMUM if rank.descending else MeasureFunction.MINIMUM
            reference = self._take_name()
            owner = self._owner_ahead()
            if reference and owner and not reference.owner:
                reference = replace_owner(reference, owner)
            self._add_item(Item(reference, fn))
            return
        if explicit_count:
            reference = self._take_name()
            rank.item = Item(reference, MeasureFunction.COUNT)
        else:
            self._rank_target(rank)
        self.reading.ranks.append(rank)
        self._last = None

    def _is_one_of_several(self) -> bool:
        """`the highest, lowest and average score`: values, not rows."""
        position = self._next_position(("comma", "and"))
        return (
            position is not None
            and position > self._at
            and self._all[position].kind in ("rank", "aggregate", "average_of_all")
        )

    def _take_entity_of_top(self) -> bool:
        reference = self._take_name()
        if reference is None:
            return False
        ahead = self._peek(("filler",))
        if ahead is not None and ahead.kind in ("with", "whose", "in", "by", "that", "each"):
            self._add_item(Item(reference))
            return True
        self._at -= 1
        if reference.owner is not None:
            self._at -= 1
        return False

    def _is_extreme_value(self, limit: int | None) -> bool:
        """`What is the highest salary`: a number is asked, not a row."""
        if (
            self._where
            or limit is not None
            or (self.reading.items and not self._is_listing_aggregates())
        ):
            return False
        ahead = self._peek(("filler",))
        if ahead is None or ahead.kind != "link" or not _is_quantity(ahead):
            return False
        return not Reference(ahead).is_table

    def _is_listing_aggregates(self) -> bool:
        return all(item.function is not None for item in self.reading.items)

    def _rank_target(self, rank: Rank) -> None:
        """What is compared: a count, an aggregate, a column, or rows of a table."""
        self._take("distinct", skip=("filler", "of"))
        if self._take("count", skip=("filler", "of")):
            self._take("distinct", skip=("filler", "of"))
            rank.item = Item(self._take_name(), MeasureFunction.COUNT)
            return
        aggregate = self._take("aggregate", "average_of_all", skip=("filler", "of"))
        if aggregate is not None:
            reference = self._take_name()
            function = _FUNCTIONS.get(aggregate.value, MeasureFunction.AVERAGE)
            if reference is not None and reference.is_table:
                function = MeasureFunction.COUNT
            rank.item = Item(reference, function)
            return
        rank.reference = self._take_name()
        if rank.reference is None and rank.limit is not None and self._where:
            rank.reference = self._last
            self._last = None

    def _popular(self, mention: Mention, limit: int | None = None) -> None:
        limit = limit or self._number_before()
        rank = Rank(mention.value == "high", limit=limit or 1, popular=True, position=self._at)
        reference = self._take_name()
        if reference is not None:
            owner = self._owner_ahead()
            if owner and not reference.owner and not reference.is_table:
                reference = replace_owner(reference, owner)
            rank.reference = reference
            if not self._where or not self.reading.items:
                self._add_item(Item(reference))
        self.reading.ranks.append(rank)

    def _adjective(self, mention: Mention) -> None:
        adjective = mention.adjective
        if adjective is None:
            return
        if self._take("than", skip=()) or (
            adjective.is_comparative and not adjective.is_superlative
        ):
            self._compare_adjective(mention)
            return
        if adjective.is_superlative:
            self._superlative(mention, self._number_before() or 1)
            return
        self._plain_adjective(mention)

    def _plain_adjective(self, mention: Mention) -> None:
        """`how old`, `how long`: asks for the column; anything else has no exact meaning."""
        before = self._before()
        if before is not None and before.text.lower() == "how":
            self._add_item(Item(Reference(mention)))
        elif before is not None and before.kind in ("number", "generic"):
            return
        elif (number := self._take("number", skip=("filler", "either"))) is not None:
            self._add_predicate(None, Operator.EQUAL, number)
            for predicate in self.reading.predicates:
                if predicate.reference is None and predicate.mention is None:
                    predicate.adjective = mention
        else:
            self.reading.unplaced.append(mention.text)

    def _superlative(self, mention: Mention, limit: int) -> None:
        adjective = mention.adjective
        if adjective is None:
            return
        number = self._take("number")
        if number is not None and isinstance(number.number, int):
            limit = number.number
        rank = Rank(bool(adjective.high), adjective=mention, limit=limit, position=self._at)
        ahead = self._peek(("filler",))
        if ahead is not None and ahead.kind in ("aggregate", "average_of_all", "count"):
            rank.adjective = None
            self._rank_target(rank)
            self.reading.ranks.append(rank)
            return
        if (
            ahead is not None
            and ahead.kind == "link"
            and _is_quantity(ahead)
            and not Reference(ahead).is_table
        ):
            if self._is_extreme_value(None if limit == 1 else limit):
                fn = MeasureFunction.MAXIMUM if rank.descending else MeasureFunction.MINIMUM
                self._add_item(Item(self._take_name(), fn))
                return
            rank.reference = self._take_name()
        elif ahead is not None and ahead.kind == "link" and Reference(ahead).is_table:
            rank.reference = Reference(ahead)
        elif self._where and self._last is not None:
            rank.reference = self._last
            self.reading.context = [r for r in self.reading.context if r is not self._last]
        self.reading.ranks.append(rank)

    def _order(self, mention: Mention) -> None:
        words = mention.text.lower().split()
        if words == ["in"] or (
            words == ["order"] and self.reading.items and not self._order_follows()
        ):
            self._open_where(mention)
            return
        self._take("by", skip=("filler", "in", "of", "their"))
        direction = self._take("direction", skip=("filler", "in", "of"))
        rank = Rank(False, limit=None, position=self._at)
        if direction is not None:
            rank.descending = direction.value == "desc"
            self._take("order", "of", "by", "in", "for", skip=("filler",))
            self._take("by", "of", skip=("filler", "order"))
        self._order_targets(rank, direction is not None)

    def _order_follows(self) -> bool:
        ahead = self._peek(("filler",))
        return ahead is not None and ahead.kind in ("by", "link", "count", "aggregate")

    def _order_targets(self, rank: Rank, has_direction: bool) -> None:
        if not has_direction and not self.reading.items:
            self._where = False
            return
        while True:
            current = replace(rank)
            superlative = self._take("rank", "adjective", skip=("filler", "of", "their"))
            if superlative is not None and superlative.kind == "adjective":
                current.adjective = superlative
            self._rank_target(current)
            self._order_direction(current)
            is_bare = (
                current.reference is None and current.item is None and current.adjective is None
            )
            if is_bare and not has_direction:
                return
            self.reading.ranks.append(current)
            mark = self._at
            joined = self._take("and", "comma", skip=("filler",))
            ahead = self._peek(("filler",))
            if (
                is_bare
                or joined is None
                or ahead is None
                or ahead.kind not in ("link",)
                or _opens_list(self._all, self._at)
            ):
                self._at = mark
                self._where = True
                self._last = None
                return

    def _order_direction(self, rank: Rank) -> None:
        mark = self._at
        self._take("comma", skip=("filler",))
        direction = self._take("direction", skip=("filler", "in", "order", "of"))
        if direction is None:
            self._at = mark
            return
        rank.descending = direction.value == "desc"
        self._take("order", skip=())

    def _direction(self, mention: Mention) -> None:
        rank = Rank(mention.value == "desc", limit=None, position=self._at)
        self._take("order", skip=("filler",))
        self._take("of", "by", "in", "for", skip=("filler", "order", "direction"))
        self._order_targets(rank, has_direction=True)

    # --- conditions ----------------------------------------------------------------------

    def _add_predicate(
        self, reference: Reference | None, operator: Operator, *values: Mention | Cell
    ) -> None:
        mention = next((v for v in values if isinstance(v, Mention) and v.targets), None)
        cells = tuple(_literal(v) if isinstance(v, Mention) else v for v in values)
        position = self._at
        last = self.reading.predicates[-1] if self.reading.predicates else None
        host = last if last is not None and last.benchmark and self._benchmark_open else None
        if last is not None and last.inside is not None and self._benchmark_open:
            host = last.inside
        self.reading.predicates.append(
            Predicate(
                reference,
                operator,
                cells,
                inside=host,
                mention=mention if mention and mention.best("value") else None,
                negated=self._negated,
                joined_by_or=self._or,
                both=self._both,
                position=position,
            )
        )
        self._or = False
        self._more_values(reference, operator)
        self._negated = False

    def _more_values(self, reference: Reference | None, operator: Operator) -> None:
        """`"A" or "B"`, `A, B and C`: further values of the same comparison."""
        if operator is not Operator.EQUAL and operator is not Operator.NOT_EQUAL:
            return
        last = self.reading.predicates[-1]
        while True:
            mark = self._at
            comma = self._take("comma", skip=())
            joint = self._take("or", "and", skip=("filler",)) or comma
            if joint is None:
                return
            value = self._peek(("filler",))
            if value is None or not _continues(last, value):
                self._at = mark
                return
            self._take(value.kind)
            self.reading.predicates.append(
                Predicate(
                    reference,
                    operator,
                    (_literal(value),),
                    mention=value if value.best("value") else None,
                    negated=last.negated,
                    joined_by_or=joint.kind != "and" or not self._both,
                    both=self._both,
                    position=self._at,
                    follows=last,
                )
            )
            if joint.kind == "and" and not self._both:
                self.reading.predicates[-1].joined_by_or = False
                self.reading.predicates[-1].both = True
                last.both = True

    def _value(self, mention: Mention) -> None:
        """A value of the data: with the column before it, or with the column behind it."""
        following = self._peek()
        if (
            following is not None
            and following.kind == "link"
            and self._names_column_of(mention, following)
        ):
            self._at += 1
        hint = self._all[self._all.index(mention) - 1] if mention is not self._all[0] else mention
        if hint.kind == "in" and self._shares_column(Reference(hint), mention):
            self._last = Reference(hint)
        reference = (
            self._last
            if self._last is not None and self._shares_column(self._last, mention)
            else None
        )
        if reference is not None and not self._where and self.reading.items:
            last = self.reading.items[-1]
            if (
                last.reference is reference
                and last.function is None
                and len(self.reading.items) > 1
            ):
                self.reading.items.pop()
        self._add_predicate(reference, Operator.EQUAL, mention)
        self._last = None

    @staticmethod
    def _names_column_of(value: Mention, following: Mention) -> bool:
        """`Ph.D. degree`, `History department`: the noun only says what the value is."""
        columns = {(t.table, t.column) for t in value.of_kind("value")}
        tables = {t.table for t in following.of_kind("table") if t.score >= _SURE}
        nouns = set(following.text.lower().split())
        if any(table in tables or nouns & set(name_words(column)) for table, column in columns):
            return True
        return any((t.table, t.column) in columns for t in following.of_kind("column"))

    def _quoted(self, mention: Mention) -> None:
        self._add_predicate(self._last, Operator.EQUAL, mention)

    def _name_in_where(self, reference: Reference) -> None:
        if self._equals_ahead(reference):
            return
        ahead = self._peek(("filler", "be", "of", "generic", "by", "that"))
        if not reference.is_table:
            self._last = reference
            if ahead is not None and ahead.kind == "not" and ahead.text.lower() in ("not", "no"):
                return
            if self._takes_comparison(ahead):
                return
            if self._comes_back_to_list():
                self._add_item(Item(reference))
                return
            if not self._is_known(reference) and not self._counts_as_metric(reference):
                self.reading.context.append(reference)
            return
        if self._opener in ("in", "for") and self._owns_items(reference):
            self._own_items(reference.mention)
            self.reading.context.append(reference)
            self._last = None
            return
        denied = self.reading.presences and self.reading.presences[-1].negated
        if denied and self._opener in ("in", "for") and not self._negated:
            return
        self.reading.presences.append(Presence(reference, self._negated, position=self._at))
        self._negated = False
        self._last = None

    def _counts_as_metric(self, reference: Reference) -> bool:
        """`how many orders were returned`, where returned orders are a metric."""
        metrics = {t.table for t in reference.mention.of_kind("metric") if t.score >= _SURE}
        for item in self.reading.items:
            if item.function is not MeasureFunction.COUNT or item.reference is None:
                continue
            if metrics & {t.table for t in item.reference.mention.of_kind("table")}:
                item.reference = reference
                return True
        return False

    def _is_known(self, reference: Reference) -> bool:
        """True for a name said before, or a verb that happens to sound like a column."""
        text = reference.mention.text.lower()
        if text in load_lexicon().fillers and reference.mention.best("column") < _SURE:
            return True
        columns = {(t.table, t.column) for t in reference.mention.of_kind("column")}
        placed = [i.reference for i in self.reading.items] + [
            g.reference for g in self.reading.groups
        ]
        placed += [p.reference for p in self.reading.predicates]
        placed += [r.reference for r in self.reading.ranks]
        named = {
            (t.table, t.column)
            for r in placed
            if r is not None
            for t in r.mention.of_kind("column")
        }
        named |= {
            (t.table, t.column)
            for p in self.reading.predicates
            if p.mention is not None
            for t in p.mention.of_kind("value")
        }
        return bool(columns & named)

    def _owns_items(self, reference: Reference) -> bool:
        """`office for all professors`: the table right behind a list of its columns."""
        position = self._at - 2
        while position >= 0 and self._all[position].kind in ("filler", "in", "for", "everything"):
            position -= 1
        last = self.reading.items[-1] if self.reading.items else None
        if (
            last is None
            or last.reference is None
            or self._all[position] is not last.reference.mention
        ):
            return False
        tables = {t.table for t in reference.mention.of_kind("table")}
        return any(t.table in tables for t in last.reference.mention.of_kind("column"))

    def _comes_back_to_list(self) -> bool:
        """`... in 2013 and their names`: after a closed condition, a name is asked again."""
        before = self._before()
        if before is None or before.kind not in ("their", "and", "comma"):
            return False
        return before.kind == "their" or bool(self.reading.items)

    def _takes_comparison(self, ahead: Mention | None) -> bool:
        return ahead is not None and (
            ahead.kind
            in (
                "compare",
                "time_compare",
                "between",
                "contains",
                "number",
                "quoted",
                "null",
                "adjective",
                "in",
                "rank",
                "not",
                "unknown",
                "either",
                "both",
                "span",
            )
            or ahead.best("value") > 0
        )

    def _compare(self, mention: Mention) -> None:
        operator = self._polarity(Operator(mention.value))
        before = len(self.reading.predicates)
        self._comparison(operator, None)
        adjective = load_lexicon().adjectives.get((_base(mention.text),))
        for predicate in self.reading.predicates[before:]:
            predicate.hint = adjective

    def _split_compare(self, mention: Mention) -> None:
        """`a higher salary than the average`, `more sessions than 5`."""
        reference = self._take_name()
        than = self._take("than", skip=("filler", "in"))
        if reference is None or than is None or reference.is_table:
            self.reading.unplaced.append(mention.text)
            return
        self._last = reference
        self._comparison(self._polarity(Operator(mention.value)), None)

    def _compare_adjective(self, mention: Mention) -> None:
        adjective = mention.adjective
        if adjective is None:
            return
        operator = Operator.GREATER if adjective.high else Operator.LESS
        self._take("than", skip=("filler",))
        self._comparison(self._polarity(operator), mention)

    def _comparison(self, operator: Operator, adjective: Mention | None) -> None:
        reference = None if adjective is not None else self._last
        benchmark = self._take("aggregate", "average_of_all", "rank", skip=("filler", "than", "be"))
        if benchmark is not None:
            self._benchmark(reference, operator, adjective, benchmark)
            return
        number = self._take("number", skip=("filler", "than", "be", "of", "generic"))
        if number is None:
            self._compare_with_value(reference, operator, adjective)
            return
        value = self._scaled(number)
        trailing = self._take("trailing_compare")
        if trailing:
            operator = Operator(trailing.value)
        if adjective is not None:
            self._add_adjective(adjective, operator, value)
            return
        if number.text.lower() in ("once", "twice") or self._take_times():
            item = Item(None, MeasureFunction.COUNT)
            self.reading.counts.append(CountCondition(item, operator, (value,)))
            return
        self._compare_with_number(reference, operator, value)

    def _take_times(self) -> bool:
        ahead = self._peek()
        if ahead is None or ahead.text.lower() not in ("times", "time"):
            return False
        self._at += 1
        return True

    def _compare_with_number(
        self, reference: Reference | None, operator: Operator, value: Cell
    ) -> None:
        following = self._peek(("distinct", "filler"))
        is_unit = following is not None and following.text.lower() in load_lexicon().units
        if is_unit and reference is not None:
            self._at += 1
            self._add_predicate(reference, operator, value)
            self._forget(reference)
            return
        if following is not None and following.kind == "link" and not following.best("value") >= 1:
            named = Reference(following)
            if named.is_table:
                self._take_name(("filler", "distinct"))
                self.reading.counts.append(
                    CountCondition(Item(named, MeasureFunction.COUNT), operator, (value,))
                )
                return
            if reference is None or following.best("column") >= _SURE:
                taken = self._take_name(("filler", "distinct"))
                if _is_quantity(following):
                    self._add_predicate(taken, operator, value)
                else:
                    self.reading.counts.append(
                        CountCondition(Item(taken, MeasureFunction.COUNT, True), operator, (value,))
                    )
                return
        if reference is None and self._is_age(operator):
            adjective = load_lexicon().adjectives[("older",)]
            aged = Mention("adjective", "older", 0, 0, adjective=adjective)
            self._add_adjective(aged, operator, value)
            return
        if reference is None:
            times = self._take("count")
            last = self.reading.items[-1] if self.reading.items else None
            if times is not None or last is not None:
                self.reading.counts.append(
                    CountCondition(Item(None, MeasureFunction.COUNT), operator, (value,))
                )
                return
            self.reading.problems.append("compared")
            return
        self._add_predicate(reference, operator, value)
        self._forget(reference)

    def _forget(self, reference: Reference) -> None:
        """What was named in passing has found its use: `delayed by more than 60 minutes`."""
        self.reading.context = [r for r in self.reading.context if r is not reference]

    def _is_age(self, operator: Operator) -> bool:
        """`students under 20`, `aged 36`: a bare number after such a word is an age."""
        del operator
        words = [m.text.lower() for m in self._all[max(0, self._at - 3) : self._at]]
        return any(word in ("under", "over", "aged", "above", "below") for word in words)

    def _add_adjective(self, adjective: Mention, operator: Operator, value: Cell) -> None:
        self._add_predicate(None, operator, value)
        self.reading.predicates[-1].adjective = adjective

    def _compare_with_value(
        self, reference: Reference | None, operator: Operator, adjective: Mention | None
    ) -> None:
        ahead = self._peek(("filler", "of", "that", "in"))
        if ahead is None:
            self.reading.problems.append("comparison")
            return
        if operator in (Operator.EQUAL, Operator.NOT_EQUAL):
            self._negated = operator is Operator.NOT_EQUAL
            return
        if ahead.kind in ("quoted", "span") and reference is not None:
            self._at = self._all.index(ahead) + 1
            self._add_predicate(reference, operator, ahead)
            return
        quantifier = self._quantifier(ahead)
        if ahead.kind == "link" and (quantifier or ahead.best("value") >= 1):
            self._compare_with_rows(reference, operator, adjective, quantifier)
            return
        self.reading.problems.append(f"comparison with {ahead.text}")

    def _quantifier(self, ahead: Mention) -> str:
        """`any`, `all` or `some` between a comparison and what it compares with."""
        start = self._all[self._at - 1].end
        words = {m.text.lower() for m in self._raw if start <= m.start < ahead.start}
        return next((w for w in ("any", "all", "every", "some") if w in words), "")

    def _compare_with_rows(
        self,
        reference: Reference | None,
        operator: Operator,
        adjective: Mention | None,
        quantifier: str,
    ) -> None:
        """`higher than any salary in ...`: above the highest of them; `some`: above the lowest."""
        upper = operator in (Operator.GREATER, Operator.GREATER_OR_EQUAL)
        if quantifier == "some":
            upper = not upper
        function = MeasureFunction.MAXIMUM if upper else MeasureFunction.MINIMUM
        if quantifier:
            named = self._take_name(("filler", "of", "that", "in"))
            if named is not None and not named.is_table:
                reference = reference or named
                self._take_name(("filler", "of", "that", "in", "for"))
        self.reading.predicates.append(
            Predicate(
                None if adjective is not None else reference,
                operator,
                benchmark=function,
                benchmark_item=Item(None, function),
                adjective=adjective,
                position=self._at,
            )
        )
        self._benchmark_open = True

    def _benchmark(
        self,
        reference: Reference | None,
        operator: Operator,
        adjective: Mention | None,
        benchmark: Mention,
    ) -> None:
        function = {
            "rank": MeasureFunction.MAXIMUM
            if benchmark.value == "high"
            else MeasureFunction.MINIMUM
        }.get(benchmark.kind, _FUNCTIONS.get(benchmark.value, MeasureFunction.AVERAGE))
        named = self._take_name()
        item = Item(named, function)
        subject = reference or named
        if adjective is not None:
            subject = None
        self._take("of", skip=("filler",))
        self.reading.predicates.append(
            Predicate(
                subject,
                operator,
                benchmark=function,
                benchmark_item=item,
                adjective=adjective,
                position=self._at,
            )
        )
        self._benchmark_open = True

    def _time_compare(self, mention: Mention) -> None:
        operator = self._polarity(Operator(mention.value))
        mark = self._at
        named = self._take_name(("filler", "of"))
        if named is not None and not named.is_table and self._peek(("filler", "of")):
            self._last = named
        else:
            self._at = mark
        number = self._take("number", skip=("filler", "generic", "of"))
        if number is not None:
            value = number.number
            is_year = len(number.text) == _YEAR_DIGITS and isinstance(value, int)
            if is_year and self._last is None and isinstance(value, int):
                self._bounded_span(year_span(value), operator, mention.text + " " + number.text)
                return
            if self._last is not None:
                self._add_predicate(self._last, operator, value)
                return
            self.reading.problems.append(mention.text)
            return
        dated = self._take("span", skip=("filler", "generic", "of"))
        if dated is not None and dated.span is not None:
            self._bounded_span(dated.span, operator, f"{mention.text} {dated.text}")
            return
        quoted = self._take("quoted")
        if quoted is not None:
            self._add_predicate(self._last, operator, quoted)
            return
        self.reading.problems.append(mention.text)

    def _bounded_span(self, span: Span, operator: Operator, label: str) -> None:
        bounds = {
            Operator.GREATER: Span(span.end, None, label, span.precise),
            Operator.GREATER_OR_EQUAL: Span(span.start, None, label, span.precise),
            Operator.LESS: Span(None, span.start, label, span.precise),
            Operator.LESS_OR_EQUAL: Span(None, span.end, label, span.precise),
        }
        self._set_span(bounds[operator])

    def _set_span(self, span: Span) -> None:
        if self.reading.span is not None:
            self.reading.problems.append("two periods")
        self.reading.span = span
        self.reading.span_column = self._last
        self._last = None

    def _between(self, mention: Mention) -> None:
        del mention
        mark = self._at
        first = self._take("span")
        if first is not None:
            self._take("and", skip=("filler",))
            second = self._take("span", skip=("filler", "and"))
            if second is not None and first.span and second.span:
                label = f"{first.text} to {second.text}"
                self._set_span(Span(first.span.start, second.span.end, label))
                return
            self._at = mark
        low, high = self._two_numbers()
        if low is None:
            self.reading.problems.append("between")
            return
        if self._last is None and _looks_like_year(low) and _looks_like_year(high):
            start, end = year_span(int(str(low))), year_span(int(str(high)))
            self._set_span(Span(start.start, end.end, f"{low} to {high}", False))
            return
        following = self._peek(("filler",))
        reference = self._last
        counted = self._take("count") is not None
        if counted or (reference is None and following is not None and following.kind == "link"):
            reference = self._take_name()
        if reference is not None and (counted or reference.is_table):
            self.reading.counts.append(
                CountCondition(
                    Item(reference, MeasureFunction.COUNT), Operator.BETWEEN, (low, high)
                )
            )
            return
        if reference is None:
            self.reading.problems.append("between")
            return
        self._add_predicate(reference, self._polarity(Operator.BETWEEN), low, high)

    def _contains(self, mention: Mention) -> None:
        operator = Operator(mention.value)
        if self._take("compare"):
            operator = Operator(mention.value)
        value = self._take("quoted", "link", "unknown", "number", "filler", skip=("filler",))
        if value is None or value.kind == "filler":
            self.reading.problems.append(mention.text)
            return
        if (
            value.kind == "link"
            and mention.text.lower() in ("contain", "contains", "containing")
            and Reference(value).is_table
        ):
            self.reading.presences.append(Presence(Reference(value), self._negated))
            self._negated = False
            return
        reference = self._behind() or self._last
        if value.kind != "quoted" and reference is None and value.best("value") == 0:
            self.reading.problems.append(mention.text)
            return
        operator = self._polarity(operator)
        text = replace(value, targets=())
        joined = self._or
        self.reading.predicates.append(
            Predicate(reference, operator, (text.text,), joined_by_or=joined, position=self._at)
        )
        self._or = False
        mark = self._at
        if self._take("or", skip=("filler",)):
            further = self._take("quoted")
            if further is not None:
                self.reading.predicates.append(
                    Predicate(
                        reference, operator, (further.text,), joined_by_or=True, position=self._at
                    )
                )
                return
        self._at = mark

    def _behind(self) -> Reference | None:
        """The column after the text that it must contain: `the word "x" in their titles`."""
        mark = self._at
        if self._take("in", "order") is None:
            return None
        reference = self._take_name()
        if reference is None or reference.is_table:
            self._at = mark
            return None
        return reference

    def _null(self, mention: Mention) -> None:
        if self._last is None:
            self.reading.unplaced.append(mention.text)
            return
        operator = Operator.IS_NOT_NULL if self._negated else Operator.IS_NULL
        self._negated = False
        self.reading.predicates.append(Predicate(self._last, operator, position=self._at))

    def _number(self, mention: Mention) -> None:
        ahead = self._peek()
        if ahead is not None and ahead.kind in ("rank", "adjective", "popular"):
            return
        value = mention.number
        trailing = self._take("trailing_compare")
        operator = Operator(trailing.value) if trailing else Operator.EQUAL
        adjective = self._take("adjective", skip=("filler", "generic"))
        if adjective is not None and adjective.adjective and not adjective.adjective.is_superlative:
            self._add_adjective(adjective, self._polarity(operator), value)
            return
        if self._where or trailing:
            if self._is_year_alone(mention):
                self._set_span(year_span(int(str(value))))
                return
            following = self._peek(("filler",))
            counted = self._opener not in ("in", "for") or trailing is not None
            if following is not None and following.kind == "link":
                if counted:
                    self._compare_with_number(None, self._polarity(operator), value)
                    return
                if Reference(following).is_table and isinstance(value, int):
                    self._limit = value
                    return
            if self._last is not None:
                self._add_predicate(self._last, operator, mention)
                return
        if ahead is not None and ahead.kind == "link" and isinstance(value, int):
            self._limit = value
            return
        self.reading.unplaced.append(mention.text)

    def _is_year_alone(self, mention: Mention) -> bool:
        is_year = mention.text.isdigit() and _looks_like_year(mention.number)
        return is_year and (self._last is None or not _is_quantity(self._last.mention))

    def _span(self, mention: Mention) -> None:
        if mention.span is not None:
            self._set_span(mention.span)


def replace_owner(reference: Reference, owner: Mention) -> Reference:
    """Returns the reference with the table it is said to belong to."""
    return Reference(reference.mention, owner)


def _base(text: str) -> str:
    """`higher than` -> `high`: the plain form of a regular comparative."""
    word = text.lower().split()[0]
    for ending in ("ger", "er", "r"):
        if word.endswith(ending) and (word.removesuffix(ending),) in load_lexicon().adjectives:
            return word.removesuffix(ending)
    return word


def _literal(mention: Mention) -> Cell:
    return mention.literal


def _looks_like_year(value: Cell) -> bool:
    return isinstance(value, int) and 1800 <= value <= 2100


def _is_quantity(mention: Mention) -> bool:
    """True for names of columns; the resolver knows whether they hold numbers."""
    return mention.kind == "link" and mention.best("column") > 0


def _continues(last: Predicate, value: Mention) -> bool:
    if value.kind == "quoted":
        return True
    if value.kind == "number":
        return bool(last.values) and isinstance(last.values[0], int | float)
    if value.kind != "link" or last.mention is None:
        return False
    columns = {(t.table, t.column) for t in last.mention.of_kind("value")}
    return any((t.table, t.column) in columns for t in value.of_kind("value"))


def _opens_list(mentions: list[Mention], position: int) -> bool:
    return position < len(mentions) and mentions[position].kind == "show"
