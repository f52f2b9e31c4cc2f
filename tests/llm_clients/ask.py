"""Calls for tests."""

from domain.model_call import CallScope, ModelCall
from llm_clients.call import CallParameters, PromptCall
from llm_clients.model_client import ModelClient


def call(user: str, system: str = "", **parameters: object) -> PromptCall:
    return PromptCall(
        prompt="test",
        version="v1",
        system=system,
        user=user,
        parameters=CallParameters.model_validate(parameters),
    )


async def ask(client: ModelClient, asked: PromptCall, calls: list[ModelCall] | None = None) -> str:
    scope = CallScope(on_call=(calls if calls is not None else []).append)
    return await client.ask(asked, scope, lambda reply: reply.said)


async def stream(
    client: ModelClient, asked: PromptCall, calls: list[ModelCall] | None = None
) -> list[str]:
    scope = CallScope(on_call=(calls if calls is not None else []).append)
    return [piece async for piece in client.stream(asked, scope)]
