"""What is measured: `how many`, `average price`."""

from domain.plan import MeasureFunction
from planner.language.lexicon import load_lexicon
from planner.linking.mention import Mention
from planner.reading.grammar_words import EXTREMES, FUNCTIONS, is_quantity, is_verb, replace_owner
from planner.reading.read_nouns import NounRules
from planner.reading.reading import (
    Item,
    Rank,
    Reference,
)

_KINDS = ("kind", "kinds", "type", "types", "sort", "sorts")


class MeasureRules(NounRules):
    """Rules for counts, aggregates and whole rows."""

    def _count(self, mention: Mention) -> None:
        if mention.text.lower() == "number of" and self._is_named_before():
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
        if self._kinds_of():
            distinct = True
        reference = self._take_name()
        item = Item(reference, MeasureFunction.COUNT, distinct)
        if mention.value == "size":
            item = self._sized(reference)
        if self._where and self._count_condition(item):
            return
        if reference is None and self._generic_ahead():
            return
        if reference is None:
            item.reference, item.told = self._counted_ahead()
        self._add_item(item)
        self._last = None
        self._count_further(item)

    def _counted_ahead(self) -> tuple[Reference | None, Mention | None]:
        """`how many Tamil speaking panelists`, `how many women`: a table, or just a value."""
        position, told = self._at, None
        while position < len(self._all):
            mention = self._all[position]
            is_value = mention.kind == "link" and mention.best("value") > _named(mention)
            if is_value:
                told = told or mention
            elif mention.kind == "link" and Reference(mention).is_table:
                is_actor = is_verb(mention) or bool(mention.acts)
                return (None, told) if is_actor or told is None else (Reference(mention), None)
            elif mention.kind != "filler" or mention.acts:
                break
            position += 1
        is_noun = position < len(self._all) and self._all[position].kind in ("link", "unknown")
        return None, None if is_noun else told

    def _is_named_before(self) -> bool:
        """`phone number of`, where a name stands right before the number."""
        before = self._before()
        named = self._last is not None and self._last.mention is before
        last = self.reading.items[-1] if self.reading.items else None
        if last is not None and last.function not in (None, MeasureFunction.COUNT):
            named |= last.reference is not None and last.reference.mention is before
        return named

    def _kinds_of(self) -> bool:
        """`how many kinds of roles`: the different values of the column that is named."""
        mark = self._at
        noun = self._take("generic", "filler", skip=("filler", "distinct"))
        of = self._take("of", skip=()) if noun is not None else None
        ahead = self._peek(("filler", "distinct"))
        is_kind = noun is not None and of is not None and noun.text.lower() in _KINDS
        is_column = ahead is not None and is_quantity(ahead) and not Reference(ahead).is_table
        if is_kind and is_column:
            return True
        self._at = mark
        return False

    @staticmethod
    def _sized(reference: Reference | None) -> Item:
        """`how big is the panel?`: its rows, or what says how big a thing is."""
        adjective = load_lexicon().adjectives[("big",)]
        big = Mention("adjective", "big", 0, 0, adjective=adjective)
        if reference is None:
            return Item(Reference(big))
        if reference.is_table:
            return Item(reference, MeasureFunction.COUNT, adjective=big)
        return Item(reference)

    def _count_further(self, item: Item) -> None:
        """`how many students and instructors`: the second table is counted as well."""
        mark = self._at
        if item.reference is None or not item.reference.is_table or not self._take("and"):
            self._at = mark
            return
        ahead = self._peek(("filler",))
        after = self._all[self._all.index(ahead) + 1 :][:1] if ahead is not None else []
        is_table = ahead is not None and ahead.kind == "link" and Reference(ahead).is_table
        if not is_table or (after and after[0].kind == "link"):
            self._at = mark
            return
        self._add_item(Item(self._take_name(), MeasureFunction.COUNT))

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

    def _functions_said(self, mention: Mention) -> list[MeasureFunction]:
        """`the minimum, maximum and average ...`: one after the other."""
        functions = [FUNCTIONS.get(mention.value, MeasureFunction.AVERAGE)]
        while True:
            mark = self._at
            self._take("comma", skip=("filler",))
            self._take("and", skip=("filler",))
            further = self._take("aggregate", "average_of_all", "rank", skip=("filler", "of"))
            if further is None and self._total_number():
                functions.append(MeasureFunction.SUM)
                break
            if further is None:
                self._at = mark
                break
            value = EXTREMES.get(further.value, further.value)
            functions.append(FUNCTIONS.get(value, MeasureFunction.AVERAGE))
        return functions

    def _aggregate(self, mention: Mention) -> None:
        functions = self._functions_said(mention)
        if self._is_extreme_row(functions):
            rank = Rank(functions[0] is MeasureFunction.MAXIMUM, position=self._at)
            self._rank_target(rank)
            self.reading.ranks.append(rank)
            return
        if self._fold_of_time(functions):
            return
        amount = self._take_amount()
        distinct = self._take("distinct", skip=("filler", "of")) is not None
        if self._take("count", skip=("filler", "of")):
            reference = self._take_name()
            if self._fold_count(functions, reference, distinct=distinct):
                return
            if functions == [MeasureFunction.SUM]:
                self._finish_aggregate(Item(reference, MeasureFunction.COUNT, distinct))
            elif reference is not None and not reference.is_table:
                self._finish_aggregates(functions, [reference], amount=amount)
            else:
                self.reading.problems.append(f"{mention.text} number of")
            return
        names = self._names_of_aggregate()
        if not self._fold_of_each(functions, names) and not (
            not amount and self._fold_rows(functions, names)
        ):
            self._finish_aggregates(functions, names, amount=amount)

    def _total_number(self) -> bool:
        """`the maximum and total number of ...`: a number that can be added up."""
        ahead = self._peek(("filler",))
        position = self._next_position(("filler", "count"))
        named = self._all[position] if position is not None else None
        is_total = ahead is not None and ahead.kind == "count" and "total" in ahead.text.lower()
        if not is_total or named is None or Reference(named).is_table or not is_quantity(named):
            return False
        self._take("count")
        return True

    def _take_amount(self) -> bool:
        """`total amount of payments`, where nothing is called an amount by itself."""
        mark = self._at
        noun = self._take("generic", skip=("filler",))
        if noun is not None and noun.text.lower() in ("amount", "amounts"):
            return True
        self._at = mark
        return False

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
                if not joined or ahead is None or ahead.kind != "link" or not is_quantity(ahead):
                    self._at = mark
                    return found
            reference = self._take_name(("filler", "of", "be"))
            if reference is None:
                self._at = mark
                return found
            found.append(reference)

    def _finish_aggregates(
        self, functions: list[MeasureFunction], names: list[Reference], *, amount: bool
    ) -> None:
        if not names:
            if functions == [MeasureFunction.SUM] and self._is_counted():
                return
            if functions == [MeasureFunction.AVERAGE] and self._averages_counted():
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
                    counted = MeasureFunction.SUM if amount else MeasureFunction.COUNT
                    self._finish_aggregate(Item(owned, counted))
                else:
                    self._finish_aggregate(Item(owned, function))
        self._last = None

    def _averages_counted(self) -> bool:
        """`How many seats do planes have on average?`: the quantity asked for is averaged."""
        item = self.reading.items[-1] if self.reading.items else None
        if item is not None and item.reference is not None and item.reference.mention.adjective:
            item.function = item.function or MeasureFunction.AVERAGE
            return item.function is MeasureFunction.AVERAGE
        if item is None or item.function is not MeasureFunction.COUNT or item.reference is None:
            return False
        if len(self.reading.items) > 1 or item.share:
            return False
        if item.reference.is_table:
            self._fold(item, MeasureFunction.AVERAGE)
            return True
        item.function = MeasureFunction.AVERAGE
        return True

    def _is_counted(self) -> bool:
        """`How many ... in total`: the total was asked for already."""
        return bool(self.reading.items) and self.reading.items[-1].function is not None

    def _finish_aggregate(self, item: Item) -> None:
        if self._where and self._count_condition(item):
            return
        self._add_item(item)

    def _everything(self, mention: Mention) -> None:
        del mention
        if self._where or (
            self.reading.items and self.reading.items[-1].sentence == self._sentence
        ):
            return
        self._add_item(Item(everything=True))


def _named(mention: Mention) -> float:
    return max(mention.best("table"), mention.best("column"), mention.best("metric"))
