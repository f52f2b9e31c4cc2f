"""What a refusal says: what was not clear, in an analyst's words, and what was understood."""

from domain.dictionary import Dictionary, TableEntry
from planner.language.lexicon import load_lexicon
from planner.linking.mention import Mention
from planner.reading.grammar_words import SURE
from planner.schema.labels import rows_label
from planner.schema.time_covered import days_covered, told_days

_UNCLEAR = {
    "sum": "It is not clear what to add up: name the quantity, such as a duration or an amount.",
    "average": "It is not clear what to average: name the quantity.",
    "median": "It is not clear what the median is taken of: name the quantity.",
    "maximum": "It is not clear what the highest value is looked for in: name the quantity.",
    "minimum": "It is not clear what the lowest value is looked for in: name the quantity.",
    "not": "It is not clear what is left out: say it right after `not` or `without`.",
    "between": "It is not clear what lies between the two values: name it before `between`.",
    "two periods": "Two periods are named. Ask for `growth from` one `to` the other, or `compare`"
    " them.",
    "growth": "Growth needs two periods, such as `from August to September`.",
    "ratio": "A ratio needs two figures: ask for both of them, or for the share of one thing.",
    "compared": "It is not clear what is compared with that number: name the quantity before it.",
    "comparison": "It is not clear what is compared, or with what.",
}
_MOST_NAMED = 4
_MOST_LOOKED_AT = 200


def unclear(part: str) -> str:
    """Says what was not understood about a part of a question."""
    return _UNCLEAR.get(part, f"It is not clear what is meant by {part!r}.")


def untold(text: str) -> str:
    """Says that a word found no part in the answer."""
    return f"I do not know what to do with {text!r} here: say what it is of, or leave it out."


def understood(mentions: list[Mention]) -> str:
    """Names what was found in the data, so that the analyst can build on it; may be empty."""
    texts = [
        mention.text
        for mention in mentions
        if mention.kind in ("link", "quoted")
        and any(target.score >= SURE for target in mention.targets)
    ]
    named = list(dict.fromkeys(texts))[:_MOST_NAMED]
    return f" Found in the data: {', '.join(named)}." if named else ""


def asks_for_help(words: list[str]) -> bool:
    """True for `what data do you have?`, `help`: a question about the data as such."""
    said = [word for word in words if word.isalpha()]
    lexicon = load_lexicon()
    return set(said) <= lexicon.help_words and bool(lexicon.help_topics & set(said))


def _covered(tables: list[TableEntry]) -> str:
    """Says which time the data are of, by the largest table that has one; may be empty."""
    for table in sorted(tables, key=lambda t: -t.row_count):
        days = days_covered(table)
        if days is not None:
            return f" The {rows_label(table)} are {told_days(days)}."
    return ""


def overview(dictionary: Dictionary) -> str:
    """Says what can be asked about."""
    known = dictionary.tables_named(dictionary.table_names[:_MOST_LOOKED_AT])
    tables = sorted(known, key=lambda t: -t.row_count)[:8]
    things = ", ".join(t.row_meaning or t.name.replace("_", " ") for t in tables)
    metrics = ", ".join(metric.name for metric in dictionary.metrics[:6])
    measured = f" Agreed measures: {metrics}." if metrics else ""
    return (
        f"You can ask about: {things}.{_covered(known)}{measured} Count, add up, average, compare,"
        " rank or follow over time, by any of their attributes."
    )
