"""Figures within an entity: `the average number of orders per customer`."""

from dataclasses import replace

from domain.plan import MeasureFunction
from planner.linking.mention import Mention
from planner.reading.grammar_words import SURE, grain_of
from planner.reading.metric_reading import mark_metric
from planner.reading.read_shares import ShareRules
from planner.reading.reading import Group, Item, Reference

_EACH = {"per", "each", "every"}
_FOLDS = (
    MeasureFunction.AVERAGE,
    MeasureFunction.MEDIAN,
    MeasureFunction.MINIMUM,
    MeasureFunction.MAXIMUM,
)
_ADDED = (MeasureFunction.COUNT, MeasureFunction.SUM, MeasureFunction.METRIC)


class FoldRules(ShareRules):
    """Rules for what is counted for each entity first, and then averaged."""

    def _fold_count(
        self, functions: list[MeasureFunction], reference: Reference | None, *, distinct: bool
    ) -> bool:
        """`average number of orders`: for each of what has to be said, before or behind."""
        plain = not self._where and len(functions) == 1 and functions[0] in _FOLDS
        if not plain or reference is None or not reference.is_table:
            return False
        item = Item(reference, MeasureFunction.COUNT, distinct)
        self._add_item(item)
        self._fold(item, functions[0])
        return True

    def _fold_rows(self, functions: list[MeasureFunction], names: list[Reference]) -> bool:
        """`average purchases per buyer`: rows are not averaged, so they are counted."""
        ahead = self._peek()
        per = ahead is not None and ahead.kind == "each" and ahead.text.lower() in _EACH
        return per and len(names) == 1 and self._fold_count(functions, names[0], distinct=False)

    def _fold_of_time(self, functions: list[MeasureFunction]) -> bool:
        """`average daily sessions`, `the highest monthly spend`: of each day or month first."""
        if self._where or len(functions) != 1 or functions[0] not in _FOLDS:
            return False
        mark, ahead = self._at, self._peek(("filler",))
        grain = grain_of(ahead)
        if ahead is None or grain is None:
            return False
        self._at = self._all.index(ahead) + 1
        is_count = self._take("count", skip=("filler", "of")) is not None
        reference = self._take_name()
        if reference is None:
            self._at = mark
            return False
        counted = is_count or reference.is_table
        item = Item(reference, MeasureFunction.COUNT if counted else MeasureFunction.SUM)
        mark_metric(item)
        self._add_item(item)
        item.over, item.per = functions[0], [Group(grain=grain, position=self._at)]
        return True

    def _fold_of_each(self, functions: list[MeasureFunction], names: list[Reference]) -> bool:
        """`how many apps does the average panelist use`: counted for each panelist."""
        item = self.reading.items[-1] if self.reading.items else None
        is_one = len(names) == 1 and functions == [MeasureFunction.AVERAGE]
        entity = entity_of(names[0]) if is_one else None
        if item is None or entity is None or item.function not in _ADDED or item.over is not None:
            return False
        if item.share or item.reference is None:
            return False
        self._fold(item, functions[0])
        item.per.insert(0, Group(entity, position=self._at))
        return True

    def _fold(self, item: Item, function: MeasureFunction) -> None:
        """Takes the groups said so far for what the figure is computed for first."""
        item.over, item.per = function, self.reading.groups
        self.reading.groups = []

    def _folds_over(self, mention: Mention, groups: list[Group]) -> bool:
        """`per customer`, right behind a figure that is to be averaged over something."""
        item = self.reading.items[-1] if self.reading.items else None
        said = _EACH & set(mention.text.lower().split())
        if item is None or item.over is None or item.per or not said or not groups:
            return False
        item.per = groups
        return True


def entity_of(reference: Reference) -> Reference | None:
    """The table that is named, even where an agreed measure counts its rows by the same name."""
    mention = reference.mention
    if mention.best("table") < SURE or mention.best("column") > mention.best("table"):
        return None
    return replace(reference, mention=replace(mention, targets=mention.of_kind("table")))
