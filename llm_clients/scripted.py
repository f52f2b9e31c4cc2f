"""A chat model that reads its lines from a file: a real provider, with no key and no network."""

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
        message = AIMessage(content=self._reply(messages), response_metadata=_ENDED)
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> Iterator[ChatGenerationChunk]:
        for line in self._reply(messages).splitlines(keepends=True):
            yield ChatGenerationChunk(message=AIMessageChunk(content=line))
        yield ChatGenerationChunk(message=AIMessageChunk(content="", response_metadata=_ENDED))

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> ChatResult:
        return self._generate(messages)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> AsyncIterator[ChatGenerationChunk]:
        for chunk in self._stream(messages):
            yield chunk

    def _reply(self, messages: list[BaseMessage]) -> str:
        prompt = "\n".join(str(message.content) for message in messages)
        for index, line in enumerate(self.lines):
            if line.when in prompt and (line.repeat or index not in self.said):
                self.said.add(index)
                return line.reply
        raise OperatorError("The script has no line left for this prompt.")


def scripted_model(path: str) -> ScriptedChatModel:
    """Reads a YAML list of lines: `- {when: ..., reply: ..., repeat: false}`."""
    try:
        loaded = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        lines = TypeAdapter(list[Line]).validate_python(loaded)
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise OperatorError(f"the script {path} cannot be read: {error}") from error
    return ScriptedChatModel(lines=lines)
