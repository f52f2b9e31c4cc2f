"""Questions with several readings: what each would compute, and choices that are kept."""

from domain.dictionary import (
    ColumnEntry,
    ColumnRole,
    Dictionary,
    Relationship,
    TableEntry,
    ValueShare,
)
from domain.draft import Clarification, ClarificationOption, DraftOutcome, DraftRequest, SqlDraft
from domain.evidence import Evidence
from planner.drafter import EmbeddedDrafter
from tests.planner.test_drafter import TODAY


def _text(name: str, *values: str) -> ColumnEntry:
    shares = [ValueShare(value=value, share=0.1) for value in values]
    return ColumnEntry(
        name=name,
        type="varchar",
        role=ColumnRole.DIMENSION,
        distinct_count=max(3, len(values)),
        top_values=shares,
    )


def _number(name: str) -> ColumnEntry:
    return ColumnEntry(
        name=name, type="integer", role=ColumnRole.MEASURE, distinct_count=50, minimum=-9
    )


_LINKS = ("origin", "dest")
_AIR = Dictionary(
    source_name="air",
    tables=[
        TableEntry(
            name="flights",
            row_count=100,
            primary_key=["flight_no"],
            columns=[
                _number("flight_no"),
                _text("origin"),
                _text("dest"),
                _number("dep_delay"),
                _number("arr_delay"),
                _text("class", "economy", "business"),
                _text("upgraded", "business", "none"),
            ],
        ),
        TableEntry(
            name="airports",
            row_count=3,
            primary_key=["faa"],
            columns=[_text("faa"), _text("airport_name")],
        ),
    ],
    relationships=[
        Relationship(
            child_table="flights",
            child_columns=[column],
            parent_table="airports",
            parent_columns=["faa"],
            confidence=1,
        )
        for column in _LINKS
    ],
)


_LAND = Dictionary(
    source_name="land",
    tables=[
        TableEntry(
            name="city",
            row_count=3,
            primary_key=["city_name", "state_name"],
            columns=[
                _text("city_name", "austin", "new york", "albany"),
                _text("state_name", "texas", "new york"),
                _number("population"),
            ],
        ),
        TableEntry(
            name="state",
            row_count=3,
            primary_key=["state_name"],
            columns=[
                _text("state_name", "texas", "new york", "ohio"),
                _number("population"),
                _text("country", "usa").model_copy(update={"distinct_count": 1}),
            ],
        ),
    ],
    relationships=[
        Relationship(
            child_table="city",
            child_columns=["state_name"],
            parent_table="state",
            parent_columns=["state_name"],
            confidence=1,
        ),
        Relationship(
            child_table="state",
            child_columns=["state_name"],
            parent_table="city",
            parent_columns=["state_name"],
            confidence=0.5,
        ),
    ],
)


async def _ask(
    question: str, chosen: ClarificationOption | None = None, dictionary: Dictionary = _AIR
) -> DraftOutcome:
    request = DraftRequest(
        question=question,
        dictionary=dictionary,
        evidence=Evidence(),
        today=TODAY,
        chosen_option=chosen,
    )
    return await EmbeddedDrafter().draft(request)


async def test_tables_linked_in_two_ways_are_asked_about_and_the_way_is_kept() -> None:
    question = "Which airport has the most flights?"
    outcome = await _ask(question)
    assert isinstance(outcome, Clarification), outcome
    assert [option.label for option in outcome.options] == ["origin", "destination"]
    for option, column in zip(outcome.options, _LINKS, strict=True):
        assert option.label in option.effect
        settled = await _ask(question, option)
        assert isinstance(settled, SqlDraft), settled
        assert f"flights.{column} = airports.faa" in settled.sql


async def test_a_side_of_zero_on_two_columns_is_asked_about_and_the_choice_is_kept() -> None:
    outcome = await _ask("How many late flights are there?")
    assert isinstance(outcome, Clarification), outcome
    for option, column in zip(outcome.options, ("dep_delay", "arr_delay"), strict=True):
        settled = await _ask("How many late flights are there?", option)
        assert isinstance(settled, SqlDraft), settled
        assert f"{column} > 0" in settled.sql


async def test_a_second_question_back_keeps_the_first_choice() -> None:
    question = "Which airport has the most late flights?"
    first = await _ask(question)
    assert isinstance(first, Clarification), first
    second = await _ask(question, first.options[1])
    assert isinstance(second, Clarification), second
    assert {option.label for option in second.options} != {o.label for o in first.options}
    settled = await _ask(question, second.options[1])
    assert isinstance(settled, SqlDraft), settled
    assert "arr_delay > 0" in settled.sql
    assert "flights.dest = airports.faa" in settled.sql


async def test_a_share_of_some_rows_in_groups_has_two_readings() -> None:
    question = "Share of economy flights by origin"
    outcome = await _ask(question)
    assert isinstance(outcome, Clarification), outcome
    of_each, of_all = [await _ask(question, option) for option in outcome.options]
    assert isinstance(of_each, SqlDraft)
    assert isinstance(of_all, SqlDraft)
    assert "FILTER" in of_each.sql
    assert "OVER" in of_all.sql


async def test_options_that_share_a_value_are_told_apart() -> None:
    outcome = await _ask("How many business flights are there?")
    assert isinstance(outcome, Clarification), outcome
    assert [o.label for o in outcome.options] == ["business (class)", "business (upgraded)"]


async def test_a_name_of_two_things_is_asked_about_unless_a_noun_tells_them_apart() -> None:
    outcome = await _ask("What is the population of New York?", dictionary=_LAND)
    assert isinstance(outcome, Clarification), outcome
    for option in outcome.options:
        settled = await _ask("What is the population of New York?", option, _LAND)
        assert isinstance(settled, SqlDraft), settled
        table, column = ("city", "city_name") if "city" in option.label else ("state", "state_name")
        assert f"FROM {table}" in settled.sql
        assert f"{column} = 'new york'" in settled.sql
    told = await _ask("What is the population of New York city?", dictionary=_LAND)
    assert isinstance(told, SqlDraft), told
    assert "city_name = 'new york'" in told.sql


async def test_what_is_asked_of_a_name_is_asked_of_the_thing_that_is_called_so() -> None:
    outcome = await _ask("What is the population of Texas?", dictionary=_LAND)
    assert isinstance(outcome, SqlDraft), outcome
    assert "FROM state" in outcome.sql


async def test_rows_are_told_by_a_name_that_differs_between_them() -> None:
    outcome = await _ask("Which state has the largest population?", dictionary=_LAND)
    assert isinstance(outcome, SqlDraft), outcome
    assert "state_name" in outcome.sql
    assert "country" not in outcome.sql


_PLANT = Dictionary(
    source_name="plant",
    tables=[
        TableEntry(
            name="machines",
            row_count=100,
            primary_key=["machine_id"],
            columns=[
                _text("machine_id"),
                _text("machine_name"),
                *(
                    ColumnEntry(name=name, type="date", role=ColumnRole.TIME, distinct_count=90)
                    for name in ("bought_date", "scrapped_date")
                ),
            ],
        )
    ],
)


async def test_two_dates_that_fit_alike_are_asked_back_and_a_word_of_one_chooses() -> None:
    open_question = await _ask("What is the oldest machine?", dictionary=_PLANT)
    assert isinstance(open_question, Clarification), open_question
    assert len(open_question.options) == 2
    told = await _ask("When was the first machine scrapped?", dictionary=_PLANT)
    assert isinstance(told, SqlDraft), told
    assert "scrapped_date" in told.sql
    assert "bought_date" not in told.sql
