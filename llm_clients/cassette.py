"""Recorded model calls as JSON Lines, found by provider, model, rendered prompt and parameters."""

import difflib
from collections.abc import Iterator
from pathlib import Path

import orjson
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from domain.errors import OperatorError
from llm_clients.call import CallParameters, ModelReply, PromptCall, call_key
from llm_clients.redaction import redact

_SHOWN_CHANGES = 6
_SHOWN_CHARACTERS = 160


class Recording(BaseModel):
    """One line of a cassette."""

    model_config = ConfigDict(frozen=True)

    key: str
    """Hash of provider, model, rendered prompt and parameters, before anything was taken out."""
    provider: str
    model: str
    """The provider's id of the model."""
    prompt: str
    prompt_version: str
    parameters: CallParameters
    rendered: str
    reply: ModelReply
    pieces: tuple[str, ...] = ()
    """How the prose came, where it was streamed."""


class CassetteNote(BaseModel):
    """A line that says where recordings come from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    note: str


class Cassette:
    """A file of recordings. A call that was recorded twice is replayed as it was last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        lines = _read(path) if path.is_file() else []
        self._by_key = {line.key: line for line in lines if isinstance(line, Recording)}
        self.notes = [line.note for line in lines if isinstance(line, CassetteNote)]
        """What is said of the recordings' origin."""

    def describe(self, note: str) -> None:
        """Adds a line on where the recordings come from."""
        self.notes.append(note)
        self._append(CassetteNote(note=note))

    @property
    def recordings(self) -> list[Recording]:
        """Every recording that can be replayed."""
        return list(self._by_key.values())

    def add(
        self, provider: str, model: str, call: PromptCall, reply: ModelReply, pieces: list[str]
    ) -> None:
        """Appends a call, without keys and personal data."""
        recording = Recording(
            key=call_key(provider, model, call),
            provider=provider,
            model=model,
            prompt=call.prompt,
            prompt_version=call.version,
            parameters=call.parameters,
            rendered=redact(call.rendered),
            reply=_redacted(reply),
            pieces=_redacted_pieces(pieces),
        )
        self.keep(recording)

    def keep(self, recording: Recording) -> None:
        """Appends a recording that holds no keys and personal data any more."""
        self._by_key[recording.key] = recording
        self._append(recording)

    def _append(self, line: BaseModel) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as stream:
            stream.write(orjson.dumps(line.model_dump(), option=orjson.OPT_APPEND_NEWLINE))

    def find(self, provider: str, model: str, call: PromptCall) -> Recording:
        """Returns the recording; raises OperatorError that says what changed since."""
        found = self._by_key.get(call_key(provider, model, call))
        if found is None:
            raise OperatorError(
                f"{self._path} holds no call of prompt {call.prompt}/{call.version}"
                f" to {provider}:{model} like this one."
                f" {self._what_changed(provider, model, call)}",
                "Record it anew with VTION_LLM_RECORD.",
            )
        return found

    def _what_changed(self, provider: str, model: str, call: PromptCall) -> str:
        rendered = redact(call.rendered)
        same_prompt = [line for line in self.recordings if line.prompt == call.prompt]
        if not same_prompt:
            recorded = ", ".join(sorted({line.prompt for line in self.recordings})) or "nothing"
            return f"No call of this prompt was recorded; there is: {recorded}."
        nearest = max(same_prompt, key=lambda line: _likeness(line.rendered, rendered))
        changes = [
            f"{name} was {old}, is {new}"
            for name, old, new in (
                ("provider", nearest.provider, provider),
                ("model", nearest.model, model),
                ("prompt version", nearest.prompt_version, call.version),
                *_parameters(nearest.parameters, call.parameters),
            )
            if old != new
        ]
        changes.extend(_changed_lines(nearest.rendered, rendered))
        return (
            "Changed since the nearest recording: " + ("; ".join(changes) or "personal data") + "."
        )


_LINE: TypeAdapter[Recording | CassetteNote] = TypeAdapter(Recording | CassetteNote)


def _read(path: Path) -> list[Recording | CassetteNote]:
    lines = path.read_bytes().splitlines()
    try:
        return [_LINE.validate_json(line) for line in lines if line.strip()]
    except ValidationError as error:
        raise OperatorError(f"{path} is no cassette: {error}") from error


def _redacted(reply: ModelReply) -> ModelReply:
    cleaned = orjson.loads(redact(orjson.dumps(reply.model_dump()).decode()))
    return ModelReply.model_validate(cleaned)


def _redacted_pieces(pieces: list[str]) -> tuple[str, ...]:
    """Returns the pieces; as one where something stood across or in them that had to go."""
    whole = "".join(pieces)
    return tuple(pieces) if redact(whole) == whole else (redact(whole),)


def _parameters(old: CallParameters, new: CallParameters) -> Iterator[tuple[str, object, object]]:
    for name in ("temperature", "maximum_tokens", "candidate"):
        yield name, getattr(old, name), getattr(new, name)
    if old.output_schema != new.output_schema:
        yield "output schema", "another", "this one"


def _likeness(old: str, new: str) -> float:
    return difflib.SequenceMatcher(None, old.splitlines(), new.splitlines()).ratio()


def _changed_lines(old: str, new: str) -> list[str]:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0)
    changed = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    shown = [repr(line[:_SHOWN_CHARACTERS]) for line in changed[:_SHOWN_CHANGES]]
    left = len(changed) - len(shown)
    return [*shown, f"and {left} more lines"] if left > 0 else shown
