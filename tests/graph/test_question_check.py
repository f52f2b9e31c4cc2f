"""What is no question is turned away before anything runs."""

import pytest

from domain.errors import QuestionError
from graph.question_check import check_question


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("x" * 101, "101 characters"),
        ("how many\0", "control"),
        ("how many \x1b[31m", "control"),
        ("how \ud800", "control"),
        ("🎉🎉", "no words"),
        ("?!...", "no words"),
    ],
)
def test_it_is_turned_away_with_the_reason(question: str, words: str) -> None:
    with pytest.raises(QuestionError, match=words):
        check_question(question, maximum_characters=100)


@pytest.mark.parametrize("question", ["How many?", "दिल्ली में कितने?", "a\nb", "Zürich 🎉"])
def test_a_question_in_any_script_passes(question: str) -> None:
    check_question(question, maximum_characters=100)
