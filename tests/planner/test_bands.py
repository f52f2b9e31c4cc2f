"""Ages over 35 where ages are known as bands, and other columns of ranges."""

import pytest

from domain.dictionary import ColumnEntry, Dictionary, TableEntry, ValueShare
from domain.draft import CannotAnswer, DraftOutcome, DraftRequest, SqlDraft
from domain.evidence import Evidence
from domain.plan import Operator
from planner.drafter import EmbeddedDrafter
from planner.language.bands import bands_of, bands_within
from tests.planner.test_drafter import TODAY

_AGES = ("15-24", "25-34", "35-44", "45+")


def _column(values: tuple[str, ...], name: str = "age_band", known: int = 0) -> ColumnEntry:
    shares = [ValueShare(value=value, share=0.2) for value in values]
    count = known or len(values)
    return ColumnEntry(name=name, type="varchar", top_values=shares, distinct_count=count)


@pytest.mark.parametrize(
    "values",
    [
        ("18 to 24", "under 18", "25 and over"),
        ("<18", "18\u201365", "65+"),
        ("0-10k", "10-20k", "20k+"),
        ("0 - 999", "1,000-4,999"),
    ],
)
def test_ranges_are_recognised_by_their_shape(values: tuple[str, ...]) -> None:
    assert len(bands_of(_column(values))) == len(values)


@pytest.mark.parametrize("values", [("15-24", "unknown"), ("5G", "4G"), ("34-25", "1-2")])
def test_other_words_are_no_ranges(values: tuple[str, ...]) -> None:
    assert bands_of(_column(values)) == ()


def test_a_column_with_values_that_were_not_seen_has_no_bands() -> None:
    assert bands_of(_column(_AGES, known=9)) == ()


@pytest.mark.parametrize(
    ("operator", "numbers", "kept"),
    [
        (Operator.GREATER, (35,), _AGES[2:]),
        (Operator.GREATER, (34,), _AGES[2:]),
        (Operator.GREATER, (40,), None),
        (Operator.GREATER, (60,), None),
        (Operator.GREATER, (10,), _AGES),
        (Operator.GREATER_OR_EQUAL, (45,), _AGES[3:]),
        (Operator.GREATER_OR_EQUAL, (44,), None),
        (Operator.LESS, (35,), _AGES[:2]),
        (Operator.LESS, (34,), None),
        (Operator.LESS_OR_EQUAL, (34,), _AGES[:2]),
        (Operator.BETWEEN, (25, 44), _AGES[1:3]),
        (Operator.BETWEEN, (18, 24), None),
        (Operator.EQUAL, (30,), None),
    ],
)
def test_a_comparison_keeps_whole_bands(
    operator: Operator, numbers: tuple[int, ...], kept: tuple[str, ...] | None
) -> None:
    assert bands_within(bands_of(_column(_AGES)), operator, numbers) == kept


async def _asked(question: str) -> DraftOutcome:
    columns = [
        ColumnEntry(name="member_id", type="integer", distinct_count=9),
        _column(_AGES),
        _column(("0-9", "10-49", "50+"), "income"),
    ]
    table = TableEntry(name="members", row_count=9, columns=columns, primary_key=["member_id"])
    dictionary = Dictionary(source_name="club", tables=[table])
    request = DraftRequest(
        question=question, dictionary=dictionary, evidence=Evidence(), today=TODAY
    )
    return await EmbeddedDrafter().draft(request)


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("How many members over 35?", ("35-44", "45+")),
        ("How many members are younger than 25?", ("15-24",)),
        ("How many members 45+?", ("45+",)),
        ("How many members 35 and above?", ("35-44", "45+")),
        ("How many members between 25 and 44?", ("25-34", "35-44")),
        ("How many members are at least 45 years old?", ("45+",)),
        ("How many members are aged 25-44?", ("25-34", "35-44")),
        ("How many members are aged 25 to 44?", ("25-34", "35-44")),
        ("How many members have an income of at least 10?", ("10-49", "50+")),
    ],
)
async def test_a_number_is_compared_with_bands(question: str, kept: tuple[str, ...]) -> None:
    outcome = await _asked(question)
    assert isinstance(outcome, SqlDraft), outcome
    held = {band for band in (*_AGES, "0-9", "10-49", "50+") if f"'{band}'" in outcome.sql}
    assert held == set(kept), outcome.sql


@pytest.mark.parametrize("question", ["How many members over 40?", "How many members 18-24?"])
async def test_a_number_inside_a_band_is_refused_with_the_bands(question: str) -> None:
    outcome = await _asked(question)
    assert isinstance(outcome, CannotAnswer), outcome
    assert all(band in outcome.reason for band in _AGES)
