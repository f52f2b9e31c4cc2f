"""A model's lines are taken where they fit the data; people's lines and personal values stay."""

import json
from datetime import date
from pathlib import Path

import pytest
import yaml

from context_store.build_context import BuiltContext
from context_store.lines import Line, LineKey, line, with_lines, written_by
from context_store.model_build import DictionaryModel, write_with_model
from domain.dictionary import Dictionary
from domain.model_call import CallScope, ModelCall
from domain.provenance import LineSource
from llm_clients.open_client import open_client
from prompts.registry import PromptRegistry

DAY = date(2026, 11, 26)
PROSE = "## What the data is\n" + "Orders of a small shop that sells plans and flights. " * 12
ORDERS = {
    "description": "One row for each order that a customer placed.",
    "row_meaning": "order",
    "synonyms": ["purchase"],
    "columns": [
        {"name": "branch", "description": "Country branch.", "codes": {"in": "India", "zz": "No"}},
        {"name": "amount_inr", "description": "Order value.", "unit": "INR", "additive": True},
        {"name": "memo", "description": "What the customer wrote.", "codes": {"a": "b"}},
        {"name": "invented", "description": "Not there."},
    ],
}


def scripted(path: Path, *lines: dict[str, object]) -> tuple[DictionaryModel, list[ModelCall]]:
    path.write_text(yaml.safe_dump(list(lines)), encoding="utf-8")
    calls: list[ModelCall] = []
    client = open_client(f"scripted:{path}")
    return DictionaryModel(client, PromptRegistry(), CallScope(on_call=calls.append)), calls


def orders_only(built: BuiltContext) -> Dictionary:
    return built.dictionary.model_copy(update={"tables": built.dictionary.tables_named(["orders"])})


async def test_lines_of_the_model_are_taken_where_they_fit(
    built: BuiltContext, tmp_path: Path
) -> None:
    model, calls = scripted(
        tmp_path / "script.yaml",
        {"when": "<table>", "reply": f"Here it is:\n```json\n{json.dumps(ORDERS)}\n```"},
        {"when": "<measured>", "reply": PROSE},
    )
    dictionary = await write_with_model(orders_only(built), model, DAY)
    (orders,) = dictionary.tables
    assert orders.description == ORDERS["description"]
    assert orders.provenance("description").source is LineSource.MODEL
    branch = line(dictionary, LineKey("orders", "branch", "value_labels"))
    assert branch.value == {"in": "India"}
    assert (branch.provenance.on, branch.provenance.is_reviewed) == (DAY, False)
    memo = orders.column("memo")
    assert memo is not None
    assert (memo.description, memo.value_labels) == ("What the customer wrote.", {})
    assert dictionary.domain_context.startswith("## What the data is")
    assert [call.prompt for call in calls] == ["data_dictionary", "domain_context"]


async def test_no_personal_value_reaches_a_prompt(built: BuiltContext, tmp_path: Path) -> None:
    model, calls = scripted(
        tmp_path / "script.yaml",
        {"when": "<table>", "reply": "{}", "repeat": True},
        {"when": "<measured>", "reply": PROSE},
    )
    await write_with_model(built.dictionary, model, DAY)
    seen = "\n".join(call.rendered for call in calls)
    assert "email varchar PERSONAL" in seen
    assert "Uttar Pradesh" in seen
    for secret in ("asha", "Asha", "mail.example", "call me"):
        assert secret not in seen


async def test_a_line_of_a_person_is_not_overwritten(built: BuiltContext, tmp_path: Path) -> None:
    key = LineKey("orders", "branch", "description")
    mine = Line(key, "Where the order was taken.", written_by("Asha", DAY))
    whole = Line(LineKey("", "", "domain_context"), "Mine.", written_by("Asha", DAY))
    model, _ = scripted(
        tmp_path / "script.yaml",
        {"when": "<table>", "reply": json.dumps(ORDERS)},
        {"when": "<measured>", "reply": PROSE},
    )
    dictionary = await write_with_model(with_lines(orders_only(built), [mine, whole]), model, DAY)
    assert line(dictionary, key) == mine
    assert dictionary.domain_context == "Mine."


@pytest.mark.parametrize("reply", ["no JSON at all", '{"columns": 7}'])
async def test_a_model_that_fails_leaves_the_measured_lines(
    built: BuiltContext, tmp_path: Path, reply: str
) -> None:
    model, _ = scripted(tmp_path / "script.yaml", {"reply": reply, "repeat": True})
    before = orders_only(built)
    assert await write_with_model(before, model, DAY) == before
