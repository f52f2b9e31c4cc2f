"""A chat model drafts the SQL, mends it, words a question back and reads follow-ups."""

from domain.draft import (
    Assumption,
    CannotAnswer,
    Clarification,
    DraftOutcome,
    DraftRequest,
    SqlDraft,
)
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
from model_brain.prompt_variables import question_variables, schema_variables
from prompts.prompt import RenderedPrompt
from prompts.registry import PromptRegistry

_UNCLEAR = "The question can be read in several ways. Say more exactly what should be counted."


class ModelDrafter:
    """Drafts with the prompts `draft_sql`, `repair_sql`, `clarify` and `rewrite_followup`."""

    def __init__(self, client: ModelClient, prompts: PromptRegistry) -> None:
        self._client = client
        self._prompts = prompts

    @property
    def name(self) -> str:
        """The string that selected the model."""
        return self._client.name

    async def draft(self, request: DraftRequest, candidate: int = 0) -> DraftOutcome:
        """Returns the model's outcome; raises ModelError where no model gave a usable reply.

        A `candidate` above 0 is another reading of the same prompt.
        """
        if request.failed_attempts:
            return await self._ask_for_sql("repair_sql", request, candidate)
        alone = await self._standalone(request)
        outcome = await self._ask_for_sql("draft_sql", alone, candidate)
        if isinstance(outcome, SqlDraft) and alone.question != request.question:
            read_as = Assumption(kind="note", text=f"Read as: {alone.question}")
            return outcome.model_copy(update={"assumptions": (read_as, *outcome.assumptions)})
        return outcome

    async def _ask_for_sql(
        self, prompt: str, request: DraftRequest, candidate: int
    ) -> DraftOutcome:
        variables = {**schema_variables(request), **question_variables(request)}
        variables["failed_attempts"] = request.failed_attempts
        rendered = self._render(prompt, request, variables)
        call = prompt_call(rendered, schema_of(DraftForm), candidate)
        outcome = await self._client.ask(call, request.scope, read_draft)
        if isinstance(outcome, UnclearDoubt):
            return await self._clarification(request, outcome.doubt)
        return outcome

    async def _standalone(self, request: DraftRequest) -> DraftRequest:
        """Returns the request with a follow-up spelled out, and no need of what came before."""
        if not request.turns:
            return request
        variables = {key: question_variables(request)[key] for key in ("turns", "question")}
        rendered = self._render("rewrite_followup", request, variables)
        call = prompt_call(rendered, schema_of(QuestionForm))
        form = await self._client.ask(call, request.scope, lambda r: read_form(r, QuestionForm))
        question = form.question.strip() or request.question
        return request.model_copy(update={"question": question})

    async def _clarification(
        self, request: DraftRequest, doubt: str
    ) -> Clarification | CannotAnswer:
        variables = {**schema_variables(request), "question": request.question, "doubt": doubt}
        rendered = self._render("clarify", request, variables)
        call = prompt_call(rendered, schema_of(ClarificationForm))
        form = await self._client.ask(
            call, request.scope, lambda reply: read_form(reply, ClarificationForm)
        )
        asked = clarification(form.question, form.options)
        return asked or CannotAnswer(reason=form.question or _UNCLEAR)

    def _render(
        self, name: str, request: DraftRequest, variables: dict[str, object]
    ) -> RenderedPrompt:
        label = self._client.entry.prompt_label
        prompt = self._prompts.choose(name, request.scope.prompt_versions, label)
        return prompt.render(**variables)
