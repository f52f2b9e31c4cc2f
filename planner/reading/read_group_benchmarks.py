"""Groups against groups: `more sessions than the average brand`, `more than Delhi`."""

from domain.plan import MeasureFunction, Operator
from planner.linking.mention import Mention
from planner.reading.grammar_words import FUNCTIONS, literal
from planner.reading.read_sides import SideRules
from planner.reading.reading import CountCondition, Item, Predicate

_AVERAGES = ("average_of_all", "aggregate")
_OVER_GROUPS = ("average", "median", "")


class GroupBenchmarkRules(SideRules):
    """Rules for figures of groups that are compared with those of other groups."""

    def _compare_groups(self, item: Item, operator: Operator) -> bool:
        """Reads what stands behind `than`; False where that is no group and no number."""
        average = self._average_ahead()
        if average is not None:
            self._at = self._all.index(average) + 1
            self._take_name(("filler",))
            function = FUNCTIONS.get(average.value, MeasureFunction.AVERAGE)
            self.reading.counts.append(CountCondition(item, operator, (), benchmark=function))
            return True
        number = self._take("number")
        if number is not None:
            values = (self._scaled(number),)
            self.reading.counts.append(CountCondition(item, operator, values))
            return True
        value = self._peek(("filler", "in", "for"))
        if value is None or value.best("value") == 0:
            return False
        self._at = self._all.index(value) + 1
        other = Predicate(None, Operator.EQUAL, (literal(value),), mention=value, position=self._at)
        self.reading.counts.append(CountCondition(item, operator, (), other=other))
        return True

    def _average_ahead(self) -> Mention | None:
        ahead = self._peek(("filler", "of", "be", "than"))
        is_average = ahead is not None and ahead.kind in _AVERAGES and ahead.value in _OVER_GROUPS
        return ahead if is_average else None
