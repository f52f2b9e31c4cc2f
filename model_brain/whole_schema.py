"""What a prompt says of the whole schema: the same for every question, so it is rendered once."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.dictionary import Dictionary
from domain.draft import DraftRequest
from model_brain.prompt_budget import SchemaPart
from model_brain.prompt_variables import schema_variables
from prompts.prompt import Prompt, RenderedPrompt


@dataclass(frozen=True, slots=True)
class _Rendered:
    prompt: Prompt
    dictionary: Dictionary
    variables: Mapping[str, object]
    system: str | None
    """None where the instructions hold more than the schema."""


class WholeSchemas:
    """One text for each prompt in use, made anew when the prompt or the context is another."""

    def __init__(self) -> None:
        self._rendered: dict[str, _Rendered] = {}

    def render(
        self,
        prompt: Prompt,
        request: DraftRequest,
        part: SchemaPart,
        more: Mapping[str, object],
    ) -> RenderedPrompt:
        """Returns the prompt with this part of the schema and all that is more."""
        if part.tables is not request.dictionary.tables:
            return prompt.render(**schema_variables(request, part), **more)
        whole = self._whole(prompt, request, part)
        variables = {**whole.variables, **more}
        if whole.system is None:
            return prompt.render(**variables)
        return prompt.render_user(whole.system, variables)

    def _whole(self, prompt: Prompt, request: DraftRequest, part: SchemaPart) -> _Rendered:
        kept = self._rendered.get(prompt.name)
        if kept and kept.prompt is prompt and kept.dictionary is request.dictionary:
            return kept
        variables = schema_variables(request, part)
        is_fixed = prompt.system_variables <= variables.keys()
        system = prompt.render_system(variables) if is_fixed else None
        self._rendered[prompt.name] = _Rendered(prompt, request.dictionary, variables, system)
        return self._rendered[prompt.name]
