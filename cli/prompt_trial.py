"""Runs one question under a version of a prompt, and reads what past runs told their model."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from cli.answering import Transcript, answering_settings, transcribe
from domain.errors import NotFoundError
from domain.model_call import ModelCall
from graph.asked import Asked
from graph.service import open_service
from run_store.run_store import open_run_store
from settings.settings import Settings


@dataclass(frozen=True, slots=True)
class Trial:
    """What a question led to."""

    title: str
    shown: dict[str, str]


async def try_version(question: str, versions: Mapping[str, str]) -> Trial:
    """Asks the question with these versions of prompts."""
    started = time.perf_counter()
    async with open_service(answering_settings(with_ranking=True)) as (_, runner):
        transcript = await transcribe(runner, Asked(question=question, prompt_versions=versions))
    seconds = time.perf_counter() - started
    title = ", ".join(f"{name}/{version}" for name, version in versions.items())
    return Trial(title, _shown(transcript, seconds))


async def recorded_calls(settings: Settings, run_id: str) -> tuple[ModelCall, ...]:
    """Returns the model calls of a past run; raises NotFoundError where there is none."""
    async with open_run_store(settings.state) as store:
        record = await store.record(run_id)
    if record is None:
        raise NotFoundError(f"There is no record of a run {run_id}.")
    if not record.model_calls:
        raise NotFoundError(f"The run {run_id} called no model.")
    return record.model_calls


def _shown(transcript: Transcript, seconds: float) -> dict[str, str]:
    answer = transcript.answer
    receipt = answer.receipt if answer else None
    cost = receipt.model_cost_usd if receipt else None
    return {
        "status": answer.status if answer else "failed",
        "sql": transcript.sql,
        "answer": answer.text if answer else "",
        "attempts": str(transcript.attempts),
        "tokens": f"{receipt.tokens_in} in, {receipt.tokens_out} out" if receipt else "",
        "cost": "" if cost is None else f"${cost:.5f}",
        "seconds": f"{seconds:.1f}",
    }
