"""A run as a LangSmith experiment, its suite as a dataset. No result row leaves the house.

The client takes its key from LANGSMITH_API_KEY and its address from LANGSMITH_ENDPOINT.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from domain.errors import OperatorError
from evals.result import SampleResult
from evals.run_folder import Manifest, RunFolder
from evals.sample import Suite
from evals.suite_file import load_suite
from llm_clients.redaction import redact

if TYPE_CHECKING:
    from langsmith import Client

_KEY = "LANGSMITH_API_KEY"
_NAMESPACE = UUID("6f0c1f4e-4a53-4d0f-9b53-0a3f6f1d7c11")


@dataclass(frozen=True, slots=True)
class Experiment:
    """Where the results of a suite go."""

    name: str
    project: UUID
    dataset: UUID


def open_langsmith() -> "Client":
    """Returns a client; raises OperatorError where no key is set. Offline nothing is imported."""
    if not os.environ.get(_KEY):
        raise OperatorError(f"{_KEY} is not set.", "LangSmith is not touched without it.")
    # Imported here: whoever does not upload never loads it.
    from langsmith import Client

    return Client(auto_batch_tracing=False)


def upload_run(
    client: "Client", folder: RunFolder, on_result: Callable[[SampleResult], None]
) -> list[str]:
    """Uploads a run; returns the names of its experiments, one a suite.

    A dataset is named by its suite and what the suite held, so that it is uploaded once. Raises
    OperatorError where a suite has changed since the run.
    """
    manifest, results = folder.manifest(), list(folder.results())
    experiments = []
    for used in manifest.suites:
        loaded = load_suite(used.path)
        if loaded.digest != used.digest:
            raise OperatorError(f"The suite {used.name} has changed since the run.")
        dataset = _ensure_dataset(client, loaded.suite, loaded.digest)
        name = f"{manifest.name}-{used.name}"
        project = client.create_project(
            name,
            upsert=True,
            reference_dataset_id=dataset,
            metadata=_metadata(manifest),
            num_repetitions=manifest.repeats,
        )
        some = [result for result in results if result.suite == used.name]
        place = Experiment(name, UUID(str(project.id)), dataset)
        _upload_results(client, place, manifest, some, on_result)
        experiments.append(name)
    return experiments


def _ensure_dataset(client: "Client", suite: Suite, digest: str) -> UUID:
    name = f"vtion-{suite.name}-{digest}"
    if client.has_dataset(dataset_name=name):
        return UUID(str(client.read_dataset(dataset_name=name).id))
    dataset = client.create_dataset(name, description=suite.description)
    client.create_examples(
        dataset_id=dataset.id,
        examples=[
            {
                "id": _example_id(UUID(str(dataset.id)), sample.id),
                "inputs": {"turns": [step.question or step.choose for step in sample.steps]},
                "reference_outputs": {
                    "gold": [list(step.gold) for step in sample.steps],
                    "expect": [list(step.expect) for step in sample.steps],
                },
                "metadata": {"sample": sample.id, "tags": list(sample.tags)},
            }
            for sample in suite.samples
        ],
    )
    return UUID(str(dataset.id))


def _upload_results(
    client: "Client",
    experiment: Experiment,
    manifest: Manifest,
    results: Sequence[SampleResult],
    on_result: Callable[[SampleResult], None],
) -> None:
    began = manifest.started_at
    for result in results:
        run_id = uuid5(_NAMESPACE, f"{experiment.name}/{began}/{result.sample_id}/{result.repeat}")
        ended = began + timedelta(milliseconds=result.duration_ms)
        client.create_run(
            result.sample_id,
            {"turns": [redact(step.question) for step in result.steps]},
            "chain",
            project_name=experiment.name,
            id=run_id,
            reference_example_id=_example_id(experiment.dataset, result.sample_id),
            start_time=began,
            end_time=ended,
            outputs=_outputs(result),
            extra={"metadata": result.versions.model_dump(mode="json")},
        )
        for key, (passed, comment) in _feedback(result).items():
            client.create_feedback(
                run_id,
                key,
                score=passed,
                comment=comment,
                trace_id=run_id,
                session_id=experiment.project,
                start_time=began,
            )
        on_result(result)


def _outputs(result: SampleResult) -> dict[str, Any]:
    return {
        "status": [step.status for step in result.steps],
        "sql": [step.sql for step in result.steps],
        "text": [redact(step.text) for step in result.steps],
    }


def _feedback(result: SampleResult) -> dict[str, tuple[bool, str]]:
    """A scorer passes where it passes on every step."""
    found: dict[str, tuple[bool, str]] = {"passed": (result.passed, redact(result.reason))}
    for score in (score for step in result.steps for score in step.scores):
        before = found.get(score.scorer, (True, ""))
        found[score.scorer] = before if not before[0] else (score.passed, redact(score.detail))
    return found


def _metadata(manifest: Manifest) -> dict[str, Any]:
    return {
        "solver": manifest.solver,
        "llm": manifest.llm,
        "prompts": manifest.prompt_versions,
        "code": manifest.code_version,
        "uploaded_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _example_id(dataset: UUID, sample: str) -> UUID:
    return uuid5(dataset, sample)
