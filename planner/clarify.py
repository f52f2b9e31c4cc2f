"""A question back where a word means several things equally well, and the answer to it."""

from dataclasses import replace

from domain.draft import Clarification, ClarificationOption
from planner.binding_errors import AmbiguousError
from planner.mention import Mention
from planner.names import name_words
from planner.schema_index import Target

_MAXIMUM_OPTIONS = 4


def clarification_of(problem: AmbiguousError) -> Clarification:
    """Returns the readings as options, at most four."""
    options = tuple(_option(problem.text, t) for t in problem.targets[:_MAXIMUM_OPTIONS])
    return Clarification(question=f"What does “{problem.text}” mean here?", options=options)


def apply_choice(mentions: list[Mention], choice: ClarificationOption) -> list[Mention]:
    """Returns the mentions with the settled word meaning what was chosen."""
    return [_narrowed(mention, choice.id) for mention in mentions]


def _narrowed(mention: Mention, chosen: str) -> Mention:
    kept = tuple(t for t in mention.targets if _identity(mention.text, t) == chosen)
    return replace(mention, targets=kept) if kept else mention


def _identity(text: str, target: Target) -> str:
    value = "" if target.value is None else f"={target.value}"
    return f"{text.lower()}:{target.table}.{target.column}{value}"


def _option(text: str, target: Target) -> ClarificationOption:
    column = f"{_words(target.column)} of {_words(target.table)}"
    if target.value is None:
        return ClarificationOption(
            id=_identity(text, target),
            label=_words(target.column),
            effect=f"Reads “{text}” as the {column}.",
        )
    return ClarificationOption(
        id=_identity(text, target),
        label=str(target.value),
        effect=f"Keeps rows whose {column} is {target.value}.",
    )


def _words(name: str) -> str:
    return " ".join(name_words(name)) or name
