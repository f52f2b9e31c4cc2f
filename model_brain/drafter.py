"""A chat model drafts the SQL: prompt in, one JSON object out."""

import json
import re

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import HumanMessage
from pydantic import BaseModel, Field, ValidationError

from domain.dictionary import TableEntry
from domain.draft import (
    Assumption,
    CannotAnswer,
    Clarification,
    ClarificationOption,
    DraftOutcome,
    DraftRequest,
    SqlDraft,
)
from prompts.registry import PromptRegistry

_JSON_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
_FENCED_SQL = re.compile(r"```(?:sql)?\s*\n(.*?)```", re.DOTALL)
_REMEMBERED_TURNS = 3


class _Option(BaseModel):
    label: str
    effect: str = ""


class _Reply(BaseModel):
    sql: str = ""
    assumptions: tuple[str, ...] = ()
    confidence: float = Field(default=0.5, ge=0, le=1)
    question: str = ""
    options: tuple[_Option, ...] = ()
    cannot_answer: str = ""


class ModelDrafter:
    """Drafts SQL with the prompt `draft_sql`."""

    def __init__(self, model: BaseChatModel, name: str, prompts: PromptRegistry) -> None:
        self._model = model
        self._name = name
        self._prompts = prompts

    @property
    def name(self) -> str:
        """The string that selected the model."""
        return self._name

    async def draft(self, request: DraftRequest) -> DraftOutcome:
        """Returns the model's outcome; a reply that cannot be read is an honest no."""
        prompt = self._prompts.prompt("draft_sql").render(**_variables(request))
        message = await self._model.ainvoke([HumanMessage(prompt)])
        return read_reply(str(message.text))


def _variables(request: DraftRequest) -> dict[str, object]:
    dictionary, evidence = request.dictionary, request.evidence
    wanted = {scored.table for scored in evidence.tables}
    tables = [_visible(table) for table in dictionary.tables if table.name in wanted or not wanted]
    choice = request.chosen_option
    return {
        "tables": tables,
        "relationships": evidence.relationships or dictionary.relationships,
        "metrics": dictionary.metrics,
        "rules": dictionary.business_rules,
        "values": evidence.values,
        "today": request.today.isoformat(),
        "turns": request.turns[-_REMEMBERED_TURNS:],
        "question": request.question,
        "failed_attempts": request.failed_attempts,
        "choice": f"{choice.label} ({choice.effect})" if choice else "",
    }


def _visible(table: TableEntry) -> TableEntry:
    """Leaves PII columns out: a model that does not know them cannot name them."""
    columns = [column for column in table.columns if column.pii is None]
    return table.model_copy(update={"columns": columns})


def read_reply(text: str) -> DraftOutcome:
    """Reads a JSON object, or else a fenced SQL block, from a model's reply."""
    found = _JSON_OBJECT.search(text)
    try:
        reply = _Reply.model_validate(json.loads(found.group() if found else "{}"))
    except (json.JSONDecodeError, ValidationError):
        reply = _Reply()
    if reply.cannot_answer:
        return CannotAnswer(reason=reply.cannot_answer)
    if reply.question and 2 <= len(reply.options) <= 4:
        return _clarification(reply)
    fenced = _FENCED_SQL.search(text)
    sql = reply.sql or (fenced.group(1) if fenced else "")
    if not sql.strip():
        return CannotAnswer(reason="The model gave no SQL for this question.")
    return SqlDraft(
        sql=sql.strip(),
        assumptions=tuple(Assumption(kind="note", text=text) for text in reply.assumptions),
        confidence=reply.confidence,
    )


def _clarification(reply: _Reply) -> Clarification:
    options = tuple(
        ClarificationOption(id=str(number), label=option.label, effect=option.effect)
        for number, option in enumerate(reply.options, start=1)
    )
    return Clarification(question=reply.question, options=options)
