"""Words and small tests that the rules of the grammar share."""

from dataclasses import replace

from domain.dictionary import Cell
from domain.plan import MeasureFunction, TimeGrain
from planner.language.lexicon import load_lexicon, stem
from planner.linking.mention import Mention
from planner.reading.reading import (
    Predicate,
    Reference,
)

FUNCTIONS = {
    "sum": MeasureFunction.SUM,
    "average": MeasureFunction.AVERAGE,
    "median": MeasureFunction.MEDIAN,
    "maximum": MeasureFunction.MAXIMUM,
    "minimum": MeasureFunction.MINIMUM,
}

EXTREMES = {"high": "maximum", "low": "minimum"}

SKIPPED = ("filler", "be", "comma", "and", "of", "their", "same")

YEAR_DIGITS = 4

OLDEST = 120
"""No age lies above."""

SURE = 0.9

COUNTING = ("most", "fewest", "least")

SIZING = ("largest", "biggest", "greatest", "smallest", "littlest", "best", "worst")
"""Superlatives of things themselves: a number of rows says nothing of them."""

LIST_OPENERS = (
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

ROOT = 4

ROOT_LENGTH = 5
"""Letters that words of one family share: `arrived` and `arrival`."""


def replace_owner(reference: Reference, owner: Mention) -> Reference:
    """Returns the reference with the table it is said to belong to."""
    return Reference(reference.mention, owner)


def base(text: str) -> str:
    """`higher than` -> `high`: the plain form of a regular comparative."""
    word = text.lower().split()[0]
    for ending in ("ger", "er", "r"):
        if word.endswith(ending) and (word.removesuffix(ending),) in load_lexicon().adjectives:
            return word.removesuffix(ending)
    return word


def measuring(superlative: Mention) -> Mention | None:
    """`highest` as the adjective `high`, where that measures something."""
    word = superlative.text.lower()
    plain = word.removesuffix("est")
    for base_form in (plain, f"{plain}e", plain[:-1]):
        adjective = load_lexicon().adjectives.get((base_form,))
        if adjective is not None and word.endswith("est"):
            return replace(superlative, kind="adjective", adjective=adjective)
    return None


def age_comparison() -> Mention:
    """What a bare number behind `over` compares: how old someone is."""
    adjective = load_lexicon().adjectives[("older",)]
    return Mention("adjective", "older", 0, 0, adjective=adjective)


def literal(mention: Mention) -> Cell:
    """The value as it was written."""
    return mention.literal


def looks_like_year(value: Cell) -> bool:
    """True for whole numbers that may be years."""
    return isinstance(value, int) and 1800 <= value <= 2100


def is_quantity(mention: Mention) -> bool:
    """True for names of columns; the resolver knows whether they hold numbers."""
    return mention.kind == "link" and mention.best("column") > 0


def is_verb(mention: Mention) -> bool:
    """`joined`, beside a column `join_date`: it says what happened, and names no thing."""
    word = mention.text.lower()
    return word.endswith("ed") and stem(word) != word


def continues(last: Predicate, value: Mention) -> bool:
    """True where a value goes on with the comparison before it."""
    if value.kind == "quoted":
        return True
    if value.kind == "number":
        return bool(last.values) and isinstance(last.values[0], int | float)
    if value.kind != "link" or last.mention is None:
        return False
    columns = {(t.table, t.column) for t in last.mention.of_kind("value")}
    return any((t.table, t.column) in columns for t in value.of_kind("value"))


def opens_list(mentions: list[Mention], position: int) -> bool:
    """True where a new request begins."""
    return position < len(mentions) and mentions[position].kind == "show"


def grain_of(mention: Mention | None) -> TimeGrain | None:
    """`daily`, `monthly`: the span that a word names, even where a column is called so too."""
    grain = load_lexicon().calendar.grains.get(mention.text.lower()) if mention else None
    return TimeGrain(grain) if grain is not None else None
