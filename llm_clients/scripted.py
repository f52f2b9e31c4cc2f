"""A chat model that reads its lines from a file: a real provider, with no key and no network."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import yaml
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from domain.errors import OperatorError

_ENDED = {"finish_reason": "stop"}


class Line(BaseModel):
    """One reply: given to the first prompt that holds `when` and was not answered by it before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    when: str = ""
    """Text that the prompt must hold; empty fits every prompt."""
    reply: str
    repeat: bool = False
    """True: the line is said as often as it fits."""
    seconds: float = Field(default=0.0, ge=0)
    """How long the model takes before it says the line."""


class ScriptedChatModel(BaseChatModel):
    """Replies in the order of its lines."""

    lines: list[Line]
    said: set[int] = Field(default_factory=set)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> ChatResult:
        return _whole(self._line(messages).reply)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> Iterator[ChatGenerationChunk]:
        yield from _pieces(self._line(messages).reply)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> ChatResult:
        line = self._line(messages)
        await asyncio.sleep(line.seconds)
        return _whole(line.reply)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> AsyncIterator[ChatGenerationChunk]:
        line = self._line(messages)
        await asyncio.sleep(line.seconds)
        for chunk in _pieces(line.reply):
            yield chunk

    def _line(self, messages: list[BaseMessage]) -> Line:
        prompt = "\n".join(str(message.content) for message in messages)
        for index, line in enumerate(self.lines):
            if line.when in prompt and (line.repeat or index not in self.said):
                self.said.add(index)
                return line
        raise OperatorError("The script has no line left for this prompt.")


def _whole(reply: str) -> ChatResult:
    message = AIMessage(content=reply, response_metadata=_ENDED)
    return ChatResult(generations=[ChatGeneration(message=message)])


def _pieces(reply: str) -> Iterator[ChatGenerationChunk]:
    for piece in reply.splitlines(keepends=True):
        yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
    yield ChatGenerationChunk(message=AIMessageChunk(content="", response_metadata=_ENDED))


def scripted_model(path: str) -> ScriptedChatModel:
    """Reads a YAML list of lines: `- {when: ..., reply: ..., repeat: false}`."""
    try:
        loaded = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        lines = TypeAdapter(list[Line]).validate_python(loaded)
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise OperatorError(f"the script {path} cannot be read: {error}") from error
    return ScriptedChatModel(lines=lines)
