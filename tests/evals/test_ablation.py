"""A line of the dictionary or of a prompt is left out: the samples that need it are named."""

from pathlib import Path

import pytest
import yaml

from context_store.store import ContextStore
from domain.metric import AggregateFormula, Metric
from evals.ablated_prompt import prompt_rules, prompt_sections
from evals.ablation import Ablator
from evals.begin_run import RunOptions, begin_run
from evals.runner import tasks_of
from evals.sample import Turn
from evals.scorers.judge import Judge
from evals.scorers.score_step import score_step
from evals.solvers.open_solver import SolverChoice
from evals.source import EvalSource
from evals.suite_file import load_suite
from llm_clients.open_client import open_client
from prompts.prompt import parse_prompt
from prompts.registry import FOLDER, PromptRegistry
from settings.settings import Settings
from tests.evals.lost_rule import write_prompts, write_suite
from tests.evals.made import answered
from tests.evals.stand_in_model import stand_in_model


async def test_a_metric_that_is_left_out_loses_its_question(
    shop_settings: Settings, tmp_path: Path
) -> None:
    store = ContextStore(shop_settings.context)
    context = store.current().dictionary
    formula = AggregateFormula(table="orders", expression="SUM(amount)")
    turnover = Metric(name="turnover", formula=formula)
    loyalty = Metric(name="loyalty", formula=formula)
    own = tmp_path / "context"
    dictionary = context.model_copy(update={"metrics": [turnover, loyalty]})
    ContextStore(own).save(dictionary, store.values(context.version))
    samples = [
        {
            "id": "turnover",
            "question": "What was the turnover?",
            "gold": "SELECT sum(amount) FROM orders",
        },
        {
            "id": "orders",
            "question": "How many orders are there?",
            "gold": "SELECT count(*) FROM orders",
        },
    ]
    suite = tmp_path / "suite.yaml"
    suite.write_text(yaml.safe_dump({"name": "s", "source": "shop", "samples": samples}))
    settings = {"shop": shop_settings.model_copy(update={"context": own})}
    ablator = Ablator(tasks_of([load_suite(str(suite))]), settings, SolverChoice("planner"), 2)
    found = {a.line: a.comparison async for a in ablator.dictionary("metrics")}
    assert [pair.key for pair in found["metrics: turnover"].lost] == ["s/turnover"]
    assert not found["metrics: loyalty"].lost


async def test_a_rule_that_is_left_out_of_a_prompt_loses_its_questions(
    shop_settings: Settings, tmp_path: Path
) -> None:
    write_suite(tmp_path / "dates.yaml")
    write_prompts(tmp_path / "prompts")
    (tmp_path / "prompts" / "draft_sql" / "lost_rule.md").unlink()
    tasks = [t for t in tasks_of([load_suite(str(tmp_path / "dates.yaml"))]) if "-0" in t.sample.id]
    with stand_in_model() as url:
        live = {"llm_base_url": url, "prompts": tmp_path / "prompts"}
        settings = {"shop": shop_settings.model_copy(update=live)}
        ablator = Ablator(tasks, settings, SolverChoice("graph", llm="local:stand-in"), 2)
        [found] = [a async for a in ablator.prompt("draft_sql", "half-open")]
        [other] = [a async for a in ablator.prompt("draft_sql", "Integer division")]
    assert {pair.key for pair in found.comparison.lost} == {"dates/january-0", "dates/february-0"}
    assert not other.comparison.lost


def test_rules_of_a_prompt_are_its_bullets() -> None:
    assert dict(prompt_rules("a\n- one\n- two\nb\n")) == {
        "one": "a\n- two\nb\n",
        "two": "a\n- one\nb\n",
    }


async def test_a_judge_judges_the_prose_by_its_prompt(shop: EvalSource, tmp_path: Path) -> None:
    script = tmp_path / "judge.yaml"
    lines = [
        {"when": "There are 1,200 orders", "reply": '{"is_good": true, "reason": ""}'},
        {"reply": '{"is_good": false, "reason": "It answers another question."}'},
    ]
    script.write_text(yaml.safe_dump(lines))
    judge = Judge(open_client(f"scripted:{script}"), PromptRegistry())
    assert judge.name.endswith("judge_answer/v1")
    step = Turn(question="How many orders are there?")
    sql = "SELECT COUNT(*) AS n FROM orders"
    for text, passed in (("There are 1,200 orders.", True), ("It is 1,200 of them.", False)):
        scored = await score_step(step, answered(sql, text), shop, judge)
        [score] = [score for score in scored.scores if score.scorer == "judge"]
        assert score.passed is passed
    scored = await score_step(step, answered(sql, "It is 1,200."), shop)
    assert not [score for score in scored.scores if score.scorer == "judge"]


def test_a_run_says_who_judged_it(suite_file: Path, tmp_path: Path) -> None:
    options = RunOptions([str(suite_file)], judge="local:judge")
    assert begin_run(options, tmp_path / "run", tmp_path).folder.manifest().judge == "local:judge"


@pytest.mark.parametrize("prompt", ["draft_sql", "synthesize_answer", "repair_sql"])
def test_sections_of_a_shipped_prompt_are_left_out_whole(prompt: str) -> None:
    text = (FOLDER / prompt / "v1.md").read_text()
    found = dict(prompt_sections(text))
    assert len(found) >= 3
    for rest in found.values():
        assert parse_prompt(prompt, "v0", rest).name == prompt
        assert "{{ question | lines }}" in rest
        assert len(rest) < len(text)
    if prompt == "draft_sql":
        assert "One SELECT statement" not in found["section: Rules for the SQL"]
        assert "relationships" not in found["section: relationships"]
        assert "{{ metric.name }}" in found["section: relationships"]
        assert {"section: examples", "section: metrics", "section: turns"} <= found.keys()
