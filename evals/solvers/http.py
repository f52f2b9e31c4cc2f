"""A running server, asked as its users do: `POST /query`, events read off the wire."""

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import httpx
from pydantic import TypeAdapter

from domain.draft import ClarificationOption
from domain.errors import OperatorError
from domain.model_call import ModelCall
from domain.run_event import RunEvent
from domain.run_record import RunRecord
from evals.sample import Sample, Turn
from evals.solution import Solution, StepSolution
from evals.solvers.dialogue import ask_dialogue
from evals.solvers.transcript import StepTranscript

_SECONDS = 120.0
_RUN_EVENT: TypeAdapter[RunEvent] = TypeAdapter(RunEvent)


class HttpSolver:
    """Asks a server at a URL."""

    name = "http"

    def __init__(self, client: httpx.AsyncClient, prompt_versions: Mapping[str, str]) -> None:
        self._client = client
        self._prompt_versions = prompt_versions
        self._sees_records = True

    async def solve(self, sample: Sample) -> Solution:
        """Returns the outcome of each step."""
        return await ask_dialogue(sample, self._step)

    async def _step(
        self, step: Turn, option: ClarificationOption | None, thread_id: str
    ) -> StepSolution:
        body: dict[str, object] = {"thread_id": thread_id}
        if option is not None:
            body["resume"] = {"option_id": option.id}
        else:
            body["question"] = step.question
        if self._prompt_versions:
            body["prompt_versions"] = dict(self._prompt_versions)
        found = await self._ask(step.question or step.choose, body)
        return found.model_copy(update={"model_calls": await self._calls(found.run_id)})

    async def _calls(self, run_id: str) -> tuple[ModelCall, ...]:
        """Returns what the run's model was asked; none where the key's role may not see it."""
        if not run_id or not self._sees_records:
            return ()
        response = await self._client.get(f"/admin/runs/{run_id}")
        self._sees_records = response.status_code != HTTPStatus.FORBIDDEN
        if not response.is_success:
            return ()
        return RunRecord.model_validate_json(response.content).model_calls

    async def _ask(self, question: str, body: dict[str, object]) -> StepSolution:
        transcript, started = StepTranscript(question), time.perf_counter()
        try:
            async with self._client.stream("POST", "/query", json=body) as response:
                if response.is_success:
                    await _read(response, transcript)
                else:
                    transcript.add(_refused(response.status_code, await response.aread()))
        except httpx.HTTPError as error:
            raise OperatorError(f"{self._client.base_url} does not answer: {error!r}") from error
        return transcript.solution((time.perf_counter() - started) * 1000)


@asynccontextmanager
async def open_http_solver(
    url: str, prompt_versions: Mapping[str, str], key: str = ""
) -> AsyncIterator[HttpSolver]:
    """Opens a client of the server; `key` is an API key or a token of its identity provider."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with httpx.AsyncClient(base_url=url, timeout=_SECONDS, headers=headers) as client:
        yield HttpSolver(client, prompt_versions)


async def _read(response: httpx.Response, transcript: StepTranscript) -> None:
    async for line in response.aiter_lines():
        if not line.startswith("data: "):
            continue
        transcript.wire.append(line)
        found = run_event_of(json.loads(line.removeprefix("data: ")))
        if found is not None:
            transcript.add(found)


def _refused(status: int, body: bytes) -> RunEvent:
    """Returns a problem document as the end of a run."""
    try:
        problem = json.loads(body)
    except ValueError:
        problem = {}
    fields = {
        "kind": "run_failed",
        "code": problem.get("code", f"http_{status}"),
        "message": problem.get("detail", f"HTTP status {status}"),
        "reference": "",
    }
    return _RUN_EVENT.validate_python(fields)


def run_event_of(event: Mapping[str, Any]) -> RunEvent | None:
    """Returns the run event that an AG-UI event was made from; None for one without use here."""
    match event:
        case {"type": "RUN_STARTED"}:
            fields = {"kind": "run_started", "run_id": event["runId"]}
            fields["thread_id"] = event["threadId"]
        case {"type": "STEP_FINISHED"}:
            fields = {"kind": "step_finished", "step": event["stepName"]}
            fields |= event.get("metadata") or {"duration_ms": 0.0}
        case {"type": "ACTIVITY_SNAPSHOT", "activityType": "vtion.sql"}:
            fields = {"kind": "sql_attempted", "content": event["content"]}
        case {"type": "RUN_FINISHED", "result": {"clarification": {} as asked} as answer}:
            fields = {"kind": "run_interrupted", "clarification": asked, "answer": answer}
        case {"type": "RUN_FINISHED"}:
            fields = {"kind": "run_finished", "answer": event["result"]}
        case {"type": "RUN_ERROR"}:
            fields = {"kind": "run_failed", "code": event.get("code") or "internal"}
            fields |= {"message": event["message"], "reference": ""}
        case _:
            return None
    return _RUN_EVENT.validate_python(fields)
