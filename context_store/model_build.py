"""A chat model writes descriptions, synonyms, units, codes and the domain context.

It sees names, statistics and frequent values, and of a personal column the name alone. Lines that
a person wrote or imported stay; where the model fails, the lines read from the profile stay.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import structlog
from pydantic import BaseModel, Field, ValidationError

from context_store.lines import Line, LineKey, line, with_lines
from context_store.table_facts import SeenColumn, join_facts, seen_columns
from domain.dictionary import ColumnEntry, Dictionary, TableEntry
from domain.errors import ModelError
from domain.model_call import CallScope
from domain.provenance import LineSource, Provenance
from llm_clients.call import CallParameters, ModelReply, PromptCall
from llm_clients.model_client import ModelClient, UnreadableReplyError
from prompts.prompt import RenderedPrompt
from prompts.registry import PromptRegistry

_COLUMNS_A_CALL = 60
_TABLES_NAMED = 40
_TABLES_TOLD = 60
_SYNONYMS = 6
_LONGEST_UNIT = 24
_CONFIDENCE = 0.7
_FEWEST_WORDS = 60
_JSON_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
_log = structlog.get_logger()
Read = TypeVar("Read")


class ColumnLines(BaseModel):
    """What a model says on a column."""

    name: str
    description: str = ""
    synonyms: list[str] = Field(default_factory=list)
    unit: str = ""
    additive: bool = False
    codes: dict[str, str] = Field(default_factory=dict)


class TableLines(BaseModel):
    """What a model says on a table."""

    description: str = ""
    row_meaning: str = ""
    synonyms: list[str] = Field(default_factory=list)
    columns: list[ColumnLines] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DictionaryModel:
    """Who writes: a model, its prompts, and what its calls are told to."""

    client: ModelClient
    prompts: PromptRegistry
    scope: CallScope = field(default_factory=CallScope)


async def write_with_model(
    dictionary: Dictionary,
    model: DictionaryModel,
    on: date | None,
    on_table: Callable[[str, int, int], None] = lambda _, __, ___: None,
) -> Dictionary:
    """Returns the dictionary with the model's lines in the place of those from the profile.

    `on_table` is told the table just done, and how many are done of how many.
    """
    by = Provenance(source=LineSource.MODEL, confidence=_CONFIDENCE, on=on)
    written: list[Line] = []
    for number, table in enumerate(dictionary.tables, start=1):
        for told in await _ask_about(table, dictionary, model):
            written += _lines(table, told, by)
        on_table(table.name, number, len(dictionary.tables))
    dictionary = with_lines(dictionary, [one for one in written if _is_free(one, dictionary)])
    return await _with_domain_context(dictionary, model, by)


def _is_free(one: Line, dictionary: Dictionary) -> bool:
    present = line(dictionary, one.key).provenance
    return present.source in (LineSource.PROFILE, LineSource.MODEL) and not present.is_reviewed


async def _ask_about(
    table: TableEntry, dictionary: Dictionary, model: DictionaryModel
) -> list[TableLines]:
    seen, told = seen_columns(table), []
    for start in range(0, len(seen), _COLUMNS_A_CALL):
        call = _table_call(table, seen[start : start + _COLUMNS_A_CALL], dictionary, model)
        try:
            told.append(await model.client.ask(call, model.scope, _read_table))
        except ModelError as error:
            _log.warning("table_not_described", table=table.name, reason=error.message)
    return told


def _table_call(
    table: TableEntry, columns: Sequence[SeenColumn], dictionary: Dictionary, model: DictionaryModel
) -> PromptCall:
    prompt = model.prompts.choose(
        "data_dictionary", model.scope.prompt_versions, model.client.entry.prompt_label
    )
    rendered = prompt.render(
        source=dictionary.source_name,
        other_tables=[n for n in dictionary.table_names if n != table.name][:_TABLES_NAMED],
        table=table,
        columns=columns,
        joins=join_facts(dictionary, {table.name}),
    )
    return _call(rendered)


def _call(rendered: RenderedPrompt) -> PromptCall:
    return PromptCall(
        prompt=rendered.name,
        version=rendered.version,
        system=rendered.system,
        user=rendered.user,
        parameters=CallParameters(
            temperature=rendered.hints.temperature,
            maximum_tokens=rendered.hints.maximum_tokens,
        ),
    )


def _read_table(reply: ModelReply) -> TableLines:
    found = _JSON_OBJECT.search(reply.said)
    try:
        return TableLines.model_validate(json.loads(found.group() if found else ""))
    except (json.JSONDecodeError, ValidationError) as error:
        raise UnreadableReplyError(f"it is not the JSON object: {error}") from error


def _lines(table: TableEntry, told: TableLines, by: Provenance) -> list[Line]:
    """Returns what is said, but for what does not fit what was measured."""
    said: list[Line] = [
        Line(LineKey(table.name, "", field), value, by)
        for field, value in (
            ("description", told.description.strip()),
            ("row_meaning", told.row_meaning.strip()),
            ("synonyms", _synonyms(told.synonyms, table.synonyms)),
        )
        if value
    ]
    for words in told.columns:
        column = table.column(words.name)
        if column is not None:
            said += _column_lines(table, column, words, by)
    return said


def _column_lines(
    table: TableEntry, column: ColumnEntry, words: ColumnLines, by: Provenance
) -> list[Line]:
    unit = words.unit.strip()
    known = {str(entry.value) for entry in column.top_values}
    said: dict[str, Any] = {
        "description": words.description.strip(),
        "synonyms": _synonyms(words.synonyms, column.synonyms),
    }
    if column.pii is None:
        said["unit"] = unit if len(unit) <= _LONGEST_UNIT else ""
        said["value_labels"] = {c: w.strip() for c, w in words.codes.items() if c in known and w}
        if column.family.is_numeric and words.additive != column.additive:
            said["additive"] = words.additive
    key = (table.name, column.name)
    return [
        Line(LineKey(*key, field), value, by)
        for field, value in said.items()
        if value or field == "additive"
    ]


def _synonyms(said: Sequence[str], known: Sequence[str]) -> list[str]:
    """Returns the model's words before those there are; nothing where it gave none."""
    if not said:
        return []
    words = dict.fromkeys(word.strip() for word in (*said[:_SYNONYMS], *known))
    return [word for word in words if word]


async def _with_domain_context(
    dictionary: Dictionary, model: DictionaryModel, by: Provenance
) -> Dictionary:
    prompt = model.prompts.choose(
        "domain_context", model.scope.prompt_versions, model.client.entry.prompt_label
    )
    largest = sorted(dictionary.tables, key=lambda table: -table.row_count)[:_TABLES_TOLD]
    rendered = prompt.render(
        source=dictionary.source_name,
        tables=[_told(table) for table in largest],
        joins=join_facts(dictionary, {table.name for table in largest}),
        metrics=[f"{metric.name}: {metric.description}" for metric in dictionary.metrics],
        rules=dictionary.business_rules,
        measured=dictionary.domain_context,
    )
    try:
        text = await model.client.ask(_call(rendered), model.scope, _read_prose)
    except ModelError as error:
        _log.warning("domain_context_not_written", reason=error.message)
        return dictionary
    written = Line(LineKey("", "", "domain_context"), text, by)
    return with_lines(dictionary, [written] if _is_free(written, dictionary) else [])


def _told(table: TableEntry) -> dict[str, object]:
    return {
        "name": table.name,
        "row_count": table.row_count,
        "description": table.description,
        "columns": [column.name for column in table.columns],
    }


def _read_prose(reply: ModelReply) -> str:
    text = reply.said.strip()
    if len(text.split()) < _FEWEST_WORDS:
        raise UnreadableReplyError("it is too short for what was asked")
    return text + "\n"
