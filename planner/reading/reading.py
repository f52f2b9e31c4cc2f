"""What a question says, before its words are bound to one table each."""

from dataclasses import dataclass, field, replace

from domain.dictionary import Cell
from domain.plan import CalendarPart, MeasureFunction, Operator, TimeGrain
from planner.language.calendar_words import Span
from planner.language.lexicon import Adjective
from planner.linking.mention import Mention


@dataclass(slots=True)
class Reference:
    """A mention of a column, table or metric, with the table it is said to belong to."""

    mention: Mention
    owner: Mention | None = None

    @property
    def is_table(self) -> bool:
        """True where a table fits at least as well as any column."""
        table = self.mention.best("table")
        return (
            table > 0
            and table >= self.mention.best("column")
            and table >= self.mention.best("metric")
        )


@dataclass(slots=True)
class Side:
    """Rows on one side of a comparison: those of `noun` that hold the values, on these days."""

    noun: Reference | None = None
    predicates: list["Predicate"] = field(default_factory=list)
    days: tuple[int, ...] = ()

    @property
    def is_told(self) -> bool:
        """True where something tells these rows from others."""
        return bool(self.predicates or self.days)


@dataclass(slots=True)
class Item:
    """One thing asked for. `function` None: the thing itself; `everything`: whole rows."""

    reference: Reference | None = None
    function: MeasureFunction | None = None
    distinct: bool = False
    everything: bool = False
    share: bool = False
    begins: int = 0
    """Where the words of a share begin: values between it and its noun belong to it."""
    position: int = 0
    sentence: int = 0
    over: MeasureFunction | None = None
    """Taken over the figures of `per`: `the average number of orders per customer`."""
    per: list["Group"] = field(default_factory=list)
    told: Mention | None = None
    """The value that says what is counted: `how many women`."""
    sides: tuple[Side, Side] | None = None
    """What a ratio or a difference is of: `the ratio of men to women`."""
    adjective: Mention | None = None
    """What measures the thing, where it has such a column: `how big is ...`, `the furthest ...`."""


@dataclass(slots=True)
class Group:
    """One thing the answer is split by."""

    reference: Reference | None = None
    grain: TimeGrain | None = None
    part: CalendarPart | None = None
    position: int = 0
    is_trend: bool = False
    """Split by time, by the grain that suits the period."""


@dataclass(slots=True)
class Predicate:
    """One condition on rows."""

    reference: Reference | None
    operator: Operator
    values: tuple[Cell, ...] = ()
    mention: Mention | None = None
    """Where the values were found in the data; its targets name the columns."""
    noun: Mention | None = None
    """What the value is said to be the name of: `New York city`."""
    beside: Mention | None = None
    """The noun that the value stands at: `Tamil titles`, `titles in Tamil`."""
    negated: bool = False
    joined_by_or: bool = False
    both: bool = False
    follows: "Predicate | None" = None
    """The condition this one goes on with: `A or B` speaks of one column."""
    inside: "Predicate | None" = None
    """The comparison with an average over just the rows that this condition keeps."""
    benchmark: MeasureFunction | None = None
    benchmark_item: Item | None = None
    adjective: Mention | None = None
    hint: Adjective | None = None
    """What the comparison itself measures: `higher than` speaks of a height."""
    unit: str = ""
    """The unit of time that the values were said in."""
    of_whole: bool = False
    """Says which rows a share is of, rather than which part of them."""
    position: int = 0


@dataclass(slots=True)
class CountCondition:
    """A condition on how many rows, or on an aggregate, each entity or group has."""

    item: Item
    operator: Operator
    values: tuple[Cell, ...]
    hint: Adjective | None = None
    """What the comparing word measures itself: `higher than 100` may speak of a height."""
    joined_by_or: bool = False
    benchmark: MeasureFunction | None = None
    """Compared with this over all groups: `more sessions than the average brand`."""
    other: Predicate | None = None
    """Compared with the figure of the group that this names: `more panelists than Delhi`."""


@dataclass(slots=True)
class Presence:
    """Rows must, or must never, have rows in the table that is mentioned."""

    reference: Reference
    negated: bool = False
    predicates: list[Predicate] = field(default_factory=list)
    position: int = 0


@dataclass(slots=True)
class Rank:
    """Only the first rows by something, or the order of all rows where `limit` is None."""

    descending: bool
    reference: Reference | None = None
    item: Item | None = None
    adjective: Mention | None = None
    limit: int | None = 1
    skip: int = 0
    """Better rows that are passed over: 1 for `the second largest`."""
    position: int = 0
    popular: bool = False
    axis: str = ""
    """`sort by the y axis`: by what is measured; `x`: by what it is split by."""
    verb: str = ""
    """The word before: `which plane flew the most` counts flights."""
    hint: Mention | None = None
    """What the superlative measures itself: `the highest mountain` speaks of a height."""
    sized_by: str = ""
    """A superlative that tells a size or a worth: rows are never counted for it."""
    adds_up: bool = False
    """True for `most` and `fewest`: rows are counted, or quantities added, before ranking."""


@dataclass(slots=True)
class Reading:
    """One way to read a question."""

    items: list[Item] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    predicates: list[Predicate] = field(default_factory=list)
    counts: list[CountCondition] = field(default_factory=list)
    presences: list[Presence] = field(default_factory=list)
    ranks: list[Rank] = field(default_factory=list)
    context: list[Reference] = field(default_factory=list)
    """Tables that are named without being asked for: `heads of the departments`."""
    span: Span | None = None
    span_column: Reference | None = None
    later: Span | None = None
    """A second period, to compare the first one with."""
    other_span: Span | None = None
    """`before 2000 or after 2010`: a row may lie in this period as well."""
    compares: bool = False
    """`compare male and female`, `JFK vs EWR`: each of them is shown, not what they share."""
    growth: Mention | None = None
    day_sets: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    """Kinds of days to compare: `weekday vs weekend`."""
    parts: list[tuple[CalendarPart, tuple[int, ...], bool]] = field(default_factory=list)
    distinct: bool = False
    is_fragment: bool = False
    """A noun and what limits it, with no verb that asks: `sessions in Q2`."""
    is_drawn: bool = False
    """A chart is asked for."""
    unplaced: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    choices: frozenset[str] = frozenset()
    """What the analyst has chosen where the question may mean several things."""
    roots: frozenset[str] = frozenset()
    """The beginnings of all words of the question."""
    said: list[Mention] = field(default_factory=list)
    """The whole question."""
    names: list[Mention] = field(default_factory=list)
    """Every name of the question: a plan that leaves one out answers another question."""

    def copy(self) -> "Reading":
        """Returns a reading that can be completed without changing this one."""
        return replace(
            self,
            items=[replace(item) for item in self.items],
            groups=list(self.groups),
            predicates=list(self.predicates),
            counts=[replace(count, item=replace(count.item)) for count in self.counts],
            presences=list(self.presences),
            ranks=[replace(rank) for rank in self.ranks],
            context=list(self.context),
        )
