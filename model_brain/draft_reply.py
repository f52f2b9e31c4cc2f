"""The form in which a model gives a draft, and how a reply is read back from any wrapping."""

import json
import re
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

from domain.draft import (
    Assumption,
    CannotAnswer,
    Clarification,
    ClarificationOption,
    DraftOutcome,
    SqlDraft,
)
from llm_clients.call import ModelReply
from llm_clients.model_client import UnreadableReplyError

_JSON_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
_FENCED_SQL = re.compile(r"```(?:sql)?[ \t]*\n(.*?)(?:```|\Z)", re.DOTALL | re.IGNORECASE)
_BARE_SQL = re.compile(r"\A\s*(?:SELECT|WITH)\b", re.IGNORECASE)
_MOST_OPTIONS = 4
Form = TypeVar("Form", bound=BaseModel)


class OptionForm(BaseModel):
    """One way to read the question."""

    label: str
    effect: str = ""


class DraftForm(BaseModel):
    """SQL, a question back, or a reason why there is none."""

    sql: str = ""
    assumptions: list[str] = Field(default_factory=list)
    confidence: float = 0.5
    question: str = ""
    options: list[OptionForm] = Field(default_factory=list)
    cannot_answer: str = ""


class ClarificationForm(BaseModel):
    """A question back."""

    question: str
    options: list[OptionForm]


class QuestionForm(BaseModel):
    """A question that stands alone."""

    question: str


class UnclearDoubt(BaseModel):
    """The model has a doubt but gave no options that the analyst could choose between."""

    doubt: str


@cache
def schema_of(form: type[BaseModel]) -> dict[str, Any]:
    """Returns a JSON schema as strict as providers want it: every field named, none added."""
    schema = form.model_json_schema()
    for part in (schema, *schema.get("$defs", {}).values()):
        part["additionalProperties"] = False
        part["required"] = list(part["properties"])
        for field in part["properties"].values():
            field.pop("default", None)
    return schema


def read_form(reply: ModelReply, form: type[Form]) -> Form:
    """Returns the filled-in form; UnreadableReplyError tells the model what is wrong with it."""
    given = reply.arguments
    if given is None:
        found = _JSON_OBJECT.search(reply.text)
        if found is None:
            raise UnreadableReplyError("It holds no JSON object.")
        given = _loads(found.group())
    try:
        return form.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UnreadableReplyError(f"{place}: {first['msg']}.") from error


def read_draft(reply: ModelReply) -> DraftOutcome | UnclearDoubt:
    """Reads a draft from a filled-in form, a fenced SQL block or bare SQL."""
    form = _draft_form(reply)
    if form.sql.strip():
        return SqlDraft(
            sql=form.sql.strip().rstrip(";"),
            assumptions=tuple(Assumption(kind="note", text=line) for line in form.assumptions),
            confidence=min(1.0, max(0.0, form.confidence)),
        )
    if form.question:
        return clarification(form.question, form.options) or UnclearDoubt(doubt=form.question)
    if form.cannot_answer:
        return CannotAnswer(reason=form.cannot_answer)
    raise UnreadableReplyError("It gives neither sql, nor a question, nor cannot_answer.")


def clarification(question: str, options: list[OptionForm]) -> Clarification | None:
    """Returns a question back with two to four different options; None where there are not."""
    different = list({option.label: option for option in options if option.label}.values())
    if not 2 <= len(different) <= _MOST_OPTIONS:
        return None
    numbered = tuple(
        ClarificationOption(id=str(number), label=option.label, effect=option.effect)
        for number, option in enumerate(different, start=1)
    )
    return Clarification(question=question, options=numbered)


def _draft_form(reply: ModelReply) -> DraftForm:
    fenced = _FENCED_SQL.search(reply.text)
    if reply.arguments is None and fenced is not None:
        return DraftForm(sql=fenced.group(1))
    if reply.arguments is None and _BARE_SQL.match(reply.text):
        return DraftForm(sql=reply.text)
    return read_form(reply, DraftForm)


def _loads(text: str) -> Any:  # noqa: ANN401 any JSON
    try:
        # Models put real line breaks into strings of SQL.
        return json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        raise UnreadableReplyError(f"Its JSON is broken: {error.msg}.") from error
