"""Comparisons with other rows: `above the average`, `higher than any`."""

from domain.plan import MeasureFunction, Operator
from planner.linking.mention import Mention
from planner.reading.grammar_words import FUNCTIONS
from planner.reading.read_group_benchmarks import GroupBenchmarkRules
from planner.reading.reading import (
    CountCondition,
    Item,
    Predicate,
    Reference,
)


class BenchmarkRules(GroupBenchmarkRules):
    """Rules for what is compared with an aggregate of rows."""

    def _compare_with_value(
        self, reference: Reference | None, operator: Operator, adjective: Mention | None
    ) -> None:
        told = self._measured_by_verb()
        at_least_one = self._take_at_least_one()
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
        if ahead.kind == "adjective" and self._compare_with_extreme(reference, operator, adjective):
            return
        quantifier = "some" if at_least_one else self._quantifier(ahead)
        if ahead.kind == "link" and self._names_rows(reference, ahead):
            if adjective is None and (reference is None or reference.is_table):
                adjective = told
            self._compare_with_named_rows(reference, operator, adjective, quantifier)
            return
        if ahead.kind == "link" and (quantifier or ahead.best("value") >= 1):
            self._compare_with_rows(reference, operator, adjective, quantifier)
            return
        self.reading.problems.append(f"comparison with {ahead.text}")

    def _take_at_least_one(self) -> bool:
        """`more than at least one instructor`, `than that of some (at least one) instructor`."""
        mark = self._at
        skipped = ("filler", "of", "that", "sign")
        sign = self._take("compare", skip=skipped)
        number = self._take("number", skip=()) if sign is not None else None
        if sign is None or sign.value != ">=" or number is None or number.number != 1:
            self._at = mark
            return False
        self._take("sign", skip=())
        return True

    def _compare_with_extreme(
        self, reference: Reference | None, operator: Operator, adjective: Mention | None
    ) -> bool:
        """`more than the highest earning employee`, `older than the youngest student`."""
        mark = self._at
        extreme = self._take("adjective", skip=("filler", "of", "that"))
        if extreme is None or extreme.adjective is None or not extreme.adjective.is_superlative:
            self._at = mark
            return False
        self._take_name()
        item = Item(None, MeasureFunction.MAXIMUM, adjective=extreme)
        self._add_benchmark(reference, operator, item, adjective)
        return True

    def _names_rows(self, reference: Reference | None, ahead: Mention) -> bool:
        """`than the employee with id 163`, `than the salary of all instructors in ...`."""
        if Reference(ahead).is_table:
            return True
        if reference is None:
            return False
        columns = {(t.table, t.column) for t in reference.mention.of_kind("column")}
        return any((t.table, t.column) in columns for t in ahead.of_kind("column"))

    def _compare_with_named_rows(
        self,
        reference: Reference | None,
        operator: Operator,
        adjective: Mention | None,
        quantifier: str,
    ) -> None:
        named = self._take_name(("filler", "of", "that", "in"))
        if named is not None and not named.is_table and self._take("of", skip=()):
            self._take_name(("filler", "of", "distinct"))
        self._compare_with_rows(reference, operator, adjective, quantifier)
        self._benchmark_at = self._at

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
        if quantifier and self._all[self._at - 1].kind != "link":
            named = self._take_name(("filler", "of", "that", "in"))
            if named is not None and not named.is_table:
                reference = reference or named
                self._take_rows()
        self._add_benchmark(reference, operator, Item(None, function), adjective)

    def _add_benchmark(
        self,
        reference: Reference | None,
        operator: Operator,
        item: Item,
        adjective: Mention | None,
    ) -> None:
        """Compares with a figure of rows; what is said next is said of those rows."""
        self.reading.predicates.append(
            Predicate(
                None if adjective is not None else reference,
                operator,
                benchmark=item.function,
                benchmark_item=item,
                adjective=adjective,
                joined_by_or=self._or,
                position=self._at,
            )
        )
        self._or = False
        self._benchmark_open = True

    def _take_rows(self) -> None:
        """`any salary of the instructors in ...`: the table after a column, which says no more."""
        mark = self._at
        named = self._take_name(("filler", "of", "that", "in", "for"))
        if named is not None and not named.is_table:
            self._at = mark

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
        }.get(benchmark.kind, FUNCTIONS.get(benchmark.value, MeasureFunction.AVERAGE))
        is_number = self._take("count", skip=("filler", "of")) is not None
        named = self._take_name()
        if (
            named is not None
            and named.is_table
            and (is_number or (reference is None and adjective is None))
        ):
            counted = Item(named, MeasureFunction.COUNT)
            self.reading.counts.append(CountCondition(counted, operator, (), benchmark=function))
            return
        item = Item(named, function)
        self._take("of", skip=("filler",))
        self._add_benchmark(reference or named, operator, item, adjective)
