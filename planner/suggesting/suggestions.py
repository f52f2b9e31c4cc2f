"""The nearest questions that can be answered, for a refusal."""

from rapidfuzz import fuzz, process

from domain.dictionary import Dictionary

_MAXIMUM = 3


def suggest(question: str, dictionary: Dictionary) -> tuple[str, ...]:
    """Returns example and verified questions most like the one asked, best first."""
    known = [*dictionary.example_questions, *(q.question for q in dictionary.verified_queries)]
    if not known:
        known = [f"How many rows are there in {table.name}?" for table in dictionary.tables]
    found = process.extract(question, known, scorer=fuzz.token_set_ratio, limit=_MAXIMUM)
    return tuple(match[0] for match in found)
