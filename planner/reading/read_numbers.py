"""Numbers that are compared with: `at least 3`, `between 2 and 5`, `2 million`."""

from domain.dictionary import Cell
from domain.plan import MeasureFunction, Operator
from planner.language.lexicon import load_lexicon
from planner.linking.mention import Mention
from planner.reading.cursor import Cursor
from planner.reading.grammar_words import literal
from planner.reading.plan_parts import opposite
from planner.reading.reading import CountCondition, Item, Rank


class NumberRules(Cursor):
    """Rules for operators and the numbers behind them."""

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
        if self._compares_groups(item):
            return True
        found = self._comparison_values()
        if found is None:
            return False
        operator, values = found
        self.reading.counts.append(CountCondition(item, operator, values))
        return True

    def _compares_groups(self, item: Item) -> bool:
        """`whose number of orders is above the average`."""
        mark = self._at
        sign = self._take("compare", skip=("filler", "be"))
        ahead = self._peek(("filler", "than"))
        is_average = ahead is not None and ahead.kind == "average_of_all"
        if sign is None or ahead is None or not is_average:
            self._at = mark
            return False
        self._at = self._all.index(ahead) + 1
        operator = self._polarity(Operator(sign.value))
        average = MeasureFunction.AVERAGE
        self.reading.counts.append(CountCondition(item, operator, (), benchmark=average))
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
        return literal(first), literal(second)

    def _range_end(self, first: Mention) -> Mention | None:
        """The second number of `aged 25 to 44`, which is taken."""
        joint = self._all[self._at : self._at + 1]
        if first.kind != "number" or not joint or joint[0].text.lower() not in ("to", "-"):
            return None
        end = self._all[self._at + 1 : self._at + 2]
        if not end or end[0].kind != "number":
            return None
        self._at += 2
        return end[0]

    def _polarity(self, operator: Operator) -> Operator:
        if not self._negated:
            return operator
        self._negated = False
        return opposite(operator)
