"""Words of a question find the names, values and typos they stand for."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.dictionary import ColumnEntry, Dictionary, TableEntry
from domain.draft import CannotAnswer, Clarification, DraftRequest, SqlDraft
from domain.evidence import Evidence
from planner.drafter import EmbeddedDrafter
from planner.language.calendar_words import read_span
from planner.language.names import name_words
from planner.language.tokenizer import tokenize
from planner.linking.linker import Linker
from planner.schema.schema_index import SchemaIndex
from tests.planner.small_data import small_database


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("num_employees", ["num", "employees"]),
        ("StuID", ["stu", "id"]),
        ("FName", ["fname"]),
        ("birthDate", ["birth", "date"]),
        ("hometown", ["hometown"]),
    ],
)
def test_names_fall_into_words(name: str, words: list[str]) -> None:
    assert name_words(name) == words


@pytest.mark.parametrize(
    ("schema", "text", "place"),
    [
        ("school", "first names", ("student", "fname")),
        ("school", "pupils", ("student", "")),
        ("school", "wages", ("advisor", "salary")),
        ("shop", "custommers", ("customers", "")),
        ("planes", "departure delay", ("flights", "dep_delay")),
    ],
)
def test_spans_link_to_names(schema: str, text: str, place: tuple[str, str]) -> None:
    index = SchemaIndex(small_database(schema).dictionary)
    mentions = Linker(index, Evidence(), text).link(tokenize(text), {})
    found = [(t.table, t.column) for m in mentions for t in m.targets[:1]]
    assert place in found


def test_a_short_word_that_is_another_with_one_letter_more_is_no_slip() -> None:
    column = ColumnEntry(name="band", type="varchar")
    dictionary = Dictionary(source_name="fair", tables=[TableEntry(name="gigs", columns=[column])])
    index = SchemaIndex(dictionary)
    mentions = Linker(index, Evidence(), "brands").link(tokenize("brands"), {})
    assert not [target for mention in mentions for target in mention.targets]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("last month", date(2024, 2, 1), date(2024, 3, 1)),
        ("last 7 days", date(2024, 3, 8), date(2024, 3, 15)),
        ("this year", date(2024, 1, 1), date(2025, 1, 1)),
        ("March 2013", date(2013, 3, 1), date(2013, 4, 1)),
        ("Q2 2023", date(2023, 4, 1), date(2023, 7, 1)),
        ("5 March 2013", date(2013, 3, 5), date(2013, 3, 6)),
        ("yesterday", date(2024, 3, 14), date(2024, 3, 15)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 3, 1)),
    ],
)
def test_periods_are_read_relative_to_today(text: str, start: date, end: date) -> None:
    found = read_span(tokenize(text), 0, date(2024, 3, 15))
    assert found is not None
    assert (found[0].start, found[0].end) == (start, end)


_WORDS = st.sampled_from(
    [
        "how",
        "many",
        "students",
        "the",
        "of",
        "average",
        "age",
        "by",
        "city",
        "not",
        "without",
        "more",
        "than",
        "20",
        "top",
        "3",
        "most",
        "each",
        "per",
        "which",
        "advisor",
        "salary",
        "and",
        "or",
        "both",
        "between",
        "in",
        "Delhi",
        "F",
        "'x'",
        "last",
        "month",
        "order",
        "sorted",
        "desc",
        "with",
        "whose",
        "name",
        "is",
        "contains",
        "highest",
        "lowest",
        "oldest",
        "number",
        "total",
        "share",
        "courses",
        "credits",
        ",",
        "?",
        "never",
        "younger",
        "at",
        "least",
        "all",
        "distinct",
        "for",
        "than",
        "average",
        "above",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_WORDS, max_size=12).map(" ".join) | st.text(max_size=60))
async def test_no_question_raises_and_every_sql_runs(question: str) -> None:
    database = small_database("school")
    request = DraftRequest(
        question=question,
        dictionary=database.dictionary,
        evidence=Evidence(),
        today=date(2024, 3, 15),
    )
    outcome = await EmbeddedDrafter().draft(request)
    assert isinstance(outcome, SqlDraft | Clarification | CannotAnswer)
    if isinstance(outcome, SqlDraft):
        database.rows_of_athena(outcome.sql)
