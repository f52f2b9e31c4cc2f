"""Refuses what is no question at all, before anything runs."""

import unicodedata

from domain.errors import QuestionError

_ALLOWED_CONTROLS = "\n\r\t"


def check_question(question: str, maximum_characters: int) -> None:
    """Raises QuestionError for an empty, overlong or wordless text, or one with control codes."""
    if not question.strip():
        message = "The question is empty. Ask something in plain words."
        raise QuestionError(message, "empty_question")
    if len(question) > maximum_characters:
        raise QuestionError(
            f"The question has {len(question):,} characters; at most {maximum_characters:,} are"
            " read. Ask something shorter.",
            "long_question",
            characters=len(question),
            maximum=maximum_characters,
        )
    if not question.isprintable() and any(map(_is_control, question)):
        message = "The question holds control characters. Send plain text."
        raise QuestionError(message, "control_characters")
    if not any(character.isalnum() for character in question):
        message = "The question holds no words. Ask something in plain words."
        raise QuestionError(message, "wordless_question")


def _is_control(character: str) -> bool:
    is_control = unicodedata.category(character) in ("Cc", "Cs")
    return is_control and character not in _ALLOWED_CONTROLS
