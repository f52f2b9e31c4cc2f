"""A question back where a word means several things equally well, and the answer to it."""

from dataclasses import replace

from domain.draft import Clarification, ClarificationOption
from domain.plan import ColumnReference
from planner.language.names import name_words
from planner.linking.mention import Mention
from planner.schema.binding_errors import AmbiguousError
from planner.schema.join_path import Step, table_identity, way_identity
from planner.schema.labels import column_label, rows_label, thing_label
from planner.schema.schema import Schema
from planner.schema.schema_index import Target
from planner.schema.select_scope import AmbiguousWayError

_MAXIMUM_OPTIONS = 4
_AND = "&"


def clarification_of(
    problem: AmbiguousError, before: ClarificationOption | None = None
) -> Clarification:
    """Returns the readings as options, at most four; they keep what was chosen `before`."""
    values = [target.value for target in problem.targets]
    named = tuple(
        _option(problem.text, target, is_alone=values.count(target.value) == 1)
        for target in problem.targets
    )
    options = (problem.options or named)[:_MAXIMUM_OPTIONS]
    if before is not None:
        options = tuple(
            option.model_copy(update={"id": f"{before.id}{_AND}{option.id}"}) for option in options
        )
    return Clarification(question=f"What does “{problem.text}” mean here?", options=options)


def choices_of(option: ClarificationOption | None) -> frozenset[str]:
    """Returns what was chosen, one identity for each question back."""
    return frozenset(option.id.split(_AND)) if option is not None else frozenset()


def apply_choices(mentions: list[Mention], choices: frozenset[str]) -> list[Mention]:
    """Returns the mentions with the settled words meaning what was chosen."""
    return [_narrowed(mention, choices) for mention in mentions]


def ambiguous_way(problem: AmbiguousWayError, index: Schema) -> AmbiguousError:
    """`busiest airports`: where flights leave, or where they land."""
    options = tuple(_way_option(step, index) for step in problem.ways)
    end = problem.ways[0].start if not problem.ways[0].to_parent else problem.ways[0].end
    return AmbiguousError(thing_label(index.tables[end]), [], options)


def over_which(index: Schema, ways: list[tuple[Step, ...]]) -> AmbiguousError:
    """`panelists on Netflix`: what links them, where several tables do."""
    start, end = (thing_label(index.tables[t]) for t in (ways[0][0].start, ways[0][1].end))
    options = tuple(
        ClarificationOption(
            id=table_identity(way[0].end),
            label=rows_label(index.tables[way[0].end]),
            effect=f"Goes by the {rows_label(index.tables[way[0].end])} that link the two.",
        )
        for way in ways
    )
    return AmbiguousError(f"{start} and {end}", [], options)


def _way_option(step: Step, index: Schema) -> ClarificationOption:
    child, parent = (step.start, step.end) if step.to_parent else (step.end, step.start)
    columns = step.start_columns if step.to_parent else step.end_columns
    role = " and ".join(
        column_label(ColumnReference(table=child, column=c), index) for c in columns
    )
    rows, thing = rows_label(index.tables[child]), thing_label(index.tables[parent])
    effect = f"Takes the {role} of the {rows} for the {thing}."
    return ClarificationOption(id=way_identity(step), label=role, effect=effect)


def _narrowed(mention: Mention, choices: frozenset[str]) -> Mention:
    kept = tuple(t for t in mention.targets if identity(mention.text, t) in choices)
    return replace(mention, targets=kept) if kept else mention


def identity(text: str, target: Target) -> str:
    """What an option is told by: the word, and what it would mean."""
    value = "" if target.value is None else f"={target.value}"
    return f"{text.lower()}:{target.table}.{target.column}{value}"


def _option(text: str, target: Target, *, is_alone: bool) -> ClarificationOption:
    column = f"{_words(target.column)} of {_words(target.table)}"
    if target.value is None:
        return ClarificationOption(
            id=identity(text, target),
            label=_words(target.column),
            effect=f"Reads “{text}” as the {column}.",
        )
    return ClarificationOption(
        id=identity(text, target),
        label=str(target.value) if is_alone else f"{target.value} ({_words(target.column)})",
        effect=f"Keeps rows whose {column} is {target.value}.",
    )


def _words(name: str) -> str:
    return " ".join(name_words(name)) or name
