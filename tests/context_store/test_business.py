from pathlib import Path

import pytest

from context_store.business_file import read_business_file
from domain.errors import OperatorError
from domain.provenance import LineSource
from tests.context_store.conftest import Build

GOOD = """
tables:
  orders:
    description: What people bought.
    synonyms: [sales]
    row_meaning: sale
    columns:
      branch:
        value_labels: {in: India, or: Oregon}
      memo: {pii: none}
      amount_inr: {synonyms: [spend], additive: false}
  customers:
    columns:
      state: {pii: address}
metrics:
  - name: average order value
    synonyms: [AOV]
    formula: {kind: aggregate, table: orders, expression: SUM(amount_inr) / COUNT(*)}
business_rules: [Orders of the first week are tests.]
domain_context: Sales of a web shop.
example_questions: [How many sales were there?]
"""


async def test_a_persons_lines_go_first(build: Build, tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(GOOD)
    built = await build(read_business_file(tmp_path / "b.yaml"), True)
    orders, customers = built.dictionary.table("orders"), built.dictionary.table("customers")
    assert orders is not None
    assert customers is not None
    assert (orders.row_meaning, orders.source) == ("sale", LineSource.IMPORT)
    assert orders.synonyms[0] == "sales"
    amount, memo = orders.column("amount_inr"), orders.column("memo")
    assert amount is not None
    assert memo is not None
    assert (amount.additive, amount.unit, amount.source) == (False, "INR", LineSource.IMPORT)
    assert memo.pii is None
    state = customers.column("state")
    assert state is not None
    assert state.top_values == []
    assert "state" not in built.values.get("customers", {})
    assert built.dictionary.metrics[0].source is LineSource.IMPORT
    assert built.dictionary.example_questions == ["How many sales were there?"]
    assert built.dictionary.domain_context.startswith("Sales of a web shop.")
    assert "How tables join" in built.dictionary.domain_context
    assert built.dictionary.business_rules == ["Orders of the first week are tests."]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("tables:\n  order: {}\n", 2, "no table order"),
        ("tables:\n  orders:\n    columns:\n      amuont: {}\n", 4, "no column amuont"),
        ("tables:\n  orders:\n    time_column: nope\n", 3, "no column nope"),
        ("tables:\n  orders:\n    colour: red\n", 3, "Extra inputs"),
        (
            "metrics:\n- name: m\n  formula:\n    kind: aggregate\n    table: orders\n"
            "    expression: SUM(nope)\n",
            6,
            "no column nope",
        ),
        (
            "metrics:\n- name: m\n  formula: {kind: ratio, numerator: m, denominator: x}\n",
            3,
            "no metric x",
        ),
    ],
)
async def test_what_is_not_there_is_named_with_its_line(
    build: Build, tmp_path: Path, text: str, line: int, words: str
) -> None:
    (tmp_path / "b.yaml").write_text(text)
    with pytest.raises(OperatorError) as error:
        await build(read_business_file(tmp_path / "b.yaml"), True)
    assert f"line {line} " in str(error.value)
    assert words in str(error.value)


def test_broken_yaml_is_an_error_for_the_operator(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("tables: [")
    with pytest.raises(OperatorError):
        read_business_file(tmp_path / "b.yaml")
