"""A run's end in words, for facades that know text alone."""

from api.runs.live_run import RunEnd
from domain.answer import Answer
from domain.run_event import RunFailed


def text_of(end: RunEnd) -> str:
    """Returns the answer, the question back with its options, or why there is none."""
    if isinstance(end, RunFailed):
        return end.message
    return answer_text(end.answer)


def answer_text(answer: Answer) -> str:
    """Returns an answer as Markdown, with the options or suggestions that it offers."""
    lines = [answer.text]
    if answer.clarification is not None:
        options = answer.clarification.options
        lines += ["", *(f"- {option.label}: {option.effect}" for option in options)]
    if answer.suggestions:
        lines += ["", "You could ask:", *(f"- {suggestion}" for suggestion in answer.suggestions)]
    return "\n".join(lines)
