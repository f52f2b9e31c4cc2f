"""A span of a question and what it may stand for."""

from dataclasses import dataclass

from domain.dictionary import Cell
from planner.language.calendar_words import Span
from planner.language.lexicon import Adjective
from planner.schema.schema_index import Target


@dataclass(frozen=True, slots=True)
class Mention:
    """One span, read: a steering phrase, a link to the data, a number, a quote, or a bare word."""

    kind: str
    text: str
    start: int
    end: int
    value: str = ""
    """What a steering phrase means, such as `>` or `average`."""
    number: float | int | None = None
    adjective: Adjective | None = None
    targets: tuple[Target, ...] = ()
    related: tuple[Target, ...] = ()
    """Tables whose name shares the word's root: `published` and a table of publications."""
    acts: tuple[str, ...] = ()
    """Tables whose rows are what a verb tells of: `watched` and a table of views with a time
    watched."""
    is_capitalised: bool = False
    span: Span | None = None

    def of_kind(self, kind: str) -> tuple[Target, ...]:
        """Targets of one kind, best first."""
        return tuple(t for t in self.targets if t.kind == kind)

    def best(self, kind: str) -> float:
        """Score of the best target of a kind, 0 where there is none."""
        return max((t.score for t in self.targets if t.kind == kind), default=0.0)

    @property
    def literal(self) -> Cell:
        """The value as it was written."""
        return self.number if self.number is not None else self.text
