"""From production to suite: a run becomes a sample."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from domain.errors import NotFoundError, OperatorError, UserError
from domain.run_history import Feedback, ThreadTurn
from domain.run_record import RunRecord
from evals.sample import Sample
from evals.suite_file import load_suite
from llm_clients.redaction import redact
from run_store.feedback import read_feedback
from run_store.run_store import RunStore

_NEWEST_TURNS = 50
_ID_LENGTH = 12
_EXPECTABLE = ("answered", "refused", "clarify")
_FIRST = ("id", "question", "turns")


class _Dumper(yaml.SafeDumper):
    """Shows SQL as it is laid out."""


def _show_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _show_text)


def sample_id(run_id: str) -> str:
    """Returns what the sample of a run is called."""
    return f"run-{run_id[:_ID_LENGTH]}"


async def sample_of_run(
    store: RunStore, run_id: str, gold: str = "", approve: bool = False
) -> tuple[Sample, list[RunRecord]]:
    """Returns the run as a sample, with the questions of its conversation that went before.

    `gold` is Athena SQL that is right; `approve` takes the SQL that ran. With neither, a person
    has still to write gold: the sample says what was answered, and is scored without it. With the
    sample come the records of its runs, the run itself last.
    """
    record = await store.record(run_id)
    if record is None:
        raise NotFoundError(f"There is no run {run_id} that has ended.", "no_such_run")
    feedback = await store.work(read_feedback, run_id)
    before = _before(await store.turns(record.thread_id, _NEWEST_TURNS), run_id)
    earlier = [await store.record(turn.run_id) for turn in before]
    records = [*(each for each in earlier if each is not None), record]
    content = _content(records, feedback, gold, approve)
    return Sample.model_validate(content), records


def add_to_suite(path: Path, sample: Sample) -> None:
    """Appends a sample to a suite file, which is made where it is not there.

    Raises OperatorError where the suite holds the sample already, or would not fit with it.
    """
    before = path.read_text(encoding="utf-8") if path.is_file() else _new_suite(path)
    dumped = sample.model_dump(mode="json", exclude_defaults=True)
    content = {name: dumped[name] for name in _FIRST if name in dumped} | dumped
    item = yaml.dump([content], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{before.rstrip()}\n{item}", encoding="utf-8")
    try:
        load_suite(str(path))
    except OperatorError:
        path.write_text(before, encoding="utf-8")
        raise


def _before(turns: Sequence[ThreadTurn], run_id: str) -> list[ThreadTurn]:
    ids = [turn.run_id for turn in turns]
    earlier = turns[: ids.index(run_id)] if run_id in ids else []
    return [turn for turn in earlier if turn.status in _EXPECTABLE]


def _content(
    records: Sequence[RunRecord], feedback: Feedback | None, gold: str, approve: bool
) -> dict[str, Any]:
    record = records[-1]
    receipt = record.answer.receipt if record.answer else None
    ran = receipt.sql if receipt else ""
    is_disliked = feedback is not None and feedback.rating == "down"
    if approve and is_disliked:
        message = f"Run {record.run_id} was rated down: its SQL cannot be gold."
        raise UserError(message, "rated_down")
    right = gold or (ran if approve else "")
    expected: dict[str, Any] = {}
    if right:
        expected = {"gold": right, "dialect": "athena"}
    elif approve and record.status in _EXPECTABLE:
        expected = {"expect": record.status}
    turns = [turn for earlier in records[:-1] for turn in _asked(earlier, _outcome(earlier))]
    turns += _asked(record, expected)
    content = {
        "id": sample_id(record.run_id),
        **(turns[0] if len(turns) == 1 else {"turns": turns}),
    }
    tags = [
        "production",
        *(["thumbs-down"] if is_disliked else []),
        *([] if right else ["no-gold"]),
    ]
    return content | {"tags": tags, "note": _note(record, feedback, ran)}


def _outcome(record: RunRecord) -> dict[str, Any]:
    return {"expect": record.status}


def _asked(record: RunRecord, expected: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the turns of one run: two where it asked back and went on with a choice."""
    question, option = {"question": redact(record.question)}, record.chosen_option
    if option is None:
        return [question | expected]
    chosen = redact(f"{option.label} {option.effect}".strip())
    return [question | {"expect": "clarify"}, {"choose": chosen} | expected]


def _note(record: RunRecord, feedback: Feedback | None, ran: str) -> str:
    note = f"Asked on {record.started_at:%Y-%m-%d}, {record.status}."
    if feedback is None:
        return note
    if feedback.rating == "down":
        note += f" Rated down; the SQL that ran: {' '.join(ran.split()) or 'none'}"
    comment = " ".join(redact(feedback.comment).split())
    return f"{note} The user says: {comment}" if comment else note


def _new_suite(path: Path) -> str:
    return f"name: {path.stem}\ndescription: Questions from production.\nsamples:\n"
