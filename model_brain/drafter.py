"""A chat model drafts the SQL, mends it, words a question back and reads follow-ups."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from domain.draft import (
    Assumption,
    CannotAnswer,
    Clarification,
    DraftOutcome,
    DraftRequest,
    SqlDraft,
)
from domain.errors import PromptTooLongError
from llm_clients.model_client import ModelClient
from model_brain.ask import prompt_call
from model_brain.draft_reply import (
    ClarificationForm,
    DraftForm,
    QuestionForm,
    UnclearDoubt,
    clarification,
    read_draft,
    read_form,
    schema_of,
)
from model_brain.mends.mend import mend
from model_brain.prompt_budget import SchemaPart, estimated_tokens, fit
from model_brain.prompt_variables import question_variables
from model_brain.whole_schema import WholeSchemas
from prompts.prompt import Prompt, RenderedPrompt
from prompts.registry import PromptRegistry

PROMPT_TOKENS = 24_000
"""About 700 columns: a larger schema whole costs more than it helps."""
Said = TypeVar("Said")
_UNCLEAR = "The question can be read in several ways. Say more exactly what should be counted."


class ModelDrafter:
    """Drafts with the prompts `draft_sql`, `repair_sql`, `clarify` and `rewrite_followup`."""

    def __init__(
        self, client: ModelClient, prompts: PromptRegistry, prompt_tokens: int = PROMPT_TOKENS
    ) -> None:
        self._client = client
        self._prompts = prompts
        self._prompt_tokens = prompt_tokens
        """The longest prompt, where the model has room for it."""
        self._schemas = WholeSchemas()

    @property
    def name(self) -> str:
        """The string that selected the model."""
        return self._client.name

    async def draft(self, request: DraftRequest, candidate: int = 0) -> DraftOutcome:
        """Returns the model's outcome; raises ModelError where no model gave a usable reply.

        A `candidate` above 0 is another reading of the same prompt.
        """
        if request.failed_attempts:
            return _mended(request) or await self._ask_for_sql("repair_sql", request, candidate)
        alone = await self._standalone(request)
        outcome = await self._ask_for_sql("draft_sql", alone, candidate)
        if isinstance(outcome, SqlDraft) and alone.question != request.question:
            read_as = Assumption(kind="note", text=f"Read as: {alone.question}")
            return outcome.model_copy(update={"assumptions": (read_as, *outcome.assumptions)})
        return outcome

    async def _ask_for_sql(
        self, prompt: str, request: DraftRequest, candidate: int
    ) -> DraftOutcome:
        async def ask(rendered: RenderedPrompt) -> DraftOutcome | UnclearDoubt:
            call = prompt_call(rendered, schema_of(DraftForm), candidate)
            return await self._client.ask(call, request.scope, read_draft)

        outcome = await self._ask_within_budget(
            prompt, request, {"failed_attempts": request.failed_attempts}, ask
        )
        if isinstance(outcome, UnclearDoubt):
            return await self._clarification(request, outcome.doubt)
        return outcome

    async def _standalone(self, request: DraftRequest) -> DraftRequest:
        """Returns the request with a follow-up spelled out, and no need of what came before."""
        if not request.turns:
            return request
        variables = {key: question_variables(request)[key] for key in ("turns", "question")}
        rendered = self._prompt("rewrite_followup", request).render(**variables)
        call = prompt_call(rendered, schema_of(QuestionForm))
        form = await self._client.ask(call, request.scope, lambda r: read_form(r, QuestionForm))
        question = form.question.strip() or request.question
        return request.model_copy(update={"question": question})

    async def _clarification(
        self, request: DraftRequest, doubt: str
    ) -> Clarification | CannotAnswer:
        async def ask(rendered: RenderedPrompt) -> ClarificationForm:
            call = prompt_call(rendered, schema_of(ClarificationForm))
            return await self._client.ask(
                call, request.scope, lambda reply: read_form(reply, ClarificationForm)
            )

        form = await self._ask_within_budget("clarify", request, {"doubt": doubt}, ask)
        asked = clarification(form.question, form.options)
        return asked or CannotAnswer(reason=form.question or _UNCLEAR)

    async def _ask_within_budget(
        self,
        name: str,
        request: DraftRequest,
        more: Mapping[str, object],
        ask: Callable[[RenderedPrompt], Awaitable[Said]],
    ) -> Said:
        """Asks with as much of the schema as there is room for; once more with half of that.

        The second time is for a model that takes the text for longer than it was estimated.
        """
        prompt = self._prompt(name, request)

        def render(part: SchemaPart) -> RenderedPrompt:
            about = question_variables(request, with_examples=part.extras)
            return self._schemas.render(prompt, request, part, {**about, **more})

        rendered = fit(request, self._budget(prompt), render)
        try:
            return await ask(rendered)
        except PromptTooLongError:
            return await ask(fit(request, estimated_tokens(rendered.text) // 2, render))

    def _budget(self, prompt: Prompt) -> int:
        """Returns the tokens that are left for the prompt beside the reply and the thought."""
        entry = self._client.entry
        room = entry.context_tokens - entry.thinking_tokens - prompt.header.hints.maximum_tokens
        return min(self._prompt_tokens, room)

    def _prompt(self, name: str, request: DraftRequest) -> Prompt:
        label = self._client.entry.prompt_label
        return self._prompts.choose(name, request.scope.prompt_versions, label)


def _mended(request: DraftRequest) -> SqlDraft | None:
    """Returns the last attempt mended by rules; None where they do not help, or did not."""
    draft = mend(request.failed_attempts[-1], request.dictionary)
    is_new = draft is not None and all(draft.sql != a.sql for a in request.failed_attempts)
    return draft if is_new else None
