"""A rendered prompt as a call to a model."""

from typing import Any

from llm_clients.call import CallParameters, PromptCall
from prompts.prompt import RenderedPrompt

_OTHER_READINGS = 0.7
"""Temperature at which a model reads the same prompt otherwise."""


def prompt_call(
    rendered: RenderedPrompt, schema: dict[str, Any] | None = None, candidate: int = 0
) -> PromptCall:
    """Returns the call, shaped as the prompt's hints and the output schema say."""
    parameters = CallParameters(
        temperature=_OTHER_READINGS if candidate else rendered.hints.temperature,
        candidate=candidate,
        maximum_tokens=rendered.hints.maximum_tokens,
        output_schema=schema,
    )
    return PromptCall(
        prompt=rendered.name,
        version=rendered.version,
        system=rendered.system,
        user=rendered.user,
        parameters=parameters,
    )
