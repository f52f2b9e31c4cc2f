"""Words that steer a question and left no trace in its plan: it answers another question."""

from collections.abc import Callable, Iterator

from domain.dictionary import Cell
from domain.metric import ActiveEntitiesFormula
from domain.plan import (
    AllOf,
    AnyOf,
    Condition,
    Filter,
    Measure,
    MeasureFunction,
    Membership,
    Operator,
    Plan,
)
from planner.language.bands import bands_of
from planner.language.lexicon import load_lexicon
from planner.language.names import name_words
from planner.linking.mention import Mention
from planner.reading.grammar_words import looks_like_year
from planner.reading.plan_parts import ORDERED
from planner.reading.plan_reach import plan_columns
from planner.schema.schema_index import SchemaIndex

_ADDED = (MeasureFunction.SUM, MeasureFunction.COUNT, MeasureFunction.COUNT_DISTINCT)
_FUNCTIONS = {
    "sum": (*_ADDED, MeasureFunction.RATIO, MeasureFunction.CHANGE),
    "average": (MeasureFunction.AVERAGE,),
    "median": (MeasureFunction.MEDIAN,),
    "maximum": (MeasureFunction.MAXIMUM,),
    "minimum": (MeasureFunction.MINIMUM,),
}
_NAMED = {
    "sum": {"total", "sum", "overall"},
    "average": {"average", "mean", "typical"},
    "maximum": {"maximum", "highest", "largest", "top"},
    "minimum": {"minimum", "lowest", "smallest"},
}
_GROWTH = {MeasureFunction.CHANGE, MeasureFunction.DIFFERENCE}
_PART_NAMES = {"share", "percent", "percentage", "proportion", "ratio", "fraction", "rate", "%"}
_VAGUE = {"how much", "overall", "combined", "altogether"}
_DENIALS = (
    Operator.NOT_EQUAL,
    Operator.NOT_IN,
    Operator.NOT_BETWEEN,
    Operator.NOT_CONTAINS,
    Operator.IS_NULL,
    Operator.IS_NOT_NULL,
    *ORDERED,
)
_SCALES = (60, 100, 1_000, 3_600, 100_000, 1_000_000, 10_000_000, 1_000_000_000)


def untraced(mentions: list[Mention], plan: Plan, index: SchemaIndex) -> tuple[str, ...]:
    """Returns the words that steer, the values and the numbers that changed nothing in a plan."""
    traces = _Traces(plan, index)
    followed = zip([None, *mentions], mentions, strict=False)
    return tuple(m.text for before, m in followed if not traces.has(m, before))


class _Traces:
    """What a plan holds, looked up word by word."""

    def __init__(self, plan: Plan, index: SchemaIndex) -> None:
        self._plans = list(_plans(plan))
        self._metrics = index.metrics
        self._measures = [m for p in self._plans for m in _measures(p)]
        self._conditions = [c for p in self._plans for c in _conditions(p)]
        self._filters = [c for c in self._conditions if isinstance(c, Filter)]
        self._columns = plan_columns(plan)
        self._words = set(self._names(index))
        self._functions = {m.function for m in self._measures}
        self._functions |= {f.benchmark.function for f in self._filters if f.benchmark is not None}
        self._functions |= set(self._compared_with())
        self._held = set(self._values())
        self._is_banded = any(
            bands_of(index.column(f.column.table, f.column.column)) for f in self._filters
        )
        self._rules: dict[str, Callable[[Mention], bool]] = {
            "share": self._is_part,
            "ratio": self._is_part,
            "growth": lambda _: self._is_followed(),
            "aggregate": self._is_aggregated,
            "average_of_all": self._is_aggregated,
            "rank": self._is_ranked,
            "popular": self._is_ranked,
            "compare": self._is_compared,
            "split_compare": self._is_compared,
            "trailing_compare": self._is_compared,
            "time_compare": self._is_compared,
            "between": self._is_compared,
            "not": self._is_denied,
            "except": self._is_denied,
            "each": self._is_split,
            "number": self._has_number,
            "quoted": self._has_value,
            "link": self._has_value,
            "span": self._is_dated,
        }

    def has(self, mention: Mention, before: Mention | None) -> bool:
        """True for a word that left its trace, or that need not leave one."""
        rule = self._rules.get(mention.kind)
        return rule is None or rule(mention) or self._is_named_beside(mention, before)

    def _names(self, index: SchemaIndex) -> Iterator[str]:
        short = load_lexicon().abbreviations
        for table, column in self._columns:
            entry = index.column(table, column)
            for name in (column, entry.unit, *entry.synonyms):
                for word in name_words(name):
                    yield from short.get(word, word).split()
        for measure in self._measures:
            metric = index.metrics.get(measure.metric or "")
            for name in (metric.name, *metric.synonyms) if metric is not None else ():
                yield from name_words(name)

    def _values(self) -> Iterator[Cell]:
        for plan in self._plans:
            yield from (plan.limit, plan.skip + 1)
            yield from (value for having in plan.having for value in having.values)
        for condition in self._filters:
            yield from condition.values
        yield from (c.count for c in self._conditions if isinstance(c, Membership) and c.operator)

    def _compared_with(self) -> Iterator[MeasureFunction]:
        for having in (h for p in self._plans for h in p.having):
            if having.benchmark is not None and having.benchmark.function is not None:
                yield having.benchmark.function

    def _is_named_beside(self, mention: Mention, before: Mention | None) -> bool:
        """`the Hispanic percentage`, where the column that is listed says what it is a part of."""
        if mention.kind != "share" or before is None or self._measures:
            return False
        return any((t.table, t.column) in self._columns for t in before.of_kind("column"))

    def _is_followed(self) -> bool:
        """Two periods side by side, or a course over time."""
        course = any(d.grain is not None for p in self._plans for d in p.dimensions)
        return course or bool(_GROWTH & self._functions)

    def _is_part(self, mention: Mention) -> bool:
        del mention
        parts = {MeasureFunction.RATIO, MeasureFunction.CHANGE} & self._functions
        return bool(parts or self._words & _PART_NAMES) or any(m.is_share for m in self._measures)

    def _is_aggregated(self, mention: Mention) -> bool:
        function = mention.value or "average"
        if mention.text.lower() in _VAGUE or self._words & _NAMED.get(function, set()):
            return True
        if MeasureFunction.METRIC in self._functions and function == "sum":
            return True
        if function == "average" and self._averages_anyway():
            return True
        extreme = function in ("maximum", "minimum") and self._is_ranked(mention)
        return extreme or bool(set(_FUNCTIONS.get(function, ())) & self._functions)

    def _averages_anyway(self) -> bool:
        """`average daily active users`: so many a day are an average of days already."""
        agreed = {measure.metric for measure in self._measures if measure.metric}
        return any(
            isinstance(self._metrics[name].formula, ActiveEntitiesFormula) for name in agreed
        )

    def _is_ranked(self, mention: Mention) -> bool:
        del mention
        extremes = {MeasureFunction.MAXIMUM, MeasureFunction.MINIMUM} & self._functions
        return bool(extremes) or any(p.order or p.having for p in self._plans)

    def _is_compared(self, mention: Mention) -> bool:
        if mention.value in ("=", "!=") or self._is_banded:
            return True
        ordered = any(f.operator in (*ORDERED, Operator.NOT_BETWEEN) for f in self._filters)
        parts = any(f.part is not None for f in self._filters)
        counted = any(isinstance(c, Membership) and c.operator for c in self._conditions)
        return ordered or parts or counted or any(p.having or p.period for p in self._plans)

    def _is_denied(self, mention: Mention) -> bool:
        del mention
        said_no = {str(v).lower() for v in self._held} & {"no", "n", "f", "false", "0"}
        denied = any(isinstance(c, Membership) and c.negated for c in self._conditions)
        denied |= any(f.operator in _DENIALS for f in self._filters) or bool(said_no)
        return denied or any(p.combination or p.having for p in self._plans)

    def _is_split(self, mention: Mention) -> bool:
        """A figure for each thing needs groups; a list has a row for each anyway."""
        del mention
        within = any(m.per for m in self._measures)
        return not self._measures or within or any(p.dimensions for p in self._plans)

    def _has_number(self, mention: Mention) -> bool:
        number = mention.number
        if number in (None, 1) or self._is_banded or any(p.period for p in self._plans):
            return True
        texts = [str(v) for v in self._held if isinstance(v, str) or looks_like_year(v)]
        ends = (mention.text, str(number + 1) if isinstance(number, int) else mention.text)
        if any(end in text for end in ends for text in texts):
            return True
        numbers = [abs(v) for v in self._held if isinstance(v, int | float)]
        return any(v == number or v in _scaled(number) for v in numbers)

    def _has_value(self, mention: Mention) -> bool:
        names = max(mention.best("column"), mention.best("table"), mention.best("metric"))
        if mention.kind == "link" and mention.best("value") <= names:
            return True
        held = {str(value).lower() for value in self._held}
        said = {mention.text.lower(), *(str(t.value).lower() for t in mention.of_kind("value"))}
        return bool(said & held) or any(p.period for p in self._plans)

    def _is_dated(self, mention: Mention) -> bool:
        dated = any(p.period is not None for p in self._plans) or bool(self._held - {None, 1})
        return dated or mention.span is None or mention.span.start is None


def _scaled(number: Cell) -> Iterator[float]:
    """What a number may have become in the unit of a column."""
    if isinstance(number, int | float):
        for scale in _SCALES:
            yield from (number * scale, number / scale)


def _plans(plan: Plan) -> Iterator[Plan]:
    yield plan
    if plan.combination is not None:
        yield from _plans(plan.combination.plan)


def _measures(plan: Plan) -> Iterator[Measure]:
    for measure in plan.measures:
        yield measure
        parts = (measure.numerator, measure.denominator, measure.of)
        yield from (m for m in parts if m is not None)


def _conditions(plan: Plan) -> Iterator[Condition]:
    measured = (m.condition for m in _measures(plan) if m.condition is not None)
    compared = (c for h in plan.having if h.benchmark for c in h.benchmark.conditions)
    for condition in (*plan.conditions, *measured, *compared):
        yield from _parts(condition)


def _parts(condition: Condition) -> Iterator[Condition]:
    yield condition
    inner: tuple[Condition, ...] = ()
    if isinstance(condition, AnyOf | AllOf | Membership):
        inner = condition.conditions
    elif condition.benchmark is not None:
        inner = condition.benchmark.conditions
    for part in inner:
        yield from _parts(part)
