"""Records the cassette that `make evals` replays: `make evals-record`.

The model is a stand-in on loopback with replies from `evals/cassettes/stand_in.yaml`; all else is
the real thing: prompts, client, guard, warehouse, prose and verifier.
"""

import asyncio
import json
import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from cli.eval_sources import settings_of_sources
from evals.begin_run import RunOptions, begin_run
from evals.runner import run_tasks
from evals.solvers.open_solver import SolverChoice
from evals.suite_file import shipped_suites
from evals.terminal import print_summary
from llm_clients.cassette import Cassette
from settings.log_format import configure_logging
from tests.evals.loopback_model import loopback_model

FOLDER = Path("evals/cassettes")
SCRIPT = FOLDER / "stand_in.yaml"
CASSETTE = FOLDER / "stand_in.jsonl"
TAG = "replay"
NOTE = (
    "Recorded by `make evals-record` from a stand-in on loopback whose replies people wrote"
    " (stand_in.yaml), through the real OpenAI client. No cloud model said any of this."
)
_QUESTION = re.compile(r"<question>\s*(.*?)\s*</question>", re.DOTALL)
_RESULT = re.compile(r"<result>\n(.*?)\n</result>", re.DOTALL)
_EMPTY = {"assumptions": [], "confidence": 0.8, "question": "", "options": [], "cannot_answer": ""}


class StandIn:
    """Says what its script holds for the question that the prompt asks."""

    def __init__(self, script: Path) -> None:
        entries = yaml.safe_load(script.read_text(encoding="utf-8"))
        self._entries: dict[str, dict[str, Any]] = {entry["question"]: entry for entry in entries}

    def reply(self, prompt: str) -> str:
        """Returns the reply to a rendered prompt."""
        entry = self._entries[_QUESTION.findall(prompt)[-1]]
        if "You write the answer" in prompt:
            return _prose(prompt, entry)
        if "Rewrite the last question" in prompt:
            return json.dumps({"question": entry.get("alone", entry["question"])})
        return json.dumps({"sql": "", **_EMPTY, **_draft(prompt, entry)})


def _draft(prompt: str, entry: dict[str, Any]) -> dict[str, Any]:
    choice = prompt.partition("<choice>")[2]
    for words, sql in entry.get("chosen", {}).items():
        if words in choice:
            return {"sql": sql}
    drafts: list[dict[str, Any]] = entry["drafts"]
    failed = prompt.count("This SQL of yours was turned down")
    return drafts[min(failed, len(drafts) - 1)]


def _prose(prompt: str, entry: dict[str, Any]) -> str:
    is_first = "An earlier text of yours" not in prompt
    tail = {"chart": entry.get("chart", {"type": "none"}), "follow_ups": []}
    said = entry.get("prose", "") if is_first else ""
    return f"{said or _first_row(prompt)}\n===\n{json.dumps(tail)}"


def _first_row(prompt: str) -> str:
    columns, *rows = _RESULT.findall(prompt)[-1].splitlines()
    pairs = zip(columns.split(" | "), rows[0].split(" | "), strict=True) if rows else ()
    return "; ".join(f"{name}: **{value}**" for name, value in pairs) or "Nothing was found."


async def record(cassette: Path) -> Counter[bool]:
    """Records the calls of every sample with the tag; returns how many passed and failed."""
    options = RunOptions(shipped_suites(), llm="openai:stand-in", tags=(TAG,))
    with tempfile.TemporaryDirectory() as name, loopback_model(StandIn(SCRIPT).reply) as url:
        begun = begin_run(options, Path(name) / "run", Path(name))
        live = {"llm_base_url": url, "llm_record": cassette, "llm_cross_check": "off"}
        sources = settings_of_sources(begun.suites, begun.tasks, lambda _: None)
        await run_tasks(
            begun.tasks,
            begun.folder,
            {key: each.model_copy(update=live) for key, each in sources.items()},
            SolverChoice("graph", llm=options.llm),
            concurrency=1,
            on_result=lambda _: None,
        )
        results = list(begun.folder.results())
    print_summary(Console(), results)
    return Counter(result.passed for result in results)


def main() -> None:
    """Records anew."""
    configure_logging("ERROR")
    CASSETTE.unlink(missing_ok=True)
    Cassette(CASSETTE).describe(NOTE)
    asyncio.run(record(CASSETTE))


if __name__ == "__main__":
    main()
