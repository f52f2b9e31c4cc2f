"""Rules are data: what they say holds, and a broken file stops the start."""

from pathlib import Path

import pytest

from domain.errors import OperatorError
from domain.policy import Policy
from sql_guard.guard import Guard
from sql_guard.rules import DEFAULT_RULES, GuardRules, load_rules
from tests.sql_guard.shop import catalog, policy


def _edited(tmp_path: Path, old: str, new: str) -> Path:
    text = DEFAULT_RULES.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "rules.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  nesting: 40", "  nesting: many"),
        ("  nesting: 40", "  nested: 40"),
        ("limits:", "limit:"),
        ("plain_nodes: [Add,", "plain_nodes: [Addition,"),
        ("functions:", "functions: ["),
    ],
)
def test_a_broken_file_stops_the_start(old: str, new: str, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"rules\.yaml"):
        load_rules(_edited(tmp_path, old, new))


def test_a_missing_file_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(OperatorError):
        load_rules(tmp_path / "none.yaml")


def _rules(tmp_path: Path, old: str, new: str) -> GuardRules:
    return load_rules(_edited(tmp_path, old, new))


def test_a_function_taken_off_the_list_is_refused(tmp_path: Path) -> None:
    rules = _rules(tmp_path, "approx_distinct, ", "")
    verdict = Guard(catalog(), policy(), rules).check("SELECT approx_distinct(total) FROM orders")
    assert [violation.rule for violation in verdict.violations] == ["function_not_allowed"]


def test_listings_follow_the_switches(tmp_path: Path) -> None:
    sql = "SELECT segment FROM customers"
    only_denied = Policy(denied_columns={"customers": frozenset({"email"})})
    assert not Guard(catalog(), only_denied).check(sql).allowed
    by_key = _rules(
        tmp_path,
        "denied_columns_mean_individuals: true",
        "denied_columns_mean_individuals: false",
    )
    assert Guard(catalog(), only_denied, by_key).check(sql).allowed
    assert not Guard(catalog(), policy(), by_key).check(sql).allowed
    never = _rules(tmp_path, "refuse_for_individuals: true", "refuse_for_individuals: false")
    assert Guard(catalog(), policy(), never).check(sql).allowed


def test_counting_a_denied_column_is_a_setting() -> None:
    sql = "SELECT city, count(DISTINCT email) AS n FROM customers GROUP BY city"
    through_a_chain = (
        "WITH a AS (SELECT * FROM customers), b AS (SELECT city AS c, email AS e FROM a) "
        "SELECT c, count(DISTINCT e) FROM b GROUP BY c"
    )
    counting = Guard(catalog(), policy())
    assert counting.check(sql).allowed
    assert counting.check(through_a_chain).allowed
    strict = Guard(catalog(), policy(allow_count_distinct_of_denied=False))
    for statement in (sql, through_a_chain):
        verdict = strict.check(statement)
        assert [violation.rule for violation in verdict.violations] == ["denied_column"]
        assert "COUNT" not in verdict.violations[0].hint


def test_an_open_policy_lists_and_reads_everything_and_keeps_the_other_rules() -> None:
    guard = Guard(catalog(), Policy())
    assert guard.check("SELECT * FROM customers").allowed
    assert guard.check("SELECT email, address.city FROM customers").allowed
    assert not guard.check("SELECT count(*) FROM customers a, customers b").allowed
    assert not guard.check("DROP TABLE customers").allowed
    assert not guard.check("SELECT count(*) FROM information_schema.tables").allowed


def test_a_denied_column_that_the_catalog_lacks_is_denied_not_unknown() -> None:
    serving = catalog().model_copy(
        update={"tables": tuple(t for t in catalog().tables if t.name != "customers")}
    )
    customers = next(t for t in catalog().tables if t.name == "customers")
    kept = tuple(c for c in customers.columns if c.name != "email")
    serving = serving.model_copy(
        update={"tables": (*serving.tables, customers.model_copy(update={"columns": kept}))}
    )
    for sql in ("SELECT email FROM customers", "SELECT c.email FROM customers c"):
        verdict = Guard(serving, policy()).check(sql)
        assert "denied_column" in {violation.rule for violation in verdict.violations}
