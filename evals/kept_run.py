"""What a run of production stood on, kept beside its sample: context, model calls, day, prompts."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from context_store.store import ContextStore
from domain.errors import NotFoundError, OperatorError
from domain.model_call import ModelCall
from domain.run_record import RunRecord
from llm_clients.call import CallParameters, ModelReply
from llm_clients.cassette import Cassette, Recording
from llm_clients.redaction import redact
from llm_clients.usage import Usage
from settings.settings import Settings

_CONTEXT = "context"
_CALLS = "calls.jsonl"
_RUN = "run.json"


class KeptRun(BaseModel):
    """What else has to be as it was then."""

    model_config = ConfigDict(frozen=True)

    run_id: str
    today: date | None = None
    prompt_versions: dict[str, str] = Field(default_factory=dict)


def keep_run(folder: Path, records: Sequence[RunRecord], contexts: ContextStore) -> None:
    """Keeps what the last run stood on, and the calls of all: those of its conversation before it.

    Keys and personal data are taken out of the calls. A context version that is gone is not kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    last = records[-1]
    receipt = last.answer.receipt if last.answer else None
    if receipt is not None and receipt.context_version:
        _keep_context(folder / _CONTEXT, receipt.context_version, contexts)
    calls = [call for record in records for call in record.model_calls if call.key and call.reply]
    if calls:
        _keep_calls(folder / _CALLS, last, calls)
    versions = {call.prompt: call.prompt_version for call in calls}
    kept = KeptRun(
        run_id=last.run_id, today=receipt.today if receipt else None, prompt_versions=versions
    )
    (folder / _RUN).write_text(kept.model_dump_json(indent=2) + "\n", encoding="utf-8")


def kept_run(folder: Path) -> KeptRun:
    """Returns what was kept of a run. Raises OperatorError where nothing was."""
    try:
        return KeptRun.model_validate_json((folder / _RUN).read_bytes())
    except (OSError, ValidationError) as error:
        raise OperatorError(f"{folder} keeps no run: {error}") from error


def settings_of_kept(folder: Path, settings: Settings) -> Settings:
    """Returns settings under which the run can be asked again: no key, the same each time."""
    kept, calls = kept_run(folder), folder / _CALLS
    changes: dict[str, object] = {"llm": f"replay:{calls}" if calls.is_file() else "embedded"}
    if kept.today is not None:
        changes["today"] = kept.today
    if (folder / _CONTEXT).is_dir():
        changes["context"] = folder / _CONTEXT
    return settings.model_copy(update=changes)


def _keep_context(folder: Path, version: str, contexts: ContextStore) -> None:
    try:
        dictionary = contexts.version(version).dictionary
        values = contexts.values(version)
    except NotFoundError:
        return
    ContextStore(folder).save(dictionary, values)


def _keep_calls(path: Path, run: RunRecord, calls: Sequence[ModelCall]) -> None:
    path.unlink(missing_ok=True)
    cassette = Cassette(path)
    models = ", ".join(sorted({call.asked_of for call in calls}))
    cassette.describe(
        f"Calls to {models} from the record of run {run.run_id}, {run.started_at:%Y-%m-%d},"
        " without keys and personal data."
    )
    for call in calls:
        cassette.keep(_recording(call))


def _recording(call: ModelCall) -> Recording:
    """A record keeps a reply's text alone: tools' arguments stand in it as JSON."""
    provider, _, model = call.asked_of.partition(":")
    reply, usage = redact(call.reply), Usage(tokens_in=call.tokens_in, tokens_out=call.tokens_out)
    return Recording(
        key=call.key,
        provider=provider,
        model=model,
        prompt=call.prompt,
        prompt_version=call.prompt_version,
        parameters=CallParameters(),
        rendered=redact(call.rendered),
        reply=ModelReply(text=reply, usage=usage),
        pieces=(reply,),
    )
